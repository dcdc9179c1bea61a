-- The view "monthly_by_type" for years.
CREATE OR REPLACE VIEW yearly_by_type AS
SELECT * EXCLUDE (starts_on, months) FROM periodic_by_type WHERE months = 12 ORDER BY starts_on, months, awards DESC, project_type;
