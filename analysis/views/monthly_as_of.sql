-- The view "monthly" as it was known at an instant, growth and coverage included: both months are of one vintage.
CREATE OR REPLACE MACRO monthly_as_of(ts) AS TABLE
WITH counted_awards AS (
    SELECT disclosed, flags, summed_yuan(amount_yuan, disclosed) AS amount_yuan, month_of(awarded_on) AS month
    FROM awards_as_of(ts)
    WHERE counts(status, awarded_on, is_large_model, relevance, portals, title, project_name)
), known_months AS (
    SELECT comparable_months(complete_months, unknown_months, (SELECT list(DISTINCT month) FROM counted_awards)) AS months
    FROM known_months_as_of(ts)
)
SELECT * FROM ({{ body("monthly") }}) ORDER BY month;

-- The view "monthly" by a definition, shipped or the user's own: SELECT * FROM monthly_of('keyword').
CREATE OR REPLACE MACRO monthly_of(definition) AS TABLE
WITH counted_awards AS (
    SELECT disclosed, flags, summed_yuan(amount_yuan, disclosed) AS amount_yuan, month_of(awarded_on) AS month
    FROM awards
    WHERE
        counts_by(
            definition, status, awarded_on, is_large_model, relevance, portals, title, project_name, amount_yuan, disclosed,
            project_type, sector, province, buyer_kind, own_group
        )
), known_months AS (
    SELECT comparable_months(complete_months, unknown_months, (SELECT list(DISTINCT month) FROM counted_awards)) AS months
    FROM known_months_as_of(
        TIMESTAMPTZ 'infinity', search_words := search_words_of(definition), of_portals := portals_of(definition)
    )
)
SELECT * FROM ({{ body("monthly") }}) ORDER BY month;
