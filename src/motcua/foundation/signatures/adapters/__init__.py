"""Keys that are kept elsewhere. Each module is imported only when a key of its kind is used."""
