-- The view "monthly" for years.
CREATE OR REPLACE VIEW yearly AS
SELECT * EXCLUDE (starts_on, months) FROM periodic WHERE months = 12 ORDER BY starts_on, months;
