"""The views, one file each, in the order in which they are created."""

VIEWS: tuple[str, ...] = ()
