"""Stand-ins for systems that are not ours. See README.md."""
