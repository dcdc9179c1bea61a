"""What a portal's answer is worth: the page that was asked for, a block, another layout, or a stump to ask for again.

HTTP 200 is not success. A descriptor's ``[answers]`` table says what must be there: class names or ids (``list_container``,
``detail_container``), the path of a JSON key (``list_key``, ``detail_key``; several are alternatives) or, with ``detail_page``,
HTML or a PDF somewhere in the JSON, plain or in base64; and which codes of a JSON answer mean what (``code_key``, ``ok``,
``blocked``, ``narrow``, ``wrong`` for a question that the portal does not understand). Where nothing is said, the code and the
message of an answer without its key tell a passing trouble from a new layout, and a notice's page must hold its listed title
(with ``detail_title``, in any case) or no word of a block; of a page with ``home_any`` nothing is wanted but that it does not
speak of a block. Pure, so the crawler and the archive's reader agree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.pages.base64_bodies import holds_page, unwrapped
from tenders.portals import Portal

_BLOCK_WORDS = (
    "频繁访问",
    "安全验证",
    "请输入验证码",
    "滑动验证",
    "人机验证",
    "访问被拦截",
    "过于频繁",
    "Access Denied",
)
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>|&nbsp;|\s+", re.DOTALL | re.IGNORECASE)
_OPENS = re.compile(r"\s*(?:<!doctype html|<html)", re.IGNORECASE)
_CLOSES = re.compile(r"</html\s*>", re.IGNORECASE)
_TITLE_SIGNS = 10  # of the listed title, on a page that is said to be its own
_A_NOTICE = 500  # signs: a page with more of them is hardly a block's
_LINKS = 3  # to notices, on a page that is said to be a list
# Where answers that hold no data say what became of the question, and what they say when it was well.
_CODES = ("code", "status", "errcode", "errorCode", "resultStat")
_MESSAGES = ("message", "msg", "resultHint", "errmsg")
_WELL = ("0", "00", "000", "200", "ok", "success", "true")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``ok``; ``blocked``: nothing more may be sent; ``layout``: the right page, but ``reason`` is missing on it; ``again``: a
    stump or a passing trouble; ``narrow``: the portal wants a narrower question."""

    kind: Literal["ok", "blocked", "layout", "again", "narrow"]
    reason: str = ""


OK = Verdict("ok")
_CODE_KINDS: dict[str, Literal["blocked", "narrow", "layout"]] = {
    "blocked": "blocked",
    "narrow": "narrow",
    "wrong": "layout",
}


def judge(portal: Portal, page: str, text: str, title: str | None = None) -> Verdict:
    """Whether ``text`` is the ``page`` (``list``, ``detail``, or another name that the descriptor knows) of this portal.

    ``title`` is the listed title of the notice whose page was asked for.
    """
    rules = portal.answers
    keys = _several(rules.get(f"{page}_key"))
    wrapped = f"{page}_page" in rules
    if keys or wrapped or f"{page}_json" in rules:
        return _judge_json(portal, keys, text, wrapped)
    titled = bool(title) and _bare(title or "")[:_TITLE_SIGNS] in _bare(text)
    containers = _several(rules.get(f"{page}_container"))
    if containers:
        return _judge_html(portal, page, containers, text, titled)
    if f"{page}_any" in rules:
        word = _block_word(portal, _bare(text))
        return Verdict("blocked", f"the page says {word}") if word else OK
    if titled or not title:
        return OK
    word = _block_word(portal, text)
    if word:
        return Verdict("blocked", f"the page says {word}")
    if is_cut(text) or not text.strip():
        return Verdict("again", "the page is cut short" if text.strip() else "the page is empty")
    if f"{page}_title" not in rules:
        return OK
    missing = f"the {page} page does not hold the listed title"
    return Verdict("layout" if len(_bare(text)) >= _A_NOTICE else "blocked", missing)


def is_cut(text: str) -> bool:
    """Whether an HTML page that opens as a whole document never closes."""
    return bool(_OPENS.match(text)) and not _CLOSES.search(text, max(0, len(text) - 20_000))


def dig(data: Any, path: str) -> Any:
    """The value at a dotted path of a JSON document; None where there is none."""
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _judge_html(portal: Portal, page: str, containers: Sequence[str], text: str, titled: bool) -> Verdict:
    # The container is what counts: a notice about security checks may well hold the words of a block page.
    if re.search(rf"<[^>]+(?:class|id)\s*=\s*[\"']?[^\"'>]*\b(?:{'|'.join(map(re.escape, containers))})", text):
        return OK
    word = _block_word(portal, text)
    if word:
        return Verdict("blocked", f"the page says {word}")
    missing = f"the {page} page holds none of {', '.join(containers)}"
    if is_cut(text) or not text.strip():
        return Verdict("again", "the page is cut short")
    links = portal.notice_id is not None and len(portal.notice_id.findall(text)) >= _LINKS
    if links if page == "list" else titled:
        return Verdict("layout", f"{missing}: the layout has changed")
    return Verdict("blocked", f"{missing} (a block, or another layout)")


def _judge_json(portal: Portal, keys: Sequence[str], text: str, wrapped: bool) -> Verdict:
    bare = text.lstrip("\ufeff \t\r\n")
    if bare[:1] not in ("{", "[", '"'):
        if not bare:
            return Verdict("again", "the answer is empty")
        if wrapped and unwrapped(bare) is not None:
            return OK
        word = _block_word(portal, text)
        return Verdict("blocked", f"the page says {word}" if word else "a page came where data is expected (a block)")
    try:
        data = json.loads(bare)
    except (ValueError, RecursionError):
        return Verdict("again", "the answer is cut short")
    rules = portal.answers
    code = dig(data, rules["code_key"]) if "code_key" in rules else None
    if code is not None:
        told = f"the portal answers code {code} {_first(data, _MESSAGES)}".rstrip()
        for name, kind in _CODE_KINDS.items():
            if str(code).lower() in _codes(rules, name):
                return Verdict(kind, told)
        if str(code).lower() not in _codes(rules, "ok"):
            return Verdict("again", told)
    if not (any(_present(data, key) for key in keys) if keys else not wrapped or holds_page(data)):
        word = _block_word(portal, text)
        if word:
            return Verdict("blocked", f"the answer says {word}")
        said = _first(data, _CODES)
        if said and said.lower() not in _WELL:
            return Verdict("again", f"the portal answers code {said} {_first(data, _MESSAGES)}".rstrip())
        return Verdict("layout", f"the answer has no {' or '.join(keys) or 'page'}: the layout has changed")
    return OK


def _first(data: Any, names: Sequence[str]) -> str:
    """The first of these fields that says something."""
    found = (str(data[name]) for name in names if isinstance(data, dict) and data.get(name) not in (None, ""))
    return next(found, "")[:80]


def _present(data: Any, path: str) -> bool:
    parent, _, name = path.rpartition(".")
    holder = dig(data, parent) if parent else data
    return isinstance(holder, dict) and name in holder


def _codes(rules: Any, name: str) -> set[str]:
    return {str(code).lower() for code in _several(rules.get(name))}


def _block_word(portal: Portal, text: str) -> str | None:
    return next((word for word in (*portal.answers.get("block_words", ()), *_BLOCK_WORDS) if word in text), None)


def _several(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)


def _bare(text: str) -> str:
    return _TAGS.sub("", text)
