"""Replica of the portals with known truth, written from real pages alone (see README.md)."""
