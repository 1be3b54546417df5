"""Why, and how much: what is computed or argued from facts."""
