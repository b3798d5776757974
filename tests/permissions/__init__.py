"""Who may open which address, by room: test_permissions.py tries every row."""
