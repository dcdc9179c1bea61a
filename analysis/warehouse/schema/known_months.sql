-- The months that growth may compare in the views.
DELETE FROM main.known_months;

INSERT INTO main.known_months
SELECT comparable_months(complete_months, unknown_months, (SELECT list(DISTINCT month) FROM counted_awards))
FROM known_months_as_of(TIMESTAMPTZ 'infinity');
