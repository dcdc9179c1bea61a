"""Page bodies of the portals' systems, one module per family. `registry.py` lists those of CCGP.

Functions are named after the form they draw and return HTML or blocks of text.
"""
