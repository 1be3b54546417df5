"""Schema of the measurement log."""
