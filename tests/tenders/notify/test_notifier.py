"""Announcements of new awards: over Apprise to a loopback webhook, and as an Atom feed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from tenders.config.models import AnnounceSection
from tenders.config.project import Config, ConfigError
from tenders.jobs.ingest import ingest_files
from tenders.monitoring.status import collect_status
from tenders.notify import notifier
from tenders.notify.messages import Award
from tenders.notify.notifier import Announcer
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.storing import award, capture
from tests.helpers.webhook import Hook, hooked

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 1, 4, tzinfo=UTC)
START = date(2026, 7, 1)
Known = Callable[..., None]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooked() as running:
        yield running


def made_up(number: int) -> Award:
    """Return an award as the database would: of July (number % 28) + 1, it costs (number + 10).5 万元."""
    day = date(2026, 7, number % 28 + 1)
    return Award(
        award_key=f"aw{number}",
        name=f"某市第{number}中学大模型教学平台采购项目",
        buyer=f"某市第{number}中学",
        suppliers=[f"某市甲{number}科技有限公司"],
        amount_yuan=Decimal(number * 10_000 + 105_000),
        amount_partial=False,
        project_type="application",
        sector="education_research",
        awarded_on=day,
        first_seen_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
        notice_keys=[f"made-up:{number}"],
        urls=[f"https://notices.example/{number}.html"],
    )


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Known:
    """Return a function that lets the data folder know these awards; without a database."""
    awards: list[Award] = []

    def add(*numbers: int) -> None:
        awards.extend(map(made_up, numbers))
        awards.sort(key=lambda award: (award.awarded_on, award.award_key))

    monkeypatch.setattr(notifier, "awards_to_announce", lambda data_dir, section: list(awards))
    return add


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def announcer(data: Path, *urls: str, start: date = START, **section: Any) -> Announcer:
    config = Config(Path("tenders.toml"), announce=AnnounceSection(urls=urls, **section))
    made = Announcer(config, data, {"TOKEN": "s3cr3t-t0ken"})
    made.start(start)
    return made


@pytest.mark.long
def test_awards_of_a_database_are_announced_once_also_after_a_restart(tmp_path: Path, hook: Hook) -> None:
    data = empty_data_folder(tmp_path / "data")

    def load(number: int, **changes: Any) -> None:
        path = tmp_path / f"{len(list(tmp_path.glob('*.jsonl')))}.jsonl"
        assert ingest_files([capture(path, [award(number, **changes)])], data).problems == 0

    load(1)
    first = announcer(data, hook.url)
    load(6)
    assert first.announce(NOW)
    assert announcer(data, hook.url).announce(NOW)
    [message] = hook.messages
    assert message["message"].startswith("某市第6中学大模型教学平台采购项目\n采购人：")
    # An earlier notice of the award turns up, so the award gets another key.
    load(6, portal="other", url="https://elsewhere.example/6.html", fetched_at="2026-07-02T12:00:00+08:00")
    assert first.announce(NOW)
    assert hook.tries == 1


def test_what_is_known_at_the_start_is_not_sent_and_what_comes_after_is_sent_once(
    data: Path, hook: Hook, known: Known
) -> None:
    known(1, 2)
    first = announcer(data, hook.url)
    assert first.announce(NOW)
    assert hook.tries == 0
    known(3, 4)
    assert first.announce(NOW)
    assert [message["title"] for message in hook.messages] == ["大模型项目中标（成交）：新增 2 项"]
    assert first.announce(NOW)
    assert announcer(data, hook.url).announce(NOW)  # after a restart
    assert hook.tries == 1


def test_awards_from_before_the_start_are_not_sent_if_they_are_found_later(
    data: Path, hook: Hook, known: Known
) -> None:
    made = announcer(data, hook.url, start=date(2026, 7, 10))
    known(3, 20)
    made.announce(NOW)
    assert "第20中学" in hook.text
    assert "第3中学" not in hook.text


def test_what_was_not_delivered_is_sent_at_the_next_run_and_shown_meanwhile(
    data: Path, hook: Hook, caplog: pytest.LogCaptureFixture, known: Known
) -> None:
    made = announcer(data, hook.url)
    known(1, 2)
    hook.status = 500
    with caplog.at_level(logging.WARNING):
        assert not made.announce(NOW)
    [problem] = notifier.undelivered(data)
    assert problem.startswith(
        "announce.urls[1]: 2 new awards not delivered at 2026-08-01 12:00, sent again at the next run: "
    )
    assert "500" in problem
    [concern] = collect_status(data).concerns
    assert (concern.code, concern.text) == ("undelivered", problem)
    assert problem in caplog.text.replace("\n", "")
    hook.status = 200
    again = announcer(data, hook.url)
    assert notifier.undelivered(data) == [problem]
    assert again.announce(NOW)
    assert notifier.undelivered(data) == []
    assert hook.text.count("采购人：") == 2


def test_a_target_that_is_down_keeps_nothing_from_the_others_and_they_get_it_once(
    data: Path, hook: Hook, known: Known
) -> None:
    with hooked() as other:
        made = announcer(data, hook.url, other.url)
        known(1)
        hook.status = 503
        assert not made.announce(NOW)
        assert not made.announce(NOW)
        assert (len(hook.messages), len(other.messages)) == (0, 1)
        hook.status = 200
        assert made.announce(NOW)
        assert (len(hook.messages), len(other.messages)) == (1, 1)


def test_a_target_that_is_added_later_is_not_flooded(data: Path, hook: Hook, known: Known) -> None:
    announcer(data, hook.url).announce(NOW)
    known(1, 2)
    with hooked() as other:
        made = announcer(data, hook.url, other.url)
        made.announce(NOW)
        assert (hook.text.count("采购人："), other.tries) == (2, 0)
        # A target that was removed and comes back gets what it missed, and no more.
        announcer(data, other.url)
        known(3)
        announcer(data, hook.url, other.url).announce(NOW)
        assert (hook.text.count("采购人："), other.text.count("采购人：")) == (3, 1)


def test_many_awards_go_in_messages_that_a_chat_robot_takes(data: Path, hook: Hook, known: Known) -> None:
    made = announcer(data, hook.url)
    known(*range(1, 28))
    assert made.announce(NOW)
    sizes = [len(message["message"].encode()) for message in hook.messages]
    assert len(sizes) > 2
    assert max(sizes) <= 2048
    assert hook.text.count("采购人：") == 27
    days = [line[-10:] for line in hook.text.splitlines() if " · " in line]
    assert days == sorted(days)


def test_one_message_that_is_refused_for_its_words_does_not_keep_back_the_others(
    data: Path, hook: Hook, known: Known
) -> None:
    made = announcer(data, hook.url)
    known(*range(1, 28))
    hook.refused = "第2中学"
    assert not made.announce(NOW)
    assert not made.announce(NOW)
    assert len(notifier.undelivered(data)) == 1
    assert 0 < 27 - hook.text.count("采购人：") < 10
    hook.refused = ""
    assert made.announce(NOW)
    assert sorted(line for line in hook.text.splitlines() if line.startswith("采购人：")) == sorted(
        f"采购人：某市第{n}中学" for n in range(1, 28)
    )


def test_a_target_that_is_down_is_asked_twice_and_not_for_every_message(data: Path, hook: Hook, known: Known) -> None:
    made = announcer(data, hook.url)
    known(*range(1, 28))
    hook.status = 500
    assert not made.announce(NOW)
    assert hook.tries == 2


def test_secrets_come_from_the_environment_and_go_nowhere_else(data: Path, known: Known) -> None:
    logged = StringIO()
    handler = logging.StreamHandler(logged)  # as the command's; caplog would also hear what is not passed on
    logging.getLogger().addHandler(handler)
    try:
        made = announcer(data, "json://user:${TOKEN}@127.0.0.1:9/${TOKEN}")
        known(1)
        assert not made.announce(NOW)
        with pytest.raises(ConfigError):
            announcer(data, "nonsense://${TOKEN}")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "1 new awards not delivered" in logged.getvalue()
    kept = (data / "private" / "announced.json").read_text("utf-8")
    assert "s3cr3t" not in logged.getvalue() + kept + "".join(notifier.undelivered(data))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("json://${NO_SUCH_TOKEN}", "environment variable NO_SUCH_TOKEN is not set"),
        ("nonsense://x", "not an address that Apprise knows"),
        ("wecombot://", "not an address that Apprise knows"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_before_anything_is_crawled(
    data: Path, url: str, problem: str
) -> None:
    with pytest.raises(ConfigError, match=rf"tenders.toml: announce.urls\[1\]: .*{problem}"):
        announcer(data, url)
    assert not data.exists()


def test_a_damaged_record_of_what_was_sent_is_not_overwritten(data: Path, hook: Hook) -> None:
    path = data / "private" / "announced.json"
    path.parent.mkdir(parents=True)
    path.write_text("{half", "utf-8")
    with pytest.raises(ValueError, match=r"announced\.json is damaged: remove it"):
        announcer(data, hook.url)
    assert path.read_text("utf-8") == "{half"
    assert "is damaged" in notifier.undelivered(data)[0]


def test_a_feed_that_cannot_be_written_is_one_line(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    (data / "feed.xml").mkdir(parents=True)
    made = announcer(data, atom="feed.xml")
    assert not made.announce(NOW)
    assert caplog.messages == [f"the feed {data / 'feed.xml'} cannot be written: Is a directory"]


def test_the_feed_holds_the_newest_awards_and_stays_the_same_while_they_do(data: Path, known: Known) -> None:
    known(*range(1, 28), *range(101, 136))
    made = announcer(data, atom="public/feed.xml")
    made.announce(NOW)
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
    made.announce(NOW + timedelta(days=1))
    assert path.read_bytes() == before
    known(27 + 28)
    made.announce(NOW + timedelta(days=1))
    after = {entry.findtext(f"{ATOM}id", "") for entry in ET.fromstring(path.read_bytes()).findall(f"{ATOM}entry")}
    assert len(after - set(ids)) == 1
