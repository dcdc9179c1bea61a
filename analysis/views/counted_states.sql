-- Every state of every award, with the month in which it counted by the definition "market" in that state (null: in none), and the
-- amount that sums may contain (summed_yuan).
CREATE OR REPLACE VIEW counted_states AS
SELECT
    * REPLACE (summed_yuan(amount_yuan, disclosed) AS amount_yuan),
    CASE
        WHEN counts(status, awarded_on, is_large_model, relevance, portals, title, project_name) THEN month_of(awarded_on)
    END AS month
FROM award_states;
