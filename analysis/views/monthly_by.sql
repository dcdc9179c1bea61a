{% for part in parts %}
-- Awards and disclosed amounts of each month by {{ part.label }}, with shares of the month's total in per cent. {{ part.note }}
CREATE OR REPLACE VIEW monthly_by_{{ part.name }} AS
SELECT
    a.month,
    a.{{ part.column }},
    count(*) AS awards,
    count(a.amount_yuan) AS disclosed,
    sum(a.amount_yuan) AS amount_yuan,
    yi(sum(a.amount_yuan)) AS amount_yi,
    share_pct(count(*), any_value(total.awards)) AS awards_share_pct,
    share_pct(sum(a.amount_yuan), any_value(total.amount_yuan)) AS amount_share_pct
FROM {{ part.source }} AS a
JOIN monthly AS total USING (month)
GROUP BY a.month, a.{{ part.column }}
ORDER BY a.month, awards DESC, a.{{ part.column }};

{% endfor %}
