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
    """Date, fee, what the plan pays where there is one, what the patient pays and what for."""
    visits = [each for group in groups for each in group]
    told = _told(visits, events)
    figures = {figures: _figures(each, insured) for figures, each in {v.figures: v for v in visits}.items()}
    rows = []
    for group in groups:
        if monthly:
            rows.append(_sum(month(group[0].first), group, "group", insured))
        for each in group:
            amounts, paid = figures[each.figures]
            note = " · ".join([*paid, *told.get(each, ())])
            rows.append(TableRow((full_day(each.first), *amounts, note)))
    rows.append(_sum(_("In all"), visits, "total", insured))
    plans = (_("Plan pays"),) if insured else ()
    head = (_("Date"), _("Fee"), *plans, _("You pay"), _("Note"))
    return Table(_("Session by session"), head, tuple(rows), note=True)


def _sum(name: str, visits: Sequence[Visit], kind: str, insured: bool) -> TableRow:
    whole = added(visits)
    count = ngettext("%(num)d session", "%(num)d sessions", whole.sessions)
    return TableRow((name, *_amounts(whole, insured), str(count)), kind)


def _amounts(visit: Visit, insured: bool) -> tuple[str, ...]:
    plans = (money(visit.plans),) if insured else ()
    return money(visit.billed), *plans, money(visit.patient)


def _figures(visit: Visit, insured: bool) -> tuple[tuple[str, ...], list[str]]:
    """The amounts and what the patient pays for: the same for all visits that cost the same."""
    paid = [
        _("%(part)s %(amount)s", part=part_name(name, insured), amount=money(cents))
        for name, cents in zip(SHARES, visit.shares, strict=True)
        if cents
    ]
    return _amounts(visit, insured), [*paid, _("Free session")] if visit.free else paid


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
