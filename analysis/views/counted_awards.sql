-- The awards that count by the definition "market": about large models, with a valid result, dated. amount_yuan is what sums may
-- contain (summed_yuan): null for an amount that waits for a review, which awards has.
CREATE OR REPLACE VIEW counted_awards AS
SELECT * REPLACE (summed_yuan(amount_yuan, disclosed) AS amount_yuan), month_of(awarded_on) AS month
FROM awards
WHERE counts(status, awarded_on, is_large_model, relevance, portals, title, project_name);
