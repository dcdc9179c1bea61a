"""The spiders that Scrapy finds: one for every descriptor that says ``crawl``, of the family it names.

A portal on a known family therefore needs a descriptor and no code.
"""

from __future__ import annotations

from tenders import portals
from tenders.spiders.base.html_list_spider import HtmlList
from tenders.spiders.base.list_spider import ListSpider
from tenders.spiders.ccgp import Ccgp
from tenders.spiders.ccgp_shandong import CcgpShandong
from tenders.spiders.chinatelecom import ChinaTelecom
from tenders.spiders.chinaunicom import ChinaUnicom
from tenders.spiders.cmcc import Cmcc
from tenders.spiders.epoint import Epoint
from tenders.spiders.ggzy import Ggzy
from tenders.spiders.gpcms import Gpcms
from tenders.spiders.sgcc import Sgcc
from tenders.spiders.szggzy import Szggzy
from tenders.spiders.zcy import Zcy

FAMILIES: dict[str, type[ListSpider]] = {
    "ccgp": Ccgp,
    "ccgp_shandong": CcgpShandong,
    "chinatelecom": ChinaTelecom,
    "chinaunicom": ChinaUnicom,
    "cmcc": Cmcc,
    "epoint": Epoint,
    "ggzy": Ggzy,
    "gpcms": Gpcms,
    "html_list": HtmlList,
    "sgcc": Sgcc,
    "szggzy": Szggzy,
    "zcy": Zcy,
}


def _spider(portal: portals.Portal) -> type[ListSpider]:
    family = FAMILIES.get(portal.family)
    if family is None:
        raise ValueError(f"{portal.name}: no spider of family {portal.family!r}; known: {', '.join(sorted(FAMILIES))}")
    about = {"name": portal.name, "__module__": __name__, "__doc__": portal.title}
    return type(f"{portal.name.title().replace('_', '')}Spider", (family,), about)


SPIDERS: dict[str, type[ListSpider]] = {portal.name: _spider(portal) for portal in portals.all() if portal.crawl}
globals().update({spider.__name__: spider for spider in SPIDERS.values()})
