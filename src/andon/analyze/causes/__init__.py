"""analyze/causes."""
