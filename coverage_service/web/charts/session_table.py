"""The session bars as a table: a line for each session, after its month where months are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from coverage_service.core.answer import Event
from coverage_service.html.speech import gettext as _
from coverage_service.html.speech import ngettext
from coverage_service.web.charts.tables import Table, TableRow
from coverage_service.web.charts.visits import AFTER, Visit, added, boundary
from coverage_service.web.charts.waterfall import SHARES
from coverage_service.web.charts.words import EVENTS, day, full_day, money, month, part_name


def session_table(
    groups: Sequence[Sequence[Visit]], events: Sequence[Event], monthly: bool, insured: bool = True
) -> Table:
    """Date, fee, what the plan pays, what the patient pays and what for."""
    visits = [each for group in groups for each in group]
    told = _told(visits, events)
    rows = []
    for group in groups:
        if monthly:
            whole = added(group)
            rows.append(_row(month(whole.first), whole, _count(whole), "group"))
        rows.extend(
            _row(full_day(each.first), each, _note(each, told.get(each, ()), insured)) for each in group
        )
    whole = added(visits)
    rows.append(_row(_("In all"), whole, _count(whole), "total"))
    head = (_("Date"), _("Fee"), _("Plan pays"), _("You pay"), _("Note"))
    return Table(_("Session by session"), head, tuple(rows), note=True)


def _row(name: str, visit: Visit, note: str, kind: str = "") -> TableRow:
    return TableRow((name, money(visit.billed), money(visit.plans), money(visit.patient), note), kind)


def _count(visit: Visit) -> str:
    return str(ngettext("%(num)d session", "%(num)d sessions", visit.sessions))


def _told(visits: Sequence[Visit], events: Sequence[Event]) -> dict[Visit, list[str]]:
    """The events beside the session that brings them about or follows them."""
    told: dict[Visit, list[str]] = {}
    for event in events:
        if event.code in EVENTS:
            at = boundary(event, visits) - (event.code in AFTER)
            visit = visits[min(max(at, 0), len(visits) - 1)]
            words = str(EVENTS[event.code])
            same = visit.first == event.on
            told.setdefault(visit, []).append(
                words[:1].upper() + words[1:]
                if same
                else _("%(day)s: %(event)s", day=day(event.on), event=words)
            )
    return told


def _note(visit: Visit, told: Sequence[str], insured: bool) -> str:
    """What the patient pays for, then what happens."""
    paid = [
        _("%(part)s %(amount)s", part=part_name(name, insured), amount=money(cents))
        for name, cents in zip(SHARES, visit.shares, strict=True)
        if cents
    ]
    free = [_("Free session")] if visit.free else []
    return " · ".join([*paid, *free, *told])
