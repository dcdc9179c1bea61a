"""Measurements of speed and memory: ``python -m bench``, ``python -m bench.million``, ``python -m bench.learning``."""
