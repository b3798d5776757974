"""What can go wrong, in words for whoever runs the command."""


class CannotStartPostgres(RuntimeError):
    """The embedded server cannot be made or started; the message says why and what to do."""
