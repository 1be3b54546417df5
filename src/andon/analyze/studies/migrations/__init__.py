"""The schema of the study bench."""
