-- The view "monthly_by_province" for years.
CREATE OR REPLACE VIEW yearly_by_province AS
SELECT * EXCLUDE (starts_on, months) FROM periodic_by_province WHERE months = 12 ORDER BY starts_on, months, awards DESC, province;
