"""Announcements of new awards: messages through Apprise, and an Atom feed."""
