-- The private store: what every notice said, in every version, and when each was seen. The loader writes these tables
-- (merge.sql); "tenders review" writes private.reviews. Analysis reads them. What analysis itself keeps in the store
-- between two builds is declared in analysis/warehouse/schema/working.sql. No primary keys: the loader makes rows
-- unique before it inserts them, and an index would slow each bulk load.
CREATE SCHEMA IF NOT EXISTS private;

-- One row: the version of the schema that the folder was written with (pipelines.storage.version.VERSION).
CREATE TABLE IF NOT EXISTS private.format (version INTEGER NOT NULL);

-- Every distinct sighting of a notice. Its versions are the runs of equal hashes in the order of seen_at.
CREATE TABLE IF NOT EXISTS private.observations (
    notice_key   VARCHAR NOT NULL,
    seen_at      TIMESTAMPTZ NOT NULL,
    content_hash VARCHAR NOT NULL
);

-- One row for each content_hash: what the notice says by itself. If several pages have the same content, the first
-- one seen is kept (by first_seen_at, then page_key and seq), so the order of loading decides nothing.
CREATE TABLE IF NOT EXISTS private.contents (
    content_hash        VARCHAR NOT NULL,
    notice_key          VARCHAR NOT NULL,
    portal              VARCHAR NOT NULL,
    notice_id           VARCHAR,
    url                 VARCHAR NOT NULL,
    kind                VARCHAR NOT NULL,
    title               VARCHAR,
    published_on        DATE,
    project_number      VARCHAR,
    project_name        VARCHAR,
    buyer               VARCHAR,
    agency              VARCHAR,
    province            VARCHAR,
    body                VARCHAR,
    cancels_result      BOOLEAN,
    is_large_model      BOOLEAN,
    relevance           DOUBLE,
    project_type        VARCHAR,
    project_type_second VARCHAR,
    sector              VARCHAR,
    subsector           VARCHAR,
    evidence            JSON,
    project_number_key  VARCHAR,
    project_name_key    VARCHAR,
    buyer_key           VARCHAR,
    region              VARCHAR,  -- this and the next two: what classes are read from, kept for classifying again
    buyer_address       VARCHAR,
    category            VARCHAR,
    first_seen_at       TIMESTAMPTZ NOT NULL,
    page_key            VARCHAR NOT NULL,
    seq                 INTEGER NOT NULL
);

-- The number that the portal gives the project, if its notice has another one; younger than the table.
ALTER TABLE private.contents ADD COLUMN IF NOT EXISTS platform_number_key VARCHAR;
-- Digest of the words that it was classified with (pipelines.classify.lexicon.Lexicon.digest); younger than the table.
ALTER TABLE private.contents ADD COLUMN IF NOT EXISTS lexicon VARCHAR;
-- What the notice states about the price of all lots together (pipelines.model.PriceStatement).
ALTER TABLE private.contents ADD COLUMN IF NOT EXISTS price_statements
    STRUCT(source VARCHAR, amount_yuan DECIMAL(18, 2), words VARCHAR)[];
-- The buyer's vendor group; younger than the table, so it is empty until notices are classified again.
ALTER TABLE private.contents ADD COLUMN IF NOT EXISTS buyer_vendor VARCHAR;
ALTER TABLE private.contents ADD COLUMN IF NOT EXISTS buyer_kind VARCHAR;

CREATE TABLE IF NOT EXISTS private.content_lots (
    content_hash   VARCHAR NOT NULL,
    lot_seq        INTEGER NOT NULL,  -- reading order from 1
    lot_no         INTEGER,
    lot_name       VARCHAR,
    lot_key        VARCHAR,
    amount_yuan    DECIMAL(18, 2),
    amount_kind    VARCHAR,
    amount_text    VARCHAR,
    tax_included   BOOLEAN,
    is_large_model BOOLEAN,
    failed         BOOLEAN,
    numbered       BOOLEAN,
    subject        VARCHAR
);
-- What else the notice states about the price of this lot.
ALTER TABLE private.content_lots ADD COLUMN IF NOT EXISTS price_statements
    STRUCT(source VARCHAR, amount_yuan DECIMAL(18, 2), words VARCHAR)[];

