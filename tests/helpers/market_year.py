"""A small made-up market of eighteen months, all covered: each quarter with other shares, vendors and amounts."""

from __future__ import annotations

from itertools import count

from tests.helpers.market import Market, lot

_TYPES = ("compute", "application", "model", "data")
_SECTORS = ("government", "education_research", "energy", None)
_VENDORS = ("阿里", "百度", "华为", "科大讯飞", None)


def build() -> Market:
    """Return the months from January 2024 to June 2025 of one portal, each with more awards than the one before."""
    market = Market()
    numbers = count(1)
    for index in range(18):
        year, month = 2024 + index // 12, index % 12 + 1
        for place in range(4 + index // 3):
            number = next(numbers)
            supplier = f"某科技{number}有限公司"
            vendor = _VENDORS[(place + index // 3) % len(_VENDORS)]
            amount = None if number % 7 == 0 else f"{(place + 1) * (index + 5) * 700_000}.00"
            market.notice(
                f"ccgp:{number}",
                "award",
                f"{year}-{month:02}-{place + 1:02}",
                lot(amount, supplier, vendors={supplier: vendor} if vendor else None),
                number=f"ZB-{number:05}",
                name=f"第{number}号大模型平台采购项目",
                buyer=f"某市第{number}局",
                project_type=_TYPES[(place * (1 + index % 2)) % len(_TYPES)],
                sector=_SECTORS[(place + index) % len(_SECTORS)],
                buyer_kind=("public_body", "local_soe")[place % 2],
                province=("广东", "浙江", "北京")[place % 3],
            )
    market.insert("crawls", [{"crawl_id": "all", "portal": "ccgp", "state": "complete", "since": "2024-01-01", "until": "2025-06-30",
                              "started_at": "2025-07-02 08:00+08", "finished_at": "2025-07-02 09:00+08"}])  # fmt: skip
    return market.publish()
