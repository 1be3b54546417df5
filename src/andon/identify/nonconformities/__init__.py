"""identify/nonconformities."""
