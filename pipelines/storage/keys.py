"""Keys: which written names and numbers mean the same project, party or version.

All keys are pure functions of text. They fold what writers and portals vary (width, case, spaces, brackets, hyphens)
and keep what distinguishes two projects (phases, years, branches, second rounds).
"""

from __future__ import annotations

import hashlib
import re

from pipelines.common.clock import utc_text
from pipelines.model import Page
from pipelines.text.characters import compact, fold_for_keys

# Characters without a width: joiners, marks of byte order, soft hyphens.
_NO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_BRACKETS = re.compile(r"[()\[\]{}<>【】〔〕〖〗《》〈〉「」『』]")
_HYPHENS = re.compile(r"[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
# A shopping platform writes its own plan number before the agency's: 330110260010010000061-FYZXZBDL-2026-06-082.
_PORTAL_PREFIX = re.compile(r"^\d{17,21}(?=\D)")
_YEAR = re.compile(r"20[0-4]\d")
_ENOUGH_DIGITS = 6

_PUNCTUATION = re.compile(r"[\"'“”‘’`,，。.、;；:：!！?？·•|/\\_~*#+&]")
# A hyphen between two digits distinguishes parts (设备采购4-3); elsewhere it is decoration.
_LOOSE_HYPHEN = re.compile(r"(?<!\d)[-\u2010-\u2015\u2212]|[-\u2010-\u2015\u2212](?!\d)")
# Words of the notice, not of the project: 某平台项目[中标公告], 某平台项目[竞争性磋商结果公示].
_NOTICE_WORDS = re.compile(
    r"(?:中标成交|中标|成交|中选|采购|招标|评标|评审|比选|询价|询比|磋商|谈判|单一来源|公开招标|邀请招标|竞争性磋商|竞争性谈判|"
    r"候选人|入围|结果|合同|废标|流标|终止|变更|更正|更改|补充|澄清|资格预审|预|作废|无效|撤销|取消|失败){0,12}(?:的)?(?:公告|公示|通知书|公布)$"
)
# Who publishes it, as titles and some projects' names have it: 某局关于智能体平台项目.
_PUBLISHER = re.compile(r"^.{4,40}?(?:公司|中心|局|院)关于(?=.{4,})")
_PROJECT_WORDS = re.compile(r"(?:的)?(?:采购项目|项目|采购)$")
_SHORTEST_NAME = 4

# 某市教育局(本级), 甲公司(联合体牵头人), 甲公司(成员单位), 某中心(王老师)
_PARTY_MARKS = re.compile(
    r"\((?:(?:机关)?本级|本部|联合体|牵头(?:人|方|单位)?|联合体(?:牵头|成员)?(?:人|方|单位)?|"
    r"成员(?:单位)?|[^()]{1,4}老师)\)$"
)
_PARTY_EDGES = re.compile(r"^[\s、,;:。.·\-]+|[\s、,;:。.·\-]+$")

# Counters that the portal adds at each retrieval are no content: 浏览次数：12, 阅读量 30次.
_COUNTED = ("浏览", "阅读", "点击", "访问", "查看")
_COUNTERS = re.compile(rf"(?:{'|'.join(_COUNTED)})(?:次数|人次|人数|量|数)?[:：]?\d+次?")


def project_number_key(number: str | None, portal: str) -> str | None:
    """Return the project number as it is compared: folded, upper case, without spaces, brackets, hyphens and 号.

    A portal's own prefix of 17 to 21 digits is removed if the rest is a number by itself (``…767-XM001`` is the first
    lot of plan ``…767``: there the digits are the number). None if the text has no digit. ``portal`` is where it was
    written; the same project has the same key on all portals.
    """
    if not number:
        return None
    text = _without_space(fold_for_keys(number)).upper()
    text = _own_number(text)
    key = _HYPHENS.sub("", _BRACKETS.sub("", text)).removesuffix("号").strip("。.,、;:_/")
    return key if any(c.isdigit() for c in key) else None


def _own_number(text: str) -> str:
    prefix = _PORTAL_PREFIX.match(text)
    if not prefix:
        return text
    rest = text[prefix.end() :]
    is_a_number = _YEAR.search(rest) or sum(c.isdigit() for c in rest) >= _ENOUGH_DIGITS
    return rest if is_a_number else text


def name_key(text: str | None) -> str | None:
    """Return a project or lot name as it is compared: folded, without spaces, brackets, quotes and words of the notice.

    ``智能体平台（二期）采购项目中标公告`` -> ``智能体平台二期``. Phases, rounds, years and branches stay. None if
    nothing is left.
    """
    if not text:
        return None
    key = _PUBLISHER.sub("", _BRACKETS.sub("", _without_space(fold_for_keys(text)))).casefold()
    key = _LOOSE_HYPHEN.sub("", _PUNCTUATION.sub("", key))
    for ending in (_NOTICE_WORDS, _PROJECT_WORDS):
        shorter = ending.sub("", key)
        key = shorter if len(shorter) >= _SHORTEST_NAME else key
    return key or None


def party_key(text: str | None) -> str | None:
    """Return a buyer or supplier as it is compared: folded, without spaces, brackets, （本级） and marks of consortia.

    Branches (北京分公司) keep their own key. None if nothing is left.
    """
    if not text:
        return None
    key = _without_space(fold_for_keys(text)).translate(str.maketrans("【】〔〕[]{}", "()()()()"))
    key = _PARTY_EDGES.sub("", key)
    key = _PARTY_MARKS.sub("", key)
    return _BRACKETS.sub("", key).upper() or None


def page_key(page: Page) -> str:
    """Return 32 hex digits that are equal exactly for the same page fetched at the same instant."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (
        page.portal,
        page.url,
        utc_text(page.fetched_at),
        page.content_type,
        page.title or "",
        page.published_on.isoformat() if page.published_on else "",
        page.body,
        *(part for pair in sorted(page.listed.items()) for part in pair),
    ):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\x00")
    for attachment in page.attachments:
        digest.update(attachment.url.encode("utf-8", "surrogatepass"))
        digest.update(hashlib.blake2b(attachment.content, digest_size=16).digest())
    return digest.hexdigest()


def content_hash(notice_key: str, title: str | None, text: str) -> str:
    """Return 32 hexadecimal digits that change exactly when the announcement's own words change.

    Spacing and view counters are left out, because they differ between two retrievals of one version.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in (notice_key, _bare(title or ""), _bare(text)):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\x00")
    return digest.hexdigest()


def _bare(text: str) -> str:
    text = _without_space(text)
    # To look for five words is faster than to try an expression at each character.
    return _COUNTERS.sub("", text) if any(word in text for word in _COUNTED) else text


def _without_space(text: str) -> str:
    text = compact(text)
    for character in _NO_WIDTH:
        text = text.replace(character, "")
    return text
