-- How much of any span of days the largest vendor groups won: one row each for the top 1, 3, 5 and 10 groups and for all named
-- groups. Shares are of all awards and of all disclosed amounts of the span, those won by companies of no known group included; an
-- award or lot that several of the groups won counts once. The top by awards and the top by amount are chosen each by its own
-- ranking. hhi_… is the Herfindahl-Hirschman index, 0 to 10,000, among the named groups alone (the squares of each group's share, in
-- per cent, of what the groups have together): SELECT * FROM concentration(DATE '2025-01-01', DATE '2025-12-31').
CREATE OR REPLACE MACRO concentration(since, until) AS TABLE
WITH total AS (
    SELECT count(*) AS awards, sum(amount_yuan) AS amount_yuan FROM counted_awards WHERE awarded_on BETWEEN since AND until
), vendors AS (
    SELECT
        vendor,
        count(*) AS awards,
        sum(amount_yuan) AS amount_yuan,
        row_number() OVER (ORDER BY count(*) DESC, sum(amount_yuan) DESC NULLS LAST, vendor) AS by_awards,
        row_number() OVER (ORDER BY sum(amount_yuan) DESC NULLS LAST, count(*) DESC, vendor) AS by_amount
    FROM counted_vendors
    WHERE awarded_on BETWEEN since AND until
    GROUP BY vendor
), lots AS (
    -- Each lot with the best places among its winners.
    SELECT award_key, seq, min(v.by_awards) AS by_awards, min(v.by_amount) AS by_amount, any_value(amount_yuan) AS amount_yuan
    FROM (
        SELECT l.award_key, l.seq, summed_yuan(l.amount_yuan, a.disclosed) AS amount_yuan, unnest(l.vendors) AS vendor
        FROM award_lots AS l
        JOIN counted_awards AS a USING (award_key)
        WHERE l.counted AND l.state = 'won' AND a.awarded_on BETWEEN since AND until
    )
    JOIN (SELECT vendor, by_awards, by_amount FROM vendors) AS v USING (vendor)
    GROUP BY award_key, seq
), tops AS (
    SELECT unnest([
        {'groups': 'top 1', 'upto': 1}, {'groups': 'top 3', 'upto': 3}, {'groups': 'top 5', 'upto': 5},
        {'groups': 'top 10', 'upto': 10}, {'groups': 'all named', 'upto': 1000000000}
    ], max_depth := 2)
), held AS (
    SELECT
        t.groups,
        t.upto,
        count(DISTINCT l.award_key) FILTER (l.by_awards <= t.upto) AS awards,
        sum(l.amount_yuan) FILTER (l.by_amount <= t.upto) AS amount_yuan
    FROM tops AS t
    CROSS JOIN lots AS l
    GROUP BY t.groups, t.upto
), even AS (
    SELECT
        count(*) AS vendors,
        round(sum(pow(100.0 * awards / all_awards, 2))) AS hhi_awards,
        round(sum(pow(100.0 * amount_yuan / all_amounts, 2))) AS hhi_amount
    FROM (SELECT *, sum(awards) OVER () AS all_awards, sum(amount_yuan) OVER () AS all_amounts FROM vendors)
)
SELECT
    w.groups,
    CAST(least(w.upto, e.vendors) AS BIGINT) AS vendors,
    w.awards,
    share_pct(w.awards, total.awards) AS awards_share_pct,
    w.amount_yuan,
    share_pct(w.amount_yuan, total.amount_yuan) AS amount_share_pct,
    CASE WHEN w.groups = 'all named' THEN e.hhi_awards END AS hhi_awards,
    CASE WHEN w.groups = 'all named' THEN e.hhi_amount END AS hhi_amount
FROM held AS w
CROSS JOIN total
CROSS JOIN even AS e
ORDER BY w.upto;
