"""organization/products."""
