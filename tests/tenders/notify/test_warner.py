"""What needs a person, as one message for whoever runs the tool unattended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tenders.config.models import AnnounceSection
from tenders.config.project import Config, ConfigError
from tenders.notify import warner
from tenders.notify.delivery import MESSAGE_BYTES, Address
from tenders.notify.warner import Warner, message_body

NOW = datetime(2026, 8, 1, 4, tzinfo=UTC)
HOOK = "json://127.0.0.1:9/hook"


class Sent:
    """What was sent in place of a delivery; ``refusal`` is why an address takes nothing."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.refusal: str | None = None

    def deliver(self, address: Address, title: str, body: str) -> str | None:
        if self.refusal is None:
            self.messages.append((title, body))
        return self.refusal


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    made = Sent()
    monkeypatch.setattr(warner, "deliver", made.deliver)
    return made


def warn(data: Path, *troubles: str, days: float = 0) -> bool:
    config = Config(Path("tenders.toml"), announce=AnnounceSection(warn_urls=(HOOK,)))
    lines = [f"{trouble} since {days} days" for trouble in troubles]
    return Warner(config, data, {}).warn(troubles, lines, NOW + timedelta(days=days))


def test_a_trouble_is_sent_once_and_again_only_when_it_changes(tmp_path: Path, sent: Sent) -> None:
    assert warn(tmp_path)
    assert sent.messages == [], "nothing was ever wrong"
    for days in (0, 1, 2):
        assert warn(tmp_path, "disk:", "stale:ccgp", days=days)
    assert sent.messages == [("tenders：需要人工处理 2 项", "disk: since 0 days\nstale:ccgp since 0 days")]
    warn(tmp_path, "stale:ccgp", days=3)
    assert sent.messages[1:] == [("tenders：需要人工处理 1 项", "stale:ccgp since 3 days")]
    warn(tmp_path, days=4)
    warn(tmp_path, days=6)
    assert sent.messages[2:] == [("tenders：一切正常", "一切正常")]


def test_what_changes_within_a_day_waits_for_the_next(tmp_path: Path, sent: Sent) -> None:
    warn(tmp_path, "disk:")
    for hours in (1, 2, 23):
        warn(tmp_path, "disk:", "load:", days=hours / 24)
    assert len(sent.messages) == 1
    warn(tmp_path, "disk:", "load:", days=1)
    assert [title for title, _ in sent.messages[1:]] == ["tenders：需要人工处理 2 项"]


def test_what_was_not_delivered_is_sent_again(tmp_path: Path, sent: Sent, caplog: pytest.LogCaptureFixture) -> None:
    sent.refusal = "500"
    assert not warn(tmp_path, "disk:")
    assert "announce.warn_urls[1]: the warning was not delivered, it is sent again later: 500" in caplog.text
    sent.refusal = None
    assert warn(tmp_path, "disk:", days=0.1)
    assert len(sent.messages) == 1


def test_a_damaged_record_costs_one_more_message(tmp_path: Path, sent: Sent) -> None:
    warn(tmp_path, "disk:")
    for content in ("{half", "[]", '{"x": 1}'):
        (tmp_path / "private" / "warned.json").write_text(content, "utf-8")
        assert warn(tmp_path, "disk:", days=2)
    assert len(sent.messages) == 4


def test_many_lines_fit_in_a_message_that_a_chat_takes_and_call_nobody() -> None:
    body = message_body([f'某平台 {number}：@all <at user_id="all"> \x1b[31m列表为空\n' for number in range(90)])
    assert len(body.encode()) <= MESSAGE_BYTES
    assert body.splitlines()[-1].startswith("另有 ")
    assert not any(sign in body for sign in ("@all", "<at", "\x1b"))


def test_an_address_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    config = Config(Path("tenders.toml"), announce=AnnounceSection(warn_urls=(HOOK, "nonsense://x")))
    with pytest.raises(ConfigError, match=r"announce\.warn_urls\[2\]: .*not an address that Apprise knows"):
        Warner(config, tmp_path, {})
