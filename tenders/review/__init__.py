"""People's decisions about awards (docs/review.md): a form to fill in goes out, filled-in forms come in.

``form`` writes the form, ``import_form`` reads it back; the decisions are kept in ``tenders.files.review_journal``.
"""
