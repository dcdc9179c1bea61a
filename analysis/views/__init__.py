"""The views and macros of the published database, one SQL file each, in the order in which they are created."""

DIMENSIONS = ("type", "sector", "vendor", "province")
PERIODS = ("monthly", "quarterly", "yearly")

VIEWS: tuple[str, ...] = (
    "counted_awards",
    "counted_vendors",
    "counted_periods",
    "periodic",
    *PERIODS,
    *(f"{period}_by_{dimension}" for period in ("periodic", *PERIODS) for dimension in DIMENSIONS),
    "awards_as_of",
    "monthly_as_of",
    "crawled_days_as_of",
    "crawled_days",
    "covered_days_as_of",
    "covered_days",
)
