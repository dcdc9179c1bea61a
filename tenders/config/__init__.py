"""The settings file `tenders.toml`: its models, its reference page, cron lines and origins."""
