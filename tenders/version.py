"""The version of the installed package."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("tenders")
except PackageNotFoundError:  # run from a checkout that is not installed
    VERSION = "0"
