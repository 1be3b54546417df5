"""identify/measurements."""
