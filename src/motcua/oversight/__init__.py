"""Rooms that look at the work as a whole: what was reached, and where it is late."""
