"""The views and macros of the published database: one SQL file for each idea, read and put in order by ``catalog``."""
