"""Portal: the citizens' home page, where search, life events, dossiers and verification meet."""
