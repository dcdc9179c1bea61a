-- The notices in the temporary table chosen_notices, copied from a base ({place}) like selected_notices.sql.
INSERT INTO publication.main.notices BY NAME
SELECT * FROM {place}.notices SEMI JOIN chosen_notices USING (notice_key) ORDER BY notice_key, version;

INSERT INTO publication.main.lots BY NAME
SELECT * FROM {place}.lots SEMI JOIN chosen_notices USING (notice_key) ORDER BY notice_key, version, lot_seq;

INSERT INTO publication.main.winners BY NAME
SELECT * FROM {place}.winners SEMI JOIN chosen_notices USING (notice_key) ORDER BY notice_key, version, lot_seq, seq;

INSERT INTO publication.main.review_decisions BY NAME
SELECT * FROM {place}.review_decisions
WHERE list_has_any(notice_keys, (SELECT list(notice_key) FROM chosen_notices))
ORDER BY ALL;