CREATE TABLE IF NOT EXISTS private.content_winners (
    content_hash VARCHAR NOT NULL,
    lot_seq      INTEGER NOT NULL,
    lot_no       INTEGER,
    seq          INTEGER NOT NULL,  -- reading order from 1, within the lot
    position     INTEGER,
    supplier     VARCHAR NOT NULL,
    supplier_key VARCHAR,
    vendor       VARCHAR,
    role         VARCHAR,
    share_pct    DECIMAL(9, 4),
    amount_yuan  DECIMAL(18, 2)
);

CREATE TABLE IF NOT EXISTS private.crawls (
    crawl_id    VARCHAR NOT NULL,
    portal      VARCHAR NOT NULL,
    since       DATE,
    until       DATE,
    started_at  TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    state       VARCHAR,
    listed      INTEGER,
    stored      INTEGER,
    reason      VARCHAR
);
-- The kind of problem that ended the crawl (tenders.crawling.outcome.Failure); younger than the table.
ALTER TABLE private.crawls ADD COLUMN IF NOT EXISTS failure VARCHAR;

-- What a crawl found for one channel and day. keywords is '' for a crawl that asked for every notice. said is the
-- number of notices that the portal reports.
CREATE TABLE IF NOT EXISTS private.crawl_windows (
    crawl_id    VARCHAR NOT NULL,
    channel     VARCHAR NOT NULL,
    keywords    VARCHAR NOT NULL,
    day         DATE NOT NULL,
    said        INTEGER,
    listed      INTEGER,
    stored      INTEGER,
    failed      INTEGER,
    quarantined INTEGER,
    state       VARCHAR
);

-- What could not be read, by its place: a line of a file, or line 0 for an address or a complete file.
CREATE TABLE IF NOT EXISTS private.quarantine (
    source  VARCHAR NOT NULL,
    line    BIGINT NOT NULL,
    reason  VARCHAR NOT NULL,
    portal  VARCHAR,
    url     VARCHAR,
    seen_at TIMESTAMPTZ
);

-- Pages that are archived and loaded. Reading the same file again skips them.
CREATE TABLE IF NOT EXISTS private.pages (
    page_key VARCHAR NOT NULL,
    portal   VARCHAR NOT NULL,
    url      VARCHAR NOT NULL
);

-- What people decided about awards: the lines of DIR/labels/reviewed.jsonl (pipelines.storage.reviews). notice_keys
-- are the notices that the award had then, decided has the decided fields, lots has the lots as the person saw them.
CREATE TABLE IF NOT EXISTS private.reviews (
    reviewed_at TIMESTAMPTZ NOT NULL,
    award_key   VARCHAR NOT NULL,
    notice_keys VARCHAR[] NOT NULL,
    decided     JSON NOT NULL,
    lots        JSON NOT NULL,
    reviewer    VARCHAR,
    note        VARCHAR
);

-- Notices that are loaded but not yet resolved into awards. Emptied in the transaction that resolves them.
CREATE TABLE IF NOT EXISTS private.pending (notice_key VARCHAR NOT NULL);

-- One row: the number of loads that brought something new, and the load that the public tables were last built from
-- (null: never). So it is known whether building and publishing are due, whatever was interrupted.
CREATE TABLE IF NOT EXISTS private.loads (merged BIGINT NOT NULL, built BIGINT);
INSERT INTO private.loads BY NAME SELECT 0 AS merged WHERE NOT EXISTS (FROM private.loads);
-- The load that was published last. null: not known what changed since, so everything is published again.
ALTER TABLE private.loads ADD COLUMN IF NOT EXISTS published BIGINT;

-- Keys of the notices and awards whose public rows changed since that load.
CREATE TABLE IF NOT EXISTS private.unpublished (key VARCHAR NOT NULL);
