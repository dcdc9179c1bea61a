"""The spiders that Scrapy finds: one for every descriptor with ``crawl = true``, of the family that it names.

So a portal of a known family needs a descriptor and no code. A new family needs one module here and one line in
FAMILY_SPIDERS.
"""

from __future__ import annotations

from collections.abc import Callable

from tenders import portals
from tenders.crawling.portal_check import CheckRecord, PortalCheck
from tenders.spiders.base.check_spider import PortalCheckSpider
from tenders.spiders.base.html_list_spider import HtmlListSpider
from tenders.spiders.base.list_spider import ListSpider
from tenders.spiders.ccgp import CcgpSpider
from tenders.spiders.ccgp_shandong import CcgpShandongSpider
from tenders.spiders.chinatelecom import ChinaTelecomSpider
from tenders.spiders.chinaunicom import ChinaUnicomSpider
from tenders.spiders.cmcc import CmccSpider
from tenders.spiders.epoint import EpointSpider
from tenders.spiders.epoint_search import EpointSearchSpider
from tenders.spiders.ggzy import GgzySpider
from tenders.spiders.gpcms import GpcmsSpider
from tenders.spiders.json_list import JsonTemplateSpider
from tenders.spiders.sfw_cms import SfwCmsSpider
from tenders.spiders.sgcc import SgccSpider
from tenders.spiders.szggzy import SzggzySpider
from tenders.spiders.zcy import ZcySpider

FAMILY_SPIDERS: dict[str, type[ListSpider]] = {
    "ccgp": CcgpSpider,
    "ccgp_shandong": CcgpShandongSpider,
    "chinatelecom": ChinaTelecomSpider,
    "chinaunicom": ChinaUnicomSpider,
    "cmcc": CmccSpider,
    "epoint": EpointSpider,
    "epoint_search": EpointSearchSpider,
    "ggzy": GgzySpider,
    "gpcms": GpcmsSpider,
    "html_list": HtmlListSpider,
    "sfw_cms": SfwCmsSpider,
    "json_list": JsonTemplateSpider,
    "sgcc": SgccSpider,
    "szggzy": SzggzySpider,
    "zcy": ZcySpider,
}


def spider_for(portal: portals.Portal) -> type[ListSpider]:
    """Return a spider class for a portal, named after it. Raises ValueError if its family has no spider."""
    family = FAMILY_SPIDERS.get(portal.spider or portal.family)
    if family is None:
        raise ValueError(
            f"{portal.name}: no spider of family {portal.family!r}; known: {', '.join(sorted(FAMILY_SPIDERS))}"
        )
    class_name = f"{portal.name.title().replace('_', '')}PortalSpider"
    return type(class_name, (family,), {"name": portal.name, "__module__": __name__, "__doc__": portal.title})


SPIDERS: dict[str, type[ListSpider]] = {portal.name: spider_for(portal) for portal in portals.all() if portal.crawl}
# Scrapy looks for spiders among the names of a module.
globals().update({spider.__name__: spider for spider in SPIDERS.values()})


def check_spider(name: str, report: Callable[[PortalCheck], None], record: CheckRecord) -> type[PortalCheckSpider]:
    """Return the spider class that checks a portal, gives the result to ``report`` and keeps answers in ``record``."""
    bases = (PortalCheckSpider, SPIDERS[name])
    members = {"name": name, "__module__": __name__, "report": staticmethod(report), "record": record}
    return type("CheckSpider", bases, members)
