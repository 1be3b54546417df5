"""Schema of the record kernel."""
