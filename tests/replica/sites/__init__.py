"""The portals of the replica, one module each: `make(made, scenario) -> Site` (see `protocol.py`)."""
