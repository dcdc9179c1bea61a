"""A replica of the CCGP portal with known truth, written from the real pages alone (see README.md)."""
