"""Vocabulary as data: the words that notices are read and classified with, and the names of all codes."""
