"""What can go wrong, in one sentence for whoever runs the command."""


class CannotKeep(RuntimeError):
    """The backup cannot be made, read or restored; the message says why and what to do."""
