"""What a portal's answer is worth: the page that was asked for, a block, a changed layout, or a failure to retry.

HTTP 200 is not success. ``[answers]`` of a descriptor says what each kind of page must contain, and what the codes of
JSON answers mean; ``[notice]`` says where a notice is, which also proves the page of a notice. If a descriptor says
nothing, the code and message of an answer tell a passing failure from a new layout, and a notice's page must contain
its listed title or no word of a block. Pure, so that the crawler and the reader of the archive agree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.lexicon import forms
from pipelines.pages.base64_bodies import holds_page, unwrapped
from pipelines.pages.file_kinds import file_kind
from pipelines.text.charsets import decode_text
from tenders.portals.descriptor import Answers, Portal, Proof

CheckKind = Literal["ok", "blocked", "layout", "again", "narrow"]

# What is not text: <script>…</script>, <style>…</style>, any tag, &nbsp;, white space
_NOT_TEXT = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>|&nbsp;|\s+", re.DOTALL | re.IGNORECASE)
_DOCUMENT_START = re.compile(r"\s*(?:<!doctype html|<html)", re.IGNORECASE)
_DOCUMENT_END = re.compile(r"</html\s*>", re.IGNORECASE)
_END_WITHIN = 20_000  # characters at the end of a page
_TITLE_START = 10  # characters of the listed title that its own page must contain
_NOTICE_LENGTH = 500  # characters; a page with more text is hardly a block page
_LIST_LINKS = 3  # links to notices on a page that must be a list, even without its container
# Keys of JSON answers without data that say what went wrong, and the values that mean success.
_CODE_KEYS = ("code", "status", "errcode", "errorCode", "resultStat")
_MESSAGE_KEYS = ("message", "msg", "resultHint", "errmsg")
_SUCCESS_CODES = ("0", "00", "000", "200", "ok", "success", "true")
_LONGEST_MESSAGE = 80


@dataclass(frozen=True, slots=True)
class Check:
    """What an answer is worth.

    ``ok``: the page that was asked for. ``blocked``: nothing more may be sent. ``layout``: the right page, but what
    ``reason`` names is missing on it. ``again``: a truncated page or a passing failure, to be asked for again.
    ``narrow``: the portal wants a narrower query.
    """

    kind: CheckKind
    reason: str = ""


OK = Check("ok")


def check(portal: Portal, page: str, text: str, title: str | None = None) -> Check:
    """Return whether ``text`` is the ``page`` of this portal that was asked for.

    ``page`` is a key of ``[answers]``, such as ``list`` or ``detail``. ``title`` is the listed title of the notice
    whose page was asked for.
    """
    proof = _proof(portal, page)
    if proof.key or proof.array or proof.json_page or proof.pdf:
        return _check_json(portal, proof, text)
    has_title = bool(title) and _bare_text(title or "")[:_TITLE_START] in _bare_text(text)
    if proof.container:
        return _check_html(portal, page, proof.container, text, has_title=has_title)
    if proof.anything:
        if page == "list" and portal.notice_id is not None and portal.notice_id.search(text):
            return OK
        word = _block_word(portal, _bare_text(text)) or _block_mark(text)
        return Check("blocked", f"the page says {word}") if word else OK
    if has_title or not title:
        return OK
    word = _block_word(portal, text) or _block_mark(text)
    if word:
        return Check("blocked", f"the page says {word}")
    if is_truncated(text) or not text.strip():
        return Check("again", "the page is cut short" if text.strip() else "the page is empty")
    if not proof.title:
        return OK
    missing = f"the {page} page does not contain the listed title"
    return Check("layout" if len(_bare_text(text)) >= _NOTICE_LENGTH else "blocked", missing)


def check_file(content: bytes) -> Check:
    """Return whether an answer is a file that a notice links to, or a page that came instead of it."""
    if not content:
        return Check("again", "the file is empty")
    if file_kind(content) != "html":
        return OK
    text = decode_text(content)
    word = next((word for word in forms.words("block_word", "block_mark") if word in text), None)
    return Check("blocked", f"the page says {word}") if word else Check("layout", "a page came instead of a file")


def is_truncated(text: str) -> bool:
    """Return whether an HTML page starts as a document and never ends."""
    return bool(_DOCUMENT_START.match(text)) and not _DOCUMENT_END.search(text, max(0, len(text) - _END_WITHIN))


def dig(data: Any, path: str) -> Any:
    """Return the value at a dotted path of a JSON document; None if there is none. An empty path is the document.

    Some portals write a part of their answer as text that is JSON itself. The path leads through such a text.
    """
    for key in path.split(".") if path else ():
        holder = _opened(data)
        data = holder.get(key) if isinstance(holder, dict) else None
    return data


def _opened(value: Any) -> Any:
    """Return what a text holds that is a JSON object; any other value as it is."""
    if not isinstance(value, str) or not value.startswith("{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _proof(portal: Portal, page: str) -> Proof:
    """Return what the page must contain. The place of a notice proves its page, if the descriptor says nothing else."""
    proof: Proof | None = getattr(portal.answers, page) if page in Answers.model_fields else None
    if proof is not None or page != "detail":
        return proof or Proof()
    place = portal.notice
    lists: tuple[str, ...] = ()
    if place.packages and place.contents:
        lists = (f"{place.contents[0].rpartition('.')[0]}.{place.packages.list}".lstrip("."),)
    return Proof(container=place.containers, key=(*place.contents, *lists))


def _check_html(portal: Portal, page: str, containers: Sequence[str], text: str, *, has_title: bool) -> Check:
    # The container decides: a notice about security checks may contain the words of a block page.
    names = "|".join(map(re.escape, containers))
    if re.search(rf"<[^>]+(?:class|id)\s*=\s*[\"']?[^\"'>]*(?<![\w-])(?:{names})(?![\w-])", text):
        return OK
    word = _block_word(portal, text)
    if word:
        return Check("blocked", f"the page says {word}")
    missing = f"the {page} page has none of {', '.join(containers)}"
    if is_truncated(text) or not text.strip():
        return Check("again", "the page is cut short")
    has_links = portal.notice_id is not None and len(portal.notice_id.findall(text)) >= _LIST_LINKS
    if has_links if page == "list" else has_title:
        return Check("layout", f"{missing}: the layout has changed")
    return Check("blocked", f"{missing} (a block, or another layout)")


def _check_json(portal: Portal, proof: Proof, text: str) -> Check:
    bare = text.lstrip("\ufeff \t\r\n")
    if bare[:1] not in ("{", "[", '"'):
        if not bare:
            return Check("again", "the answer is empty")
        if proof.json_page and unwrapped(bare) is not None:
            return OK
        word = _block_word(portal, text)
        return Check("blocked", f"the page says {word}" if word else "a page came where data is expected (a block)")
    try:
        data = json.loads(bare)
    except (ValueError, RecursionError):
        return Check("again", "the answer is cut short")
    bad_code = _check_code(portal.answers, data)
    if bad_code:
        return bad_code
    path = portal.answers.no_text
    if path and isinstance(dig(data, path), str):
        return Check("blocked", f"{path} of the answer is a text where data is expected (a block)")
    if _proves(proof, data):
        return OK
    word = _block_word(portal, text)
    if word:
        return Check("blocked", f"the answer says {word}")
    code = _first_value(data, _CODE_KEYS)
    if code and code.lower() not in _SUCCESS_CODES:
        return Check("again", _code_text(code, data))
    wanted = "PDF file" if proof.pdf else " or ".join(proof.key) or "page"
    return Check("layout", f"the answer has no {wanted}: the layout has changed")


def _check_code(answers: Answers, data: Any) -> Check | None:
    """Return what the code of an answer means; None if it is a good one, or there is none."""
    code = dig(data, answers.code_key) if answers.code_key else None
    if code is None:
        return None
    meanings: Mapping[CheckKind, Sequence[str]] = {
        "blocked": answers.blocked,
        "narrow": answers.narrow,
        "layout": answers.wrong,
        "ok": answers.ok,
    }
    kinds = (kind for kind, codes in meanings.items() if str(code).lower() in map(str.lower, codes))
    kind: CheckKind = next(kinds, "again")
    return None if kind == "ok" else Check(kind, _code_text(str(code), data))


def _proves(proof: Proof, data: Any) -> bool:
    if proof.pdf:
        return False
    if proof.array and isinstance(data, list):
        return True
    if proof.key:
        return any(_has_key(data, path) for path in proof.key)
    return proof.json_page and holds_page(data)


def _code_text(code: str, data: Any) -> str:
    return f"the portal answers code {code} {_first_value(data, _MESSAGE_KEYS)}".rstrip()


def _first_value(data: Any, keys: Sequence[str]) -> str:
    """Return the first of these fields that is not empty, shortened."""
    values = (str(data[key]) for key in keys if isinstance(data, dict) and data.get(key) not in (None, ""))
    return next(values, "")[:_LONGEST_MESSAGE]


def _has_key(data: Any, path: str) -> bool:
    parent, _, key = path.rpartition(".")
    holder = _opened(dig(data, parent)) if parent else data
    return isinstance(holder, dict) and key in holder


def _block_word(portal: Portal, text: str) -> str | None:
    return next((word for word in (*portal.answers.block_words, *forms.words("block_word")) if word in text), None)


def _block_mark(text: str) -> str | None:
    """Return what only the markup of a challenge page has; None if it has nothing of that kind."""
    return next((mark for mark in forms.words("block_mark") if mark in text), None)


def _bare_text(text: str) -> str:
    return _NOT_TEXT.sub("", text)
