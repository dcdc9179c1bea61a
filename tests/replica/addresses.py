"""Ids and public addresses of notices, portal by portal.

A new portal needs a branch here and columns in `spread.COLUMNS`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from random import Random
from urllib.parse import quote

PROVINCES = {
    "北京": "110000",
    "天津": "120000",
    "河北": "130000",
    "山西": "140000",
    "内蒙古": "150000",
    "辽宁": "210000",
    "吉林": "220000",
    "黑龙江": "230000",
    "上海": "310000",
    "江苏": "320000",
    "浙江": "330000",
    "安徽": "340000",
    "福建": "350000",
    "江西": "360000",
    "山东": "370000",
    "河南": "410000",
    "湖北": "420000",
    "湖南": "430000",
    "广东": "440000",
    "广西": "450000",
    "海南": "460000",
    "重庆": "500000",
    "四川": "510000",
    "贵州": "520000",
    "云南": "530000",
    "西藏": "540000",
    "陕西": "610000",
    "甘肃": "620000",
    "青海": "630000",
    "宁夏": "640000",
    "新疆": "650000",
}
CHINA_MOBILE_TYPES = {"PURCHASE_OPINION": "PURCHASE_SERVICE"}  # publishType by publishOneType, if it is not PROCUREMENT


@dataclass(frozen=True)
class Address:
    """Id of a notice on its portal and its public address."""

    notice_id: str
    url: str


def random_hex(rng: Random, digits: int) -> str:
    """Draw a lower-case hexadecimal number with a fixed number of digits."""
    return f"{rng.getrandbits(4 * digits):0{digits}x}"


def random_guid(rng: Random) -> str:
    """Draw a GUID such as `0f3c…-…`."""
    raw = random_hex(rng, 32)
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def notice_address(portal: str, serial: int, at: datetime, column: str, province: str) -> Address:
    """Return the id and the public address of a notice.

    `serial` counts the portal's notices in order of publication, so numeric ids grow with it.
    Raises KeyError for an unknown portal.
    """
    rng = Random(f"address {portal} {serial} {at}")
    day = f"{at:%Y%m%d}"
    if portal == "ggzy":
        own = f"00{random_hex(rng, 34)}"
        return Address(
            own, f"https://www.ggzy.gov.cn/information/deal/html/a/{PROVINCES[province]}/{column}/{day}/{own}.html"
        )
    if portal == "cmcc":
        own, kind = (
            f"{1900000000000000000 + serial * 977777777777 + rng.randrange(10**9)}",
            CHINA_MOBILE_TYPES.get(column, "PROCUREMENT"),
        )
        query = f"publishId={own}&publishUuid={random_hex(rng, 32)}&publishType={kind}&publishOneType={column}"
        return Address(own, f"https://b2b.10086.cn/#/noticeDetail?{query}")
    if portal == "chinatelecom":
        own = f"{180000000000000 + serial * 977777}"
        query = f"id={own}&type=7&docTypeCode={column}&securityViewCode={random_hex(rng, 32)}"
        return Address(own, f"https://caigou.chinatelecom.com.cn/DeclareDetails?{query}")
    if portal == "chinaunicom":
        own = f"{1950000000000000000 + serial * 977777777777}"
        return Address(own, f"https://www.chinaunicombidding.cn/bidInformation/detail?id={own}")
    if portal == "sgcc":
        own = f"{at:%y%m%d}{1000000000 + serial * 977}"
        kind = "doci-change" if column == "2018060501171107" else "doci-win"
        return Address(own, f"https://ecp.sgcc.com.cn/ecp2.0/portal/#/doc/{kind}/{own}_{column}")
    if portal == "csg":
        own = f"{1200300000 + serial * 13}"
        return Address(own, f"https://www.bidding.csg.cn/{column}/{own}.jhtml")
    if portal == "gdgpo":
        own = random_guid(rng)
        return Address(own, f"https://gdgpo.czt.gd.gov.cn/gpcms/rest/web/v2/info/getInfoById?id={own}")
    if portal == "szggzy":
        own = f"{20000000 + serial * 7}"
        return Address(own, f"https://www.szggzy.com/static/jygg/details.html?contentId={own}&channelId=2850")
    if portal == "yichang":
        own = random_guid(rng)
        return Address(own, f"https://ggzy.sc.yichang.gov.cn/jyxx/003001/{column}/{day}/{own}.html")
    if portal in ("zcy_shanghai", "zcy_guangxi"):
        own = base64.b64encode(rng.randbytes(16)).decode()
        host = {"zcy_shanghai": "www.zfcg.sh.gov.cn", "zcy_guangxi": "zfcg.gxzf.gov.cn"}[portal]
        return Address(own, f"http://{host}/site/detail?articleId={quote(own, safe='')}")
    if portal == "ccgp_beijing":
        own = f"{day}_{1500000 + serial}"
        return Address(own, f"http://www.ccgp-beijing.gov.cn/xxgg/sjxxgg/zbggs/t{own}.html")
    if portal == "ccgp_shandong":
        own = f"{200000000 + serial * 17}"
        return Address(own, f"https://www.ccgp-shandong.gov.cn/detail?id={own}&colCode={column}")
    if portal == "ccgp_hubei":
        own = random_hex(rng, 32)
        return Address(own, f"http://www.ccgp-hubei.gov.cn/notice/{at:%Y%m}/notice_{own}.html")
    raise KeyError(portal)
