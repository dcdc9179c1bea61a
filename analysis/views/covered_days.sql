-- Whether a portal's day is known in whole: covered_days_as_of says how it comes about.
CREATE OR REPLACE VIEW covered_days AS
SELECT * FROM covered_days_as_of(TIMESTAMPTZ 'infinity');
