"""Gathering: how portals are asked, what they answered is kept, and pages become notices; the command line is here too."""
