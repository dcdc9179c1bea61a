{% for part in parts if part.over_periods %}
-- The view "monthly_by_{{ part.name }}" for quarters, halves and years (months: 3, 6, 12).
CREATE OR REPLACE VIEW periodic_by_{{ part.name }} AS
SELECT
    p.period,
    p.starts_on,
    p.months,
    a.{{ part.column }},
    count(*) AS awards,
    count(a.amount_yuan) AS disclosed,
    sum(a.amount_yuan) AS amount_yuan,
    yi(sum(a.amount_yuan)) AS amount_yi,
    share_pct(count(*), any_value(total.awards)) AS awards_share_pct,
    share_pct(sum(a.amount_yuan), any_value(total.amount_yuan)) AS amount_share_pct
FROM {{ part.source }} AS a
JOIN counted_periods AS p USING (month)
JOIN periodic AS total USING (period)
GROUP BY p.period, p.starts_on, p.months, a.{{ part.column }}
ORDER BY p.starts_on, p.months, awards DESC, a.{{ part.column }};

{% endfor %}
