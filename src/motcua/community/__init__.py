"""Rooms for people and what they tell the agencies."""
