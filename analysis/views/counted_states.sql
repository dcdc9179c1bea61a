-- Every state of every award, with the month in which it counted by the definition "market" in that state (null: in none).
CREATE OR REPLACE VIEW counted_states AS
SELECT
    *,
    CASE
        WHEN counts(status, awarded_on, is_large_model, relevance, portals, title, project_name) THEN month_of(awarded_on)
    END AS month
FROM award_states;
