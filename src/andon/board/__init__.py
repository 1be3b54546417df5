"""The board: what needs me now, and what runs the installation."""
