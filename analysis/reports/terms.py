"""What the codes of the database are called, in Chinese and in English."""

from __future__ import annotations

PROJECT_TYPE = {
    "compute": ("算力", "compute"),
    "application": ("应用", "application"),
    "model": ("大模型", "model"),
    "data": ("数据", "data"),
}
SECTOR = {
    "education_research": ("教科", "education & research"),
    "government": ("政务", "government"),
    "telecom": ("通信", "telecom"),
    "energy": ("能源", "energy"),
    "finance": ("金融", "finance"),
    "healthcare": ("医疗", "healthcare"),
    "transport": ("交通", "transport"),
    "manufacturing": ("制造", "manufacturing"),
    "media_culture": ("文旅传媒", "media & culture"),
    "other": ("其他", "other"),
}
SECTIONS = {
    "by_type": ("项目类型", "type", "project_type"),
    "by_sector": ("行业", "sector", "sector"),
    "by_vendor": ("厂商", "vendor", "vendor"),
    "by_province": ("省份", "province", "province"),
}
METRIC = {
    "project_count": "中标项目 awards",
    "disclosed_count": "已披露 disclosed",
    "undisclosed_count": "未披露 undisclosed",
    "disclosed_amount_yi": "披露金额 amount 亿元",
    "yoy_count_pct": "项目同比 awards yoy %",
    "yoy_amount_pct": "金额同比 amount yoy %",
    "type_share_count_pct": "类型项目占比 type, share of awards %",
    "type_share_amount_pct": "类型金额占比 type, share of amount %",
    "sector_share_count_pct": "行业项目占比 sector, share of awards %",
    "sector_share_amount_pct": "行业金额占比 sector, share of amount %",
}


CAUSE = {
    "first seen": "首次看到",
    "late notice": "迟到公告",
    "price found": "补到金额",
    "correction": "更正",
    "further result": "其他标段结果",
    "void": "作废",
    "revived": "重新定标",
    "reclassified": "重新归类",
    "date changed": "日期变动",
    "duplicate found": "发现重复",
    "separated": "拆分",
    "key changed": "编号变动",
    "withdrawn": "不再列明供应商",
}


def named(code: str | None) -> str:
    """``算力 compute`` for a code of ours; a province or vendor as it is; a dash where nothing is said."""
    if code is None:
        return "未标明 not stated"
    return " ".join(PROJECT_TYPE.get(code) or SECTOR.get(code) or (code,))
