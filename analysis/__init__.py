"""What was bought, by whom, for how much, when? This package makes awards of notices, counts them and reports."""
