"""organization/processes."""
