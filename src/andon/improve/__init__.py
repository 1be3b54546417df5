"""What we change: actions, and the proof that they worked."""
