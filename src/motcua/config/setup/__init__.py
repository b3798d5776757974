"""Setting up a real installation: from a file, or by questions. A second run changes only what differs."""
