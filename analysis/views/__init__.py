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
    "monthly_by_buyer_kind",
    "year_to_date",
    "monthly_sizes",
    "totals_between",
    "shares_between",
    "largest_awards",
    "vendor_ranking",
    "concentration",
    "awards_as_of",
    "monthly_as_of",
    "crawled_days_as_of",
    "crawled_days",
    "covered_days_as_of",
    "covered_days",
    "like_for_like_of",
    "like_for_like",
    "counted_states",
    "award_changes_of",
    "award_changes",
    "revisions_by_cause",
    "revisions",
    "published_periods",
    "published_contradictions",
)
