-- The vendor groups of any span of days, ranked by the number of awards and by disclosed amount (equal ones share a place), with
-- shares in per cent of all awards and of all disclosed amounts of the span, those won by companies of no known group included:
-- SELECT * FROM vendor_ranking(DATE '2025-04-01', DATE '2025-06-30').
CREATE OR REPLACE MACRO vendor_ranking(since, until) AS TABLE
WITH total AS (
    SELECT count(*) AS awards, sum(amount_yuan) AS amount_yuan FROM counted_awards WHERE awarded_on BETWEEN since AND until
)
SELECT
    rank() OVER (ORDER BY count(*) DESC) AS place_by_awards,
    rank() OVER (ORDER BY sum(v.amount_yuan) DESC NULLS LAST) AS place_by_amount,
    v.vendor,
    count(*) AS awards,
    count(v.amount_yuan) AS disclosed,
    sum(v.amount_yuan) AS amount_yuan,
    yi(sum(v.amount_yuan)) AS amount_yi,
    share_pct(count(*), any_value(total.awards)) AS awards_share_pct,
    share_pct(sum(v.amount_yuan), any_value(total.amount_yuan)) AS amount_share_pct
FROM counted_vendors AS v
CROSS JOIN total
WHERE v.awarded_on BETWEEN since AND until
GROUP BY v.vendor
ORDER BY place_by_awards, place_by_amount, v.vendor;
