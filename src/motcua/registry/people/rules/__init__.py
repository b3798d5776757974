"""Numbers and cards of people and organisations: what can be right, by structure alone. Pure."""
