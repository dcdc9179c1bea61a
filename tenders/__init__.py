"""How does the data get here and out again? This package crawls portals, keeps their answers and has the commands."""
