"""What people did during the demo year, through the same services as in life."""

from datetime import date


def act(on: date) -> None:
    """Do what people did on the morning of a day."""
