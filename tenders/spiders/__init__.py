"""The spiders: ``base`` holds what all share, ``registry`` what Scrapy finds, each other module one family."""
