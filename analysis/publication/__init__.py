"""The market as a public data set that a stranger can recompute: docs/open-data.md, format 1.

``selection`` copies what is published from the store into a database of its own, ``tables`` writes that database as
CSV and Parquet and reads it back, ``datapackage`` describes the files, ``differences`` compares two such databases.
"""

# The version of the format that docs/open-data.md describes. Raise it if a reader of the old format would be wrong.
FORMAT = 1
