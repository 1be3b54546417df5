"""analyze/problems."""
