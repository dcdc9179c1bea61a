-- What people decided about awards. review numbers the decisions.
SELECT rowid AS review, reviewed_at, award_key, notice_keys, decided, lots, reviewer, note
FROM private.reviews
