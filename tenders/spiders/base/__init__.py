"""Base classes, from general to special: portal, notice, list, JSON list and HTML list spider."""
