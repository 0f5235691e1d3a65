"""Free sessions of an employee assistance programme, then another way to pay."""

from __future__ import annotations

from collections.abc import Mapping

from coverage_service.core.answer import Note
from coverage_service.core.eras import tell_carried
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.plan import Plan
from coverage_service.core.priced import Facts
from coverage_service.core.schedule import in_force
from coverage_service.core.selfpay import EapFirst
from coverage_service.core.unknowns import Figure, exactly
from coverage_service.core.way import (
    EAP_FIRST,
    FULL_FEE,
    IN_NETWORK,
    MAYBE,
    NO,
    OUT_OF_NETWORK,
    SLIDING_FEE,
    YES,
    Way,
)

FOLLOWS_EAP = (IN_NETWORK, OUT_OF_NETWORK, SLIDING_FEE, FULL_FEE)


def eap_first_way(facts: Facts, ways: list[Way]) -> Way:
    """Free sessions, then the first pathway that is not impossible."""
    eap = facts.request.eap
    if eap is None:
        return Way(EAP_FIRST, MAYBE, (Note("eap_not_described"),))
    by_id = {way.id: way for way in ways}
    then = next((by_id[id] for id in FOLLOWS_EAP if by_id[id].possible != NO and by_id[id].route), None)
    if then is None or then.route is None:
        return Way(EAP_FIRST, NO, (Note("nothing_follows_eap"),))
    plan = in_force(eap.entries, facts.course.first) or eap.entries[0]
    tell_carried("plan", (plan,), facts.course.dates, facts.findings)
    panel = on_panel(facts, plan)
    if panel is False:
        return Way(EAP_FIRST, NO, (Note("not_on_eap_panel", {}, plan.origin),))
    left = sessions_left(plan, eap.used.visits, panel is True)
    asks = eap_asks(plan, eap.used.visits, panel)
    possible = YES if panel is True else MAYBE
    reasons = () if panel is True else (Note("eap_panel_unknown", {}, plan.origin),)
    why = facts.findings.because("eap_session", plan.origin, plan=plan.id)
    return Way(
        EAP_FIRST, possible, reasons, EapFirst(then.route, left, why, asks), then.id,
        ceiling_only=then.ceiling_only, unplanned=then.unplanned,
    )  # fmt: skip


def on_panel(facts: Facts, plan: Plan) -> bool | None:
    """Whether the clinician works for the programme; None = not known."""
    programmes = facts.therapist.eap_programmes if facts.therapist else UNKNOWN
    return None if isinstance(programmes, Unknown) else plan.id in programmes


def eap_asks(plan: Plan, used: Mapping[str, int], panel: bool | None) -> tuple[str, ...]:
    """Which facts of a programme are open: the sessions left, the clinician's panel."""
    counted = any(row.visits is not None and row.visits.pool in used for row in plan.benefits)
    return (*(() if counted else ("eap",)), *(("eap_panel",) if panel is None else ()))


def sessions_left(plan: Plan, used: Mapping[str, int], panel: bool) -> Figure:
    """Free sessions left as a count: the programme's number less those used."""
    row = next((b for b in plan.benefits if b.visits is not None), None)
    if row is None or row.visits is None:
        return Figure(0, None, 0)
    taken = used.get(row.visits.pool)
    number = row.visits.visits
    if taken is not None and panel:
        return exactly(max(0, number - taken))
    return Figure(0, None, number if taken is None else max(0, number - taken))
