"""The day of publication in the lines around a notice."""

from __future__ import annotations

import pytest

from pipelines.extract.publication_day import read_publication_day

_BODY = "某市政务平台项目中标公告\n{}\n一、项目编号：MS-2025-1\n三、中标信息\n供应商名称：某某科技有限公司"


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2025年7月4号",
        "【发布时间】2025-07-04",
        "[发布日期] 2025/7/4",
        "发布时间 2025-07-04 阅读次数：12",
        "信息时间：2025-07-04 阅读次数：[12]",
        "发布时间：二0二五年七月四日 浏览次数：3次 字号：大 中 小",
        "发布日期|2025-07-04",
        "挂网时间：2025.7.4 9:30",
        "发布时间：2025-07-03T16:30:00.000+0000",
        "发布时间：1751594400000",
        "来源：某市交易中心 时间：2025-07-04 16:20",
        "【字号：大 中 小】 2025-07-04 10:20:33",
        "2025年7月4日 10时05分",
        "2025-07-03T16:30:00Z",
        "成交日期：2025年7月1日 发布日期：2025年7月4日",
        "来源：某市交易中心 2025-07-04",
        "2025年7月4日 发布",
        "最后更新：2025-07-09 发布：2025-07-04",
        "（2025年7月4日）",
        "【2025-07-04】",
        "2025-07-04",
        "日期：2025/7/4 作者：某某",
        "发布时间\n2025-07-04",
        "发布时间：\n2025-07-04",
        "发布时间\t2025-07-04\t浏览次数\t12",
        "（发布时间：2025-07-04 10:05）",
        "开标时间：2025年7月1日 09:00\n2025-07-04 16:20 来源：某市交易中心",
    ],
)
def test_the_day_is_read_from_every_form_of_its_line(line: str) -> None:
    body = _BODY.format(line)
    day = read_publication_day(body, body)
    assert day is not None
    assert day.value == "2025-07-04"
    assert day.words in body


@pytest.mark.parametrize("line", ["二〇二五年七月四日", "2025年7月4号", "日期：2025.7.4", "2025 年 7 月 4 日"])
def test_the_last_date_line_is_the_day_if_nothing_else_says_it(line: str) -> None:
    day = read_publication_day(_BODY.format("公告正文") + f"\n某某代理有限公司\n{line}", "")
    assert day is not None
    assert day.value == "2025-07-04"


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：07-04-2025",
        "发布时间：",
        "开标时间：2025年6月30日",
        "评审日期\n2025年6月30日",
        "自发布时间起三日内",
        "首次公告日期：2025年6月30日",
        "原公告日期：2025年6月30日",
        "招标公告发布日期：2025年6月30日",
    ],
)
def test_no_day_is_invented(line: str) -> None:
    body = _BODY.format(line)
    assert read_publication_day(body, body) is None
