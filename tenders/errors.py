"""The error that every part of the command line may raise."""


class CommandError(Exception):
    """Wrong usage or unreadable input, and nothing was changed: one line that says what to do (exit code 2)."""
