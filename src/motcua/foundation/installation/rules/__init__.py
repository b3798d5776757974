"""Pure rules of the room: colours."""
