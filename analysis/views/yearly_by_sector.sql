-- The view "monthly_by_sector" for years.
CREATE OR REPLACE VIEW yearly_by_sector AS
SELECT * EXCLUDE (starts_on, months) FROM periodic_by_sector WHERE months = 12 ORDER BY starts_on, months, awards DESC, sector;
