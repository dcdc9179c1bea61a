-- One row for each version of each notice of the components in hand; the lots and winners are fetched beside it.
-- Instants are microseconds since 1970; "when" falls back on the Shanghai day on which the notice was first seen.
SELECT
    h.component, v.notice_key, c.portal, c.kind, c.title, c.published_on,
    CAST(coalesce(c.published_on, CAST(timezone('Asia/Shanghai', v.first_seen_at) AS DATE)) - DATE '0001-01-01' AS INTEGER) + 1,
    epoch_us(v.first_seen_at), epoch_us(first(v.first_seen_at) OVER (PARTITION BY v.notice_key ORDER BY v.version)),
    c.project_number, c.project_number_key, c.platform_number_key, c.project_name, c.project_name_key, c.buyer, c.buyer_key,
    c.buyer_vendor, c.buyer_kind, c.province,
    coalesce(c.cancels_result, false),
    coalesce(c.kind = 'award' AND regexp_matches(c.title, '更正|变更|修正'), false),
    coalesce(regexp_matches(c.title, '二次|三次|重新(?:招标|采购)|再次(?:招标|采购)|重招'), false),
    coalesce(c.is_large_model, false), coalesce(c.relevance, 0), c.project_type, c.sector, c.subsector,
    v.content_hash, CASE WHEN c.kind IN ('award', 'candidate', 'correction', 'contract', 'failed') THEN CAST(c.evidence AS VARCHAR) END
FROM in_hand AS h
JOIN (SELECT notice_key, version, first_seen_at, content_hash FROM main.notices) AS v USING (notice_key)
JOIN stg_contents AS c USING (content_hash)
ORDER BY h.component, v.notice_key, v.version
