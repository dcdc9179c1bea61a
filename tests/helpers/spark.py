"""Spark for tests: whether it is here."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import pytest

MISSING = (
    "pyspark is not installed: pip install -r requirements-spark.lock"
    if find_spec("pyspark") is None
    else "there is no Java: install a JDK, 17 or newer"
    if shutil.which("java") is None
    else ""
)
needs_spark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
