-- One row for each counted award and each vendor group that won a lot of it, with the price of those lots. The price of a
-- consortium's or shared lot counts in full for each member's group.
CREATE OR REPLACE VIEW counted_vendors AS
SELECT a.award_key, a.month, won.vendor, sum(summed_yuan(won.amount_yuan, a.disclosed)) AS amount_yuan, a.awarded_on
FROM counted_awards AS a
JOIN (SELECT award_key, amount_yuan, unnest(vendors) AS vendor FROM award_lots WHERE counted AND state = 'won') AS won
    USING (award_key)
GROUP BY a.award_key, a.month, a.awarded_on, won.vendor;
