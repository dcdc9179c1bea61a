"""What the commands, the scheduler and Scrapy share: each job reads or crawls, then loads and publishes.

Jobs are one of the few places that know both the gathering side (``tenders``, ``pipelines``) and ``analysis``.
"""
