-- The awards that count by the definition "market": about large models, with a result that stands, dated.
CREATE OR REPLACE VIEW counted_awards AS
SELECT *, CAST(date_trunc('month', awarded_on) AS DATE) AS month
FROM awards
WHERE is_large_model AND status = 'awarded' AND awarded_on IS NOT NULL;
