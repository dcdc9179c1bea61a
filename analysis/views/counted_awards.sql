-- The awards that count by the definition "market": about large models, with a valid result, dated.
CREATE OR REPLACE VIEW counted_awards AS
SELECT *, month_of(awarded_on) AS month
FROM awards
WHERE counts(status, awarded_on, is_large_model, relevance, portals, title, project_name);
