"""improve/actions."""
