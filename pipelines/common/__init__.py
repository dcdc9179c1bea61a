"""Small rules that know nothing of notices and that every package may import: one home for each."""
