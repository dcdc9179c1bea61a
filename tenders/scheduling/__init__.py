"""Scheduled crawls: what is due at each portal, and the scheduler that crawls it."""
