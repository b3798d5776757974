"""Processes are killed at random points under load; afterwards every act is there once."""
