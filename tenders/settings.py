"""Scrapy settings: how the crawler behaves towards the portals. Each value that protects a portal says so."""

from __future__ import annotations

import os

from tenders.version import VERSION

CONTACT = os.environ.get("TENDERS_CONTACT", "")


def user_agent(contact: str) -> str:
    """Return the crawler's name for itself.

    It begins with Mozilla because some portals refuse any other agent. What follows says honestly who asks.
    """
    return f"Mozilla/5.0 (compatible; tenders/{VERSION}; +{contact or 'contact-unset'})"


BOT_NAME = "tenders"
SPIDER_MODULES = ["tenders.spiders"]
NEWSPIDER_MODULE = "tenders.spiders"

USER_AGENT = user_agent(CONTACT)
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}

# Manners. For a loopback origin (a test, a mirror) the spider turns off delay, autothrottle and robots.txt, unless
# TENDERS_MANNERS=1.
TENDERS_MANNERS = os.environ.get("TENDERS_MANNERS", "") == "1"
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
CONCURRENT_REQUESTS = 1  # each crawler reads one portal; after a block no request may be waiting
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # jitter would also shorten the delay
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 3
METAREFRESH_ENABLED = False

# 429 is missing on purpose: it is a request to stop, and is treated as a block.
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]
RETRY_TIMES = 4
RETRY_GIVE_UP_LOG_LEVEL = "WARNING"  # the crawl's own report names the page
RETRY_BACKOFF_SECONDS = 5.0  # doubled at each further attempt

# Both would open a local port, and the first runs code for whoever connects.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# A portal's link must never lead to a file of this machine.
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}

DOWNLOADER_MIDDLEWARES = {
    "tenders.middlewares.ArchiveMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "tenders.middlewares.CarefulRobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "tenders.middlewares.BoundedCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "tenders.middlewares.SameHostRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "tenders.middlewares.PatientRetryMiddleware": 550,
    "tenders.middlewares.RequestLimitMiddleware": 950,
}
EXTENSIONS = {"tenders.extensions.LoadAtEnd": 500}
ITEM_PIPELINES = {"tenders.pipelines.StorePipeline": 300}

# Most requests of a crawl; 0 means no limit. `tenders check` sends few.
TENDERS_MOST_REQUESTS = 0

LOG_LEVEL = "INFO"
STATS_DUMP = False

# The data folder, and whether the end of a crawl loads and publishes it. The tenders command loads by itself.
TENDERS_DATA = os.environ.get("TENDERS_DATA", "data")
TENDERS_LOAD = True
