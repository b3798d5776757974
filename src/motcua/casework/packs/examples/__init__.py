"""Worked examples of a pack played through by the services that pages and API call, on the real database."""
