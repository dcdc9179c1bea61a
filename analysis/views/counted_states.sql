-- Every state of every award, with the month in which it counted by the definition "market" while it held (null: in none).
CREATE OR REPLACE VIEW counted_states AS
SELECT
    *,
    CASE WHEN is_large_model AND status = 'awarded' THEN CAST(date_trunc('month', awarded_on) AS DATE) END AS month
FROM award_states;
