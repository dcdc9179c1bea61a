"""The only place that reads the tables of ``pipelines``; everything else reads awards and views."""
