-- What analysis keeps in the store between two builds. These tables are its own: storage neither reads nor writes them, and the
-- published database does not have them.
CREATE SCHEMA IF NOT EXISTS working;

-- What each notice can be joined by (analysis/awards/blocks.sql), as hashes. notice is the hash of notice_key, which is found faster.
CREATE TABLE IF NOT EXISTS working.award_blocks (block UBIGINT, notice_key VARCHAR, notice UBIGINT);

-- One row: the digest of the rules that the public tables were built by.
CREATE TABLE IF NOT EXISTS working.built_by (fingerprint VARCHAR);
