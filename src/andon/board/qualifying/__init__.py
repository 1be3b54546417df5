"""Qualification: the checks of this very installation, ranked by risk, with a signed report."""
