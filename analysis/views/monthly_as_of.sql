-- The view "monthly" as it was known at an instant, growth included: both months are of one vintage.
CREATE OR REPLACE MACRO monthly_as_of(ts) AS TABLE
WITH counted_awards AS (
    SELECT disclosed, flags, summed_yuan(amount_yuan, disclosed) AS amount_yuan, month_of(awarded_on) AS month
    FROM awards_as_of(ts)
    WHERE counts(status, awarded_on, is_large_model, relevance, portals, title, project_name)
)
SELECT * FROM ({{ body("monthly") }}) ORDER BY month;
