"""analyze/monitoring."""
