"""全国公共资源交易平台: a form-encoded list with a capped total, and two pages per notice.

The outer page (a) lists all stages of the project. The inner page (b) holds the body.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from tests.replica.addresses import PROVINCES
from tests.replica.forms import ggzy
from tests.replica.forms.common import esc
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Scenario
from tests.replica.sites.shelf import Shelf, parse_day, stable_token

LIST = "/information/pubTradingInfo/getTradList"
PER_PAGE = 20
_DETAIL = re.compile(r"^/information/deal/html/([ab])/\d{6}/\w+/\d{8}/(\w+)\.html$")
_STAGES = {
    "01": {"0101": "招标/资审公告", "0102": "开标记录", "0104": "交易结果公示", "0105": "招标/资审文件澄清"},
    "02": {"0201": "采购/资审公告", "0202": "中标公告", "0203": "采购合同", "0204": "更正事项"},
    "bw01": {"bw0101": "招标/资审公告", "bw0104": "中标结果公示"},
}
_CLASSES = {"01": "工程建设", "02": "政府采购", "bw01": "工程建设"}
_RESULTS = {"0104", "0202"}
_DAYS = {"01": 1, "02": 3, "03": 10, "04": 30, "05": 90}
_REFUSALS = {
    "frequent": (800, "访问过于频繁，请稍后再试"),
    "verify": (829, "请输入验证码"),
    "refine": (804, "查询条件过于宽泛，请细化查询条件"),
    "empty": (200, "success"),
    "forbidden": (801, "参数错误"),
}


def _refusal(kind: str) -> Reply:
    code, message = _REFUSALS[kind]
    return as_json({"code": code, "message": message, "data": None})


def _class(column: str) -> str:
    return column[:-2]


def _province_text(name: str) -> str:
    full = {
        "北京": "北京市",
        "天津": "天津市",
        "上海": "上海市",
        "重庆": "重庆市",
        "内蒙古": "内蒙古自治区",
        "广西": "广西壮族自治区",
        "西藏": "西藏自治区",
        "宁夏": "宁夏回族自治区",
        "新疆": "新疆维吾尔自治区",
    }
    return full.get(name, f"{name}省")


def platform(posting: Posting) -> str:
    """Return the name of the trading centre that published the notice."""
    if posting.column.startswith("bw"):
        return "中国招标投标公共服务平台"
    return f"{posting.project.buyer.region}公共资源交易网"


def record(posting: Posting) -> dict[str, Any]:
    """Return a row of the list."""
    kind = _class(posting.column)
    return {
        "id": posting.notice_id,
        "addTime": None,
        "publishTime": f"{posting.at:%Y-%m-%d}",
        "deadline": None,
        "dataSources": None,
        "dataSourcesText": None,
        "transactionSourcesPlatform": None,
        "transactionSourcesPlatformText": platform(posting),
        "businessType": None,
        "businessTypeText": _CLASSES[kind],
        "informationType": posting.column,
        "informationTypeText": _STAGES[kind][posting.column],
        "industryType": None,
        "industryTypeText": "",
        "province": PROVINCES[posting.project.buyer.province],
        "provinceText": _province_text(posting.project.buyer.province),
        "city": None,
        "cityText": None,
        "title": posting.title,
        "tenderProjectCode": None,
        "bodyContent": None,
        "url": urlsplit(posting.url).path,
        "syncTableName": None,
        "dataTimestamp": None,
        "pinformationType": None,
    }


def outer(posting: Posting, project: list[Posting]) -> str:
    """Return the a-page: title, number, and all stages of the project with their notices."""
    kind = _class(posting.column)
    heads, lists = "", ""
    for stage, name in _STAGES[kind].items():
        here = [one for one in project if one.column == stage]
        own = " class='li_toggle'" if stage == posting.column else ""
        heads += f'\n        <li id="t_{stage}" onclick="clickHead(\'{stage}\')"{own} >{name}</li>'
        items = (
            "".join(
                f'\n            <li{" class= li_hover" if one is posting else ""}><a href="javascript:;" title="{esc(one.title)}"\n'
                f"                   onclick=\"showDetail(this, '{stage}','{inner_path(one)}')\">{esc(one.title)}</a><span>{one.at:%Y-%m-%d}</span>\n            </li>"
                for one in here
            )
            or "\n          <li>暂无数据</li>"
        )
        shown = " style='display:block;'" if stage == posting.column else ""
        lists += f'\n    <div class="fully_toggle_cont" id="div_{stage}"{shown} >\n        <ul class="fully_list">{items}\n        </ul>\n        <div class="detailShow" id="show{stage}"></div>\n    </div>'
    label = {"01": "招标项目编号", "02": "采购项目编号", "bw01": "项目编号"}[kind]
    return f"""<!doctype html>
<html>
<head>
  <meta charset="UTF-8">
  <title>{esc(posting.title)}_交易公开_国家公共资源交易平台</title>
  <meta name="others" content="页面生成时间 {posting.at:%Y-%m-%d %H:%M:%S}" />
  <script>
    var mysid = '{posting.notice_id}';
    var myareaId = '{PROVINCES[posting.project.buyer.province]}';
    var mybasepath = '/information';
    var mycl = '{kind}';
    var myst = '{posting.column}';
  </script>
</head>
<body>
<div class="location">
  首页&nbsp;&nbsp;>&nbsp;&nbsp;交易公开&nbsp;&nbsp;>&nbsp;&nbsp;{_CLASSES[kind]}
