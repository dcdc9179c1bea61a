-- Awards and amounts of any span of days by 'type', 'sector' or 'province', with shares of the span's total in per cent:
-- SELECT * FROM shares_between('sector', DATE '2025-01-01', DATE '2025-07-31').
CREATE OR REPLACE MACRO shares_between(dimension, since, until) AS TABLE
SELECT
    CASE dimension WHEN 'type' THEN project_type WHEN 'sector' THEN sector WHEN 'province' THEN province
        ELSE error('shares_between knows type, sector and province, not ' || dimension) END AS item,
    count(*) AS awards,
    count(amount_yuan) AS disclosed,
    sum(amount_yuan) AS amount_yuan,
    yi(sum(amount_yuan)) AS amount_yi,
    share_pct(count(*), sum(count(*)) OVER ()) AS awards_share_pct,
    share_pct(sum(amount_yuan), sum(sum(amount_yuan)) OVER ()) AS amount_share_pct
FROM counted_awards
WHERE awarded_on BETWEEN since AND until
GROUP BY item
ORDER BY awards DESC, item;
