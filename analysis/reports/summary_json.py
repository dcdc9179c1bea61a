"""A summary as the JSON object that programs read: the keys, their order and the way figures are written are public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from analysis.figures.coverage import Coverage
from analysis.figures.summary import DIMENSIONS, Comparison, LargeAward, Part, Summary
from analysis.figures.vintages import CauseChange, Revisions

Object = dict[str, Any]


def as_json(summary: Summary) -> Object:
    """Return the summary as plain JSON values. Amounts in yuan are texts, so that no digit is lost; days are ISO."""
    return {
        "month": summary.period.key if summary.period.is_month else None,
        "period": summary.period.key,
        "definition": summary.definition,
        "as_of": None if summary.as_of is None else summary.as_of.isoformat(),
        "awards": summary.awards,
        "disclosed": summary.disclosed,
        "undisclosed": summary.undisclosed,
        "flagged": summary.flagged,
        "amount_yuan": _text(summary.amount_yuan),
        "amount_yi": summary.amount_yi,
        "awards_yoy_pct": summary.yoy.awards_pct,
        "amount_yoy_pct": summary.yoy.amount_pct,
        "awards_mom_pct": summary.prev.awards_pct if summary.period.is_month else None,
        "amount_mom_pct": summary.prev.amount_pct if summary.period.is_month else None,
        "awards_prev_pct": summary.prev.awards_pct,
        "amount_prev_pct": summary.prev.amount_pct,
        **{f"by_{dimension}": _parts(parts, DIMENSIONS[dimension]) for dimension, parts in summary.breakdowns.items()},
        "base": {name: _base(comparison) for name, comparison in _comparisons(summary)},
        "largest": [_large_award(award) for award in summary.largest],
        "like_for_like": {name: _alike(comparison) for name, comparison in _comparisons(summary)},
        "revisions": None if summary.revisions is None else _revisions(summary.revisions),
        "named_awards": None if summary.named_awards is None else asdict(summary.named_awards),
        "coverage": coverage_json(summary.coverage),
        "published": {
            "period": summary.period.key,
            "figures": [asdict(figure) for figure in summary.published],
        },
    }


def _comparisons(summary: Summary) -> list[tuple[str, Comparison]]:
    """Return the comparisons by their keys. That of a month with the month before also has its old name."""
    month_on_month = [("mom", summary.prev)] if summary.period.is_month else []
    return [("yoy", summary.yoy), *month_on_month, ("prev", summary.prev)]


def coverage_json(coverage: Coverage) -> Object:
    """Return what a summary says of its coverage as plain JSON values."""
    return {
        "state": coverage.state,
        "days": coverage.days,
        "notices": coverage.notices,
        "portals": [asdict(portal) for portal in coverage.portals],
        "portals_complete": coverage.portals_complete,
        "never_crawled": list(coverage.never_crawled),
        "bases": [asdict(base) for base in coverage.bases],
        "alarms": list(coverage.alarms),
        "words_zh": coverage.words_zh,
        "words_en": coverage.words_en,
    }


def _parts(parts: Sequence[Part], column: str) -> list[Object]:
    return [
        {
            column: part.code,
            "awards": part.awards,
            "disclosed": part.disclosed,
            "amount_yuan": _text(part.amount_yuan),
            "amount_yi": part.amount_yi,
            "awards_share_pct": part.awards_share_pct,
            "amount_share_pct": part.amount_share_pct,
            "awards_share_yoy_points": part.awards_share_yoy_points,
            "amount_share_yoy_points": part.amount_share_yoy_points,
            "awards_share_prev_points": part.awards_share_prev_points,
            "amount_share_prev_points": part.amount_share_prev_points,
        }
        for part in parts
    ]


def _base(comparison: Comparison) -> Object:
    base = comparison.base
    return {
        "month": base.period.key if base.period.is_month else None,
        "period": base.period.key,
        "is_known": comparison.is_known,
        "awards": base.awards,
        "amount_yuan": _text(base.amount_yuan),
        "amount_yi": base.amount_yi,
    }


def _large_award(award: LargeAward) -> Object:
    return {
        "award_key": award.award_key,
        "project_name": award.project_name,
        "buyer": award.buyer,
        "suppliers": list(award.suppliers),
        "amount_yuan": str(award.amount_yuan),
    }


def _alike(comparison: Comparison) -> Object:
    alike, base = comparison.like_for_like, comparison.base.period
    return {
        "base_month": base.key if base.is_month else None,
        "base_period": base.key,
        "portals": None if alike.portals is None else list(alike.portals),
        "awards": alike.awards,
        "base_awards": alike.base_awards,
        "awards_pct": alike.awards_pct,
        "amount_yuan": _text(alike.amount_yuan),
        "base_amount_yuan": _text(alike.base_amount_yuan),
        "amount_pct": alike.amount_pct,
    }


def _revisions(revisions: Revisions) -> Object:
    return {
        "since": revisions.since.isoformat(),
        "awards": revisions.awards,
        "disclosed": revisions.disclosed,
        "amount_yuan": _text(revisions.amount_yuan),
        "causes": [_cause(cause) for cause in revisions.causes],
    }


def _cause(cause: CauseChange) -> Object:
    return {
        "cause": cause.cause,
        "changes": cause.changes,
        "awards_change": cause.awards_change,
        "disclosed_change": cause.disclosed_change,
        "amount_change_yuan": str(cause.amount_change_yuan),
    }


def _text(amount_yuan: Decimal | None) -> str | None:
    return None if amount_yuan is None else str(amount_yuan)
