"""Config: settings, root URLs and the `motcua` command. Knows every room."""
