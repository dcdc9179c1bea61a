-- Which vendor groups passed which in a period of months, by the number of awards or by disclosed amount (measure): behind in the
-- period of before ('yoy' or 'prev', compared_periods), ahead now. Null values count as 0; a period that growth may not compare has no
-- rows. SELECT * FROM passed_vendors(DATE '2025-04-01', DATE '2025-06-01') is who passed whom in the second quarter.
CREATE OR REPLACE MACRO passed_vendors(from_month, to_month) AS TABLE
WITH sums AS (
    SELECT p.compared, v.vendor, count(*) AS awards, coalesce(sum(v.amount_yuan), 0) AS amount_yuan
    FROM counted_vendors AS v
    JOIN compared_periods(from_month, to_month) AS p ON v.month BETWEEN p.first_month AND p.last_month
    WHERE p.is_known
    GROUP BY p.compared, v.vendor
), places AS (
    SELECT s.compared, s.vendor, m.measure, CASE m.measure WHEN 'awards' THEN s.awards ELSE s.amount_yuan END AS value
    FROM sums AS s
    CROSS JOIN (SELECT unnest(['awards', 'amount']) AS measure) AS m
), ranked AS (
    SELECT *, rank() OVER (PARTITION BY compared, measure ORDER BY value DESC) AS place FROM places
)
SELECT
    base.compared AS before,
    now.measure,
    now.vendor,
    passed_base.vendor AS passed_vendor,
    now.place,
    passed_base.place AS passed_place_before
FROM ranked AS now
JOIN ranked AS base ON base.measure = now.measure AND base.vendor = now.vendor AND base.compared <> 'now'
JOIN ranked AS passed_base
    ON passed_base.measure = now.measure AND passed_base.compared = base.compared AND passed_base.value > base.value
LEFT JOIN ranked AS passed
    ON passed.measure = now.measure AND passed.compared = 'now' AND passed.vendor = passed_base.vendor
WHERE now.compared = 'now' AND now.value > coalesce(passed.value, 0)
ORDER BY before, measure DESC, now.place, passed_place_before, now.vendor, passed_vendor;
