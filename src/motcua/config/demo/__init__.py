"""The demonstration: sets up, starts every process, plays the story over HTTP, serves."""
