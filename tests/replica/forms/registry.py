"""Maps the name of a form to the function that draws it."""

from __future__ import annotations

from collections.abc import Callable

from tests.replica.forms import lines, national, packages, provinces, zcy
from tests.replica.forms.common import Draw

AWARDS: dict[str, Callable[[Draw], str]] = {
    "national": national.award,
    "zcy": zcy.plain,
    "zcy_zhejiang": zcy.zhejiang,
    "zcy_qinghai": zcy.qinghai,
    "zcy_yunnan": zcy.yunnan,
    "guizhou": zcy.guizhou,
    "shanghai": zcy.shanghai,
    "packages": packages.award,
    "shenzhen": packages.shenzhen,
    "hebei": provinces.hebei,
    "beijing": provinces.beijing,
    "henan": provinces.henan,
    "shandong": provinces.shandong,
    "jiangsu": provinces.jiangsu,
    "gansu": provinces.gansu,
    "hubei": lines.hubei,
    "jiangxi": lines.jiangxi,
    "chongqing": lines.chongqing,
    "hainan": lines.hainan,
    "capitals": lines.capitals,
    "central_batch": lines.central_batch,
}
FAILURES: dict[str, Callable[[Draw], str]] = {
    "packages": packages.failed,
    "chongqing": lines.chongqing_failed,
    "zcy": zcy.failed,
    "zcy_zhejiang": zcy.failed,
    "zcy_yunnan": zcy.failed,
}


def award(draw: Draw) -> str:
    """Draw a result in the notice's form."""
    return AWARDS[draw.event.form](draw)


def failed(draw: Draw) -> str:
    """Draw a failed procurement in the notice's form."""
    return FAILURES.get(draw.event.form, national.failed)(draw)
