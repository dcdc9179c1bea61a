"""Whether the work goes well: health of portals, alarms, and what needs a person."""
