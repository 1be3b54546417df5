"""SQLite with the functions that the trail's triggers call."""
