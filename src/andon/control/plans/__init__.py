"""control/plans."""
