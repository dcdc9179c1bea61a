"""Project numbers that end with the number of a lot: ``ZB-2025-22-01`` and ``ZB-2025-22-02`` are one project.

Such a number alone may also be the project's own. The lots that several notices name decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from analysis.awards.facts import NoticeFacts
from analysis.awards.project_identity import base_name, name_without_lot

_Project = tuple[str, str, str, str]


def with_project_numbers(notices: Iterable[NoticeFacts]) -> list[NoticeFacts]:
    """Return the notices, each with the number of its project where it has that of one of the project's lots.

    A number is that of a lot if it ends with the lot's own number (``-02`` in a notice of lot 2 only), and if the same
    portal has a notice of the same buyer and project with the number of another lot, or with the project's number.
    """
    all_notices = list(notices)
    lot_numbers = {notice.key: numbers for notice in all_notices if (numbers := _project_and_key(notice)) is not None}
    if not lot_numbers:
        return all_notices
    spellings: dict[_Project, set[str | None]] = defaultdict(set)
    for own_project, _ in lot_numbers.values():
        spellings[own_project] = set()
    for notice in all_notices:
        of_lot = lot_numbers.get(notice.key)
        project = of_lot[0] if of_lot is not None else _project(notice, notice.number_key)
        if project is not None and project in spellings:
            spellings[project].add(notice.number_key)
    return [
        replace(notice, project_number=lot_numbers[notice.key][1], number_key=lot_numbers[notice.key][0][-1])
        if notice.key in lot_numbers and len(spellings[lot_numbers[notice.key][0]]) > 1
        else notice
        for notice in all_notices
    ]


def _project_and_key(notice: NoticeFacts) -> tuple[_Project, str] | None:
    """Return the project and the number that a notice of one lot would have without the lot's number."""
    numbers = {lot.no for lot in notice.lots if lot.numbered}
    if len(numbers) != 1 or not notice.number_key or not notice.project_number:
        return None
    end = re.search(rf"[-_/—－]\s*(?P<lot>0{{0,2}}{numbers.pop()})$", notice.project_number)
    if end is None or not notice.number_key.endswith(end["lot"]):
        return None
    project = _project(notice, notice.number_key.removesuffix(end["lot"]).rstrip("_/"))
    return None if project is None else (project, notice.project_number[: end.start()])


def _project(notice: NoticeFacts, number_key: str | None) -> _Project | None:
    name = base_name(notice.name_key)
    if not name or not notice.buyer_key or not number_key:
        return None
    return notice.portal, notice.buyer_key, name_without_lot(name) or name, number_key
