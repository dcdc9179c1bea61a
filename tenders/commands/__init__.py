"""The commands, one file each, named as the command is typed.

A command parses its options, calls a job or a report, and writes the result. Everything that takes long to import is
imported inside the function, so that ``tenders --help`` answers at once.
"""
