"""Renders a notice of the world as the page that CCGP would send."""

from __future__ import annotations

from random import Random

from tests.replica import page
from tests.replica.forms import corrections, national, registry
from tests.replica.forms.common import Draw, attachments, summary_table
from tests.replica.model import Event, Project

_SUFFIXES = ("pzIna6", "pzlna3", "pzln52gui", "pzlnb1", "pzIn33gd")


def draw_of(project: Project, event: Event) -> Draw:
    """Return the page with its own random stream.

    The stream depends only on the notice, not on the order in which pages are drawn.
    """
    return Draw(project, event, Random(f"{project.number}|{event.path}"))


def draw_body(draw: Draw) -> str:
    """Return the body of a page in the form of its platform."""
    what = draw.event.what
    if what == "award":
        return registry.award(draw)
    if what == "failed":
        return registry.failed(draw)
    return {
        "void": national.void,
        "correction": corrections.correction,
        "clarification": corrections.clarification,
        "tender": national.tender,
        "contract": national.contract,
    }[what](draw)


def draw_page(project: Project, event: Event, skin: page.Skin = page.SKIN) -> str:
    """Return the complete page as CCGP sends it."""
    draw = draw_of(project, event)
    text = draw_body(draw)
    bare = event.form == "central_batch" and draw.rng.random() < 0.5  # some batches have no summary table
    return page.detail_page(
        title=event.title,
        at=event.at,
        scope=project.buyer.scope,
        channel=event.channel,
        suffix=draw.rng.choice(_SUFFIXES),
        summary="" if bare else summary_table(draw),
        body=text,
        attachments=attachments(draw),
        skin=skin,
    )
