"""What the command line offers, each command a few lines around ``tenders.jobs.jobs`` or ``analysis``."""
