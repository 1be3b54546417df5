"""analyze/drivers."""
