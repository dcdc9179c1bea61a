"""The charts of a report, drawn once: within the page, and as pictures to paste into documents and slides."""
