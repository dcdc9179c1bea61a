"""Announcements of new awards: over Apprise to a loopback webhook, and as an Atom feed."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from tenders.config.project import AnnouncePlan, Config, ConfigError
from tenders.jobs.ingest import ingest_files
from tenders.monitoring import status as overview
from tenders.notify import atom, messages, notifier
from tenders.notify.notifier import Announcer
from tests.helpers.storing import award, capture

NOW = datetime(2026, 8, 1, 4, tzinfo=UTC)
START = date(2026, 7, 1)
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass
class Hook:
    """A webhook: ``status`` is its answer, ``refused`` a word that it never takes."""

    status: int = 200
    refused: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    tries: int = 0
    url: str = ""

    def answer(self, message: dict[str, Any]) -> int:
        self.tries += 1
        if self.status == 200 and not (self.refused and self.refused in message["message"]):
            self.got.append(message)
            return 200
        return self.status if self.status != 200 else 400

    @property
    def text(self) -> str:
        return "\n".join(message["message"] for message in self.got)


@contextmanager
def hooked() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(hook.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"json://127.0.0.1:{httpd.server_port}/hook"
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield hook
    finally:
        httpd.shutdown()
        httpd.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooked() as running:
        yield running


def known(data: Path, *numbers: int, **changes: Any) -> None:
    """Made-up awards that the data folder now knows; award n is of July (n % 28) + 1 and costs (n + 10).5 万元."""
    path = data.parent / f"{len(list(data.parent.glob('*.jsonl')))}.jsonl"
    source = capture(path, [award(n, **changes) for n in numbers])
    assert ingest_files([source], data).problems == 0


def announcer(data: Path, *urls: str, start: date = START, **plan: Any) -> Announcer:
    made = Announcer(Config(Path("tenders.toml"), announce=AnnouncePlan(urls, **plan)), data, {"TOKEN": "s3cr3t-t0ken"})
    made.begin(start)
    return made


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_what_is_known_at_the_start_is_not_told_and_what_comes_after_is_told_once(data: Path, hook: Hook) -> None:
    known(data, 1, 2)
    first = announcer(data, hook.url)
    assert first.tell(NOW)
    assert hook.tries == 0
    known(data, 3, 4)
    assert first.tell(NOW)
    assert [message["title"] for message in hook.got] == ["大模型项目中标（成交）：新增 2 项"]
    assert first.tell(NOW)
    assert announcer(data, hook.url).tell(NOW)  # after a restart
    assert hook.tries == 1


def test_an_award_is_told_with_all_that_a_reader_wants(data: Path, hook: Hook) -> None:
    made = announcer(data, hook.url)
    known(data, 5)
    made.tell(NOW)
    [message] = hook.got
    assert message["message"].splitlines() == [
        "某市第5中学大模型教学平台采购项目",
        "采购人：某市第5中学",
        "中标（成交）供应商：某市甲5科技有限公司",
        "金额：15.50 万元",
        "应用 · 教科 · 2026-07-06",
        "https://notices.example/5.html",
    ]


def test_awards_of_the_time_before_the_start_are_not_told_when_they_are_found_later(data: Path, hook: Hook) -> None:
    made = announcer(data, hook.url, start=date(2026, 7, 10))
    known(data, 3, 20)
    made.tell(NOW)
    assert "第20中学" in hook.text
    assert "第3中学" not in hook.text


def test_what_was_not_delivered_is_told_at_the_next_run_and_shown_meanwhile(
    data: Path, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    made = announcer(data, hook.url)
    known(data, 1, 2)
    hook.status = 500
    with caplog.at_level(logging.WARNING):
        assert not made.tell(NOW)
    [trouble] = notifier.troubles(data)
    assert trouble.startswith(
        "announce.urls[1]: 2 new awards not delivered at 2026-08-01 12:00, told again at the next run: "
    )
    assert "500" in trouble
    told = overview.status(data)
    assert trouble in told.needs_a_person
    assert trouble in caplog.text.replace("\n", "")
    hook.status = 200
    again = announcer(data, hook.url)
    assert notifier.troubles(data) == [trouble]
    assert again.tell(NOW)
    assert notifier.troubles(data) == []
    assert hook.text.count("采购人：") == 2


def test_a_target_that_is_down_keeps_nothing_from_the_others_and_they_are_told_once(data: Path, hook: Hook) -> None:
    with hooked() as other:
        made = announcer(data, hook.url, other.url)
        known(data, 1)
        hook.status = 503
        assert not made.tell(NOW)
        assert not made.tell(NOW)
        assert (len(hook.got), len(other.got)) == (0, 1)
        hook.status = 200
        assert made.tell(NOW)
        assert (len(hook.got), len(other.got)) == (1, 1)


def test_a_target_that_is_added_later_is_not_flooded(data: Path, hook: Hook) -> None:
    announcer(data, hook.url).tell(NOW)
    known(data, 1, 2)
    with hooked() as other:
        made = announcer(data, hook.url, other.url)
        made.tell(NOW)
        assert (hook.text.count("采购人："), other.tries) == (2, 0)
        # One that was taken out and comes back is told what it missed, and no more.
        announcer(data, other.url)
        known(data, 3)
        announcer(data, hook.url, other.url).tell(NOW)
        assert (hook.text.count("采购人："), other.text.count("采购人：")) == (3, 1)


def test_an_award_of_which_an_earlier_notice_turns_up_is_not_told_again(data: Path, hook: Hook) -> None:
    made = announcer(data, hook.url)
    known(data, 6)
    made.tell(NOW)
    [before] = [a.award_key for a in messages.awards(data, AnnouncePlan())]
    known(data, 6, portal="other", url="https://elsewhere.example/6.html", fetched_at="2026-07-02T12:00:00+08:00")
    [after] = messages.awards(data, AnnouncePlan())
    assert after.award_key != before
    assert len(after.notice_keys) == 2
    made.tell(NOW)
    assert hook.tries == 1


def test_a_minimum_leaves_out_what_is_smaller_or_has_no_price(data: Path, hook: Hook) -> None:
    made = announcer(data, hook.url, min_amount=Decimal(130_000), undisclosed=False)
    known(data, 1, 2, 3)
    known(data, 9, body=award(9)["body"].replace("19.5000000（万元）", "详见公告"))
    made.tell(NOW)
    assert hook.text.count("采购人：") == 1
    assert "第3中学" in hook.text
    assert [a.amount_yuan for a in messages.awards(data, AnnouncePlan()) if "第9中学" in a.name] == [None]


def test_many_awards_go_in_messages_that_a_chat_robot_takes(data: Path, hook: Hook) -> None:
    made = announcer(data, hook.url)
    known(data, *range(1, 28))
    assert made.tell(NOW)
    sizes = [len(message["message"].encode()) for message in hook.got]
    assert len(sizes) > 2
    assert max(sizes) <= 2048
    assert hook.text.count("采购人：") == 27
    days = [line[-10:] for line in hook.text.splitlines() if " · " in line]
    assert days == sorted(days)


def test_one_message_that_is_refused_for_its_words_does_not_keep_back_the_others(data: Path, hook: Hook) -> None:
    made = announcer(data, hook.url)
    known(data, *range(1, 28))
    hook.refused = "第2中学"
    assert not made.tell(NOW)
    assert not made.tell(NOW)
    assert len(notifier.troubles(data)) == 1
    assert 0 < 27 - hook.text.count("采购人：") < 10
    hook.refused = ""
    assert made.tell(NOW)
    assert sorted(line for line in hook.text.splitlines() if line.startswith("采购人：")) == sorted(
        f"采购人：某市第{n}中学" for n in range(1, 28)
    )


def test_a_target_that_is_down_is_asked_twice_and_not_for_every_message(data: Path, hook: Hook) -> None:
    made = announcer(data, hook.url)
    known(data, *range(1, 28))
    hook.status = 500
    assert not made.tell(NOW)
    assert hook.tries == 2


def test_secrets_come_from_the_environment_and_go_nowhere_else(data: Path) -> None:
    logged = StringIO()
    handler = logging.StreamHandler(logged)  # as the command's; caplog would also hear what is not passed on
    logging.getLogger().addHandler(handler)
    try:
        made = announcer(data, "json://user:${TOKEN}@127.0.0.1:9/${TOKEN}")
        known(data, 1)
        assert not made.tell(NOW)
        with pytest.raises(ConfigError):
            announcer(data, "nonsense://${TOKEN}")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "1 new awards not delivered" in logged.getvalue()
    kept = (data / "private" / "announced.json").read_text("utf-8")
    assert "s3cr3t" not in logged.getvalue() + kept + "".join(notifier.troubles(data))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("json://${NO_SUCH_TOKEN}", r"announce.urls\[1\] needs the environment variable NO_SUCH_TOKEN"),
        ("nonsense://x", r"announce.urls\[1\] is not an address that Apprise knows"),
        ("wecombot://", r"announce.urls\[1\] is not an address that Apprise knows"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_before_anything_is_crawled(data: Path, url: str, words: str) -> None:
    with pytest.raises(ConfigError, match=rf"tenders.toml: {words}"):
        announcer(data, url)
    assert not data.exists()


def test_a_damaged_record_of_what_was_told_is_not_overwritten(data: Path, hook: Hook) -> None:
    path = data / "private" / "announced.json"
    path.parent.mkdir(parents=True)
    path.write_text("{half", "utf-8")
    with pytest.raises(ValueError, match=r"announced\.json is damaged: remove it"):
        announcer(data, hook.url)
    assert path.read_text("utf-8") == "{half"
    assert "is damaged" in notifier.troubles(data)[0]


def test_the_feed_holds_the_newest_awards_and_stays_the_same_while_they_do(data: Path) -> None:
    known(data, *range(1, 28), *range(101, 136))
    made = announcer(data, atom="public/feed.xml")
    made.tell(NOW)
    path = data / "public" / "feed.xml"
    before = path.read_bytes()
    root = ET.fromstring(before)
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 50
    ids = [entry.findtext(f"{ATOM}id", "") for entry in (root, *entries)]
    assert len(set(ids)) == 51
    assert all(UUID(one) for one in ids)
    days = [entry.findtext(f"{ATOM}content", "").partition(" · 2026-07-")[2][:2] for entry in entries]
    assert days == sorted(days, reverse=True)
    assert all(entry.find(f"{ATOM}link").attrib["href"].startswith("https://notices.example/") for entry in entries)
    assert root.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated", "") for entry in entries)
    for name in ("title", "author"):
        assert root.find(f"{ATOM}{name}") is not None
    made.tell(NOW + timedelta(days=1))
    assert path.read_bytes() == before
    known(data, 27 + 28)
    made.tell(NOW + timedelta(days=1))
    after = {entry.findtext(f"{ATOM}id", "") for entry in ET.fromstring(path.read_bytes()).findall(f"{ATOM}entry")}
    assert len(after - set(ids)) == 1


def test_hostile_words_stay_words_in_the_feed() -> None:
    entry = atom.Entry(
        "k",
        "<b>&\x00]]>\ud7ff\ufffe",
        "a\x0b<script>\u2028",
        NOW,
        ['https://x.example/"><a b="ü\x01', "https://x.example/2"],
    )
    root = ET.fromstring(atom.render([entry]))
    [node] = root.findall(f"{ATOM}entry")
    assert node.findtext(f"{ATOM}title") == "<b>&]]>\ud7ff"
    assert node.findtext(f"{ATOM}content") == "a<script>\u2028"
    links = [(link.attrib["rel"], link.attrib["href"]) for link in node.findall(f"{ATOM}link")]
    assert links == [("alternate", "https://x.example/%22%3E%3Ca%20b=%22%C3%BC"), ("related", "https://x.example/2")]


def test_words_of_a_page_call_nobody_and_a_message_has_an_end() -> None:
    made = messages.Award(
        award_key="aw1",
        name="@all\n大模型\u202e\x07平台" + "长" * 200,
        buyer="@channel 局",
        suppliers=[f"{'供' * 50}{n}" for n in range(9)],
        amount_yuan=Decimal("123456789.50"),
        amount_partial=True,
        type="model",
        sector="government",
        awarded_on=START,
        first_seen_at=NOW,
        notice_keys=[],
        urls=["urn:x", "javascript:alert(1)", *(f"https://x.example/{'a' * 150}{n}" for n in range(5))],
    )
    lines = messages.text(made).splitlines()
    assert "@" not in messages.text(made)
    assert lines[0].startswith("＠all 大模型 平台长长")
    assert lines[0].endswith("长…")
    assert lines[2].endswith("… 等 9 家")
    assert lines[3] == "金额：1.23 亿元（部分标段未公布）"
    assert [line for line in lines if ":" in line] == made.urls[2:4]
    assert len(messages.text(made).encode()) <= notifier._MESSAGE_BYTES


def test_a_feed_without_awards_is_a_feed(data: Path) -> None:
    announcer(data, atom="feed.xml").tell(NOW)
    root = ET.fromstring((data / "feed.xml").read_bytes())
    assert (root.tag, root.findall(f"{ATOM}entry")) == (f"{ATOM}feed", [])
