"""The Atom feed of awards as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from tenders.notify import atom

NOW = datetime(2026, 8, 1, 4, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def test_hostile_text_stays_text_in_the_feed() -> None:
    entry = atom.Entry(
        "k",
        "<b>&\x00]]>\ud7ff\ufffe",
        "a\x0b<script>\u2028",
        NOW,
        ['https://x.example/"><a b="ü\x01', "https://x.example/2"],
    )
    root = ET.fromstring(atom.render_feed([entry]))
    [node] = root.findall(f"{ATOM}entry")
    # Characters that XML cannot hold become spaces.
    assert node.findtext(f"{ATOM}title") == "<b>& ]]>\ud7ff "
    assert node.findtext(f"{ATOM}content") == "a <script>\u2028"
    links = [(link.attrib["rel"], link.attrib["href"]) for link in node.findall(f"{ATOM}link")]
    assert links == [("alternate", "https://x.example/%22%3E%3Ca%20b=%22%C3%BC%20"), ("related", "https://x.example/2")]


def test_a_feed_without_awards_is_a_feed(tmp_path: Path) -> None:
    atom.write_feed(tmp_path / "new" / "feed.xml", [])
    root = ET.fromstring((tmp_path / "new" / "feed.xml").read_bytes())
    assert (root.tag, root.findall(f"{ATOM}entry")) == (f"{ATOM}feed", [])
