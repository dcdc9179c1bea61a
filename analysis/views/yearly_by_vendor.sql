-- The view "monthly_by_vendor" for years.
CREATE OR REPLACE VIEW yearly_by_vendor AS
SELECT * EXCLUDE (starts_on, months) FROM periodic_by_vendor WHERE months = 12 ORDER BY starts_on, months, awards DESC, vendor;
