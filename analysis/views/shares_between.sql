-- Awards and amounts of any span of days by 'type', 'sector' or 'province', with shares of the span's total in per cent:
-- SELECT * FROM shares_between('sector', DATE '2025-01-01', DATE '2025-07-31').
CREATE OR REPLACE MACRO shares_between(dimension, since, until) AS TABLE
SELECT
    CASE dimension WHEN 'type' THEN project_type WHEN 'sector' THEN sector WHEN 'province' THEN province
        ELSE error('shares_between knows type, sector and province, not ' || dimension) END AS item,
    count(*) AS awards,
    count(amount_yuan) AS disclosed,
    sum(amount_yuan) AS amount_yuan,
    CAST(round(sum(amount_yuan), -6) / 1e8 AS DOUBLE) AS amount_yi,
    round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS awards_share_pct,
    round(100.0 * sum(amount_yuan) / sum(sum(amount_yuan)) OVER (), 1) AS amount_share_pct
FROM counted_awards
WHERE awarded_on BETWEEN since AND until
GROUP BY item
ORDER BY awards DESC, item;
