"""Versions of procedures at the desk: drafted by one, reviewed by another, published for a day, taken back."""
