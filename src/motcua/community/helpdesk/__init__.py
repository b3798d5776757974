"""Requests to be called back: who asks, which desk calls, by when, and what came of it."""
