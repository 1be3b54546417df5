"""organization/partners."""
