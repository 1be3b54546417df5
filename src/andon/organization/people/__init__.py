"""organization/people."""
