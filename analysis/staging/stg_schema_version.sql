-- The version of the schema that the folder was written by.
SELECT version
FROM private.format