</div>
<div class="fully">
  <h4 class="h4_o">{esc(posting.title)}</h4>
  <p class="p_o"><span > {label}：{esc(posting.number)}</span><span>信息来源：<label id="platformName">{platform(posting)}</label></span></p>
  <div class="fully_toggle">
    <ul class="ul_toggle">{heads}
    </ul>{lists}
  </div>
</div>
<script type="text/javascript">
  var firstLastUrl = '{inner_path(posting)}';
</script>
</body>
</html>
"""


def inner_path(posting: Posting) -> str:
    """Return the path of the b-page."""
    return urlsplit(posting.url).path.replace("/html/a/", "/html/b/")


@cache
def detail(posting: Posting) -> str:
    """Return the b-page with the body in div#mycontent."""
    label = "签署时间" if posting.column == "0203" else "发布时间"
    return f"""<!doctype html>
<html>
<head>
  <meta charset="UTF-8">
  <title>全国公共资源交易平台</title>
  <link type="text/css" href="/assets/css/dealdetail.css" rel="stylesheet">
</head>
<body style="height:auto;">
  <div class="detail">
    <h4 class="h4_o">{esc(posting.title)}</h4>
    <p class="p_o"><span>{label}：{posting.at:%Y-%m-%d %H:%M}</span><span>信息来源：<label id="platformName">{platform(posting)}</label></span></p>
    <div id="mycontent">
      {ggzy.body(posting)}
    </div>
  </div>
  <script>
    var recordTime = '{posting.at:%Y-%m-%d %H:%M:%S}';
    var mysid = '{stable_token(posting.notice_id, 36)}';
    var mybasepath = '/information';
  </script>
</body>
</html>
"""


class GgzySite:
    """The national platform over a market."""

    def __init__(self, made: Market, scenario: Scenario) -> None:
        self.shelf, self.cap = Shelf(made, "ggzy", scenario.held_back), scenario.cap
        self.today = max((posting.at.date() for posting in made.on("ggzy")), default=date.min)

    def is_list(self, ask: Ask) -> bool:
        return ask.path == LIST

    def push(self) -> None:
        self.shelf.push()

    def block_reply(self, kind: str) -> Reply:
        return _refusal(kind)

    def answer(self, ask: Ask) -> Reply | None:
        if ask.path == LIST:
            return self._list(ask.form()) if ask.method == "POST" else None
        match = _DETAIL.match(ask.path)
        posting = self.shelf.find(match[2]) if match else None
        if match is None or posting is None:
            return None
        if match[1] == "b":
            return html(detail(posting))
        return html(outer(posting, [one for one in self.shelf.rows if one.project.key == posting.project.key]))

    def _list(self, wanted: dict[str, str]) -> Reply:
        page = wanted.get("PAGENUMBER", "1")
        since, until = self._days(wanted)
        is_shown_name = any(
            value.startswith("bw") for value in wanted.values()
        )  # the page shows bw, but never sends it
        if is_shown_name or not page.isdigit() or int(page) < 1 or since is None or until is None:
            return _refusal("forbidden")
        matching = [p for p in self.shelf.rows if since <= p.at.date() <= until and self._fits(p, wanted)]
        matching.sort(key=lambda posting: posting.at.date(), reverse=True)
        total = min(len(matching), self.cap)
        page_rows = matching[:total][(int(page) - 1) * PER_PAGE : int(page) * PER_PAGE]
        data = {
            "records": [record(posting) for posting in page_rows],
            "total": total,
            "size": PER_PAGE,
            "current": int(page),
            "orders": [],
            "optimizeCountSql": True,
            "searchCount": True,
            "countId": None,
            "maxLimit": None,
            "pages": -(-total // PER_PAGE),
        }
        return as_json({"code": 200, "message": "success", "data": data, "usetime": 0, "timestamp": 1760000000000})

    def _days(self, wanted: dict[str, str]) -> tuple[date | None, date | None]:
        preset = wanted.get("DEAL_TIME", "04")
        if preset == "06":
            return parse_day(wanted.get("TIMEBEGIN", "")), parse_day(wanted.get("TIMEEND", ""))
        return self.today - timedelta(days=_DAYS.get(preset, 30) - 1), self.today

    @staticmethod
    def _fits(posting: Posting, wanted: dict[str, str]) -> bool:
        central, column = posting.column.startswith("bw"), posting.column.removeprefix("bw")
        source, stage, kind = (
            wanted.get("SOURCE_TYPE", "1"),
            wanted.get("DEAL_STAGE", "0000"),
            wanted.get("DEAL_CLASSIFY", "00"),
        )
        if central != (source == "2"):
            return False
        if stage not in ("", "0000"):
            group = (stage == "0002" and column in _RESULTS) or (stage == "0001" and column.endswith("01"))
            same_class = stage.endswith("00") and column.startswith(stage[:-2])
            if not (group or same_class or stage == column):
                return False
        if kind not in ("", "00") and kind != _class(column):
            return False
        if wanted.get("DEAL_PROVINCE", "0") not in ("", "0", PROVINCES[posting.project.buyer.province]):
            return False
        return wanted.get("FINDTXT", "").lower() in posting.title.lower()


def make(made: Market, scenario: Scenario) -> GgzySite:
    return GgzySite(made, scenario)
