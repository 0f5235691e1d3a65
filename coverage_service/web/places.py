"""What a session costs in the office and by video, where the plan tells them apart."""

from __future__ import annotations

from typing import Final

from coverage_service.core.answer import Estimate, Pathway
from coverage_service.core.request import Request
from coverage_service.core.schedule import in_force
from coverage_service.figures import touches
from coverage_service.html.speech import gettext as _
from coverage_service.web.sentences import readings

VIDEO: Final = "telehealth"
QUESTION: Final = "modality"


def places_of(found: Estimate, pathway: Pathway | None, request: Request) -> tuple[str, ...]:
    """A sentence for the office and one for video; none where the visit's place is known or moves nothing."""
    plan = in_force(request.plan, request.as_of)
    if pathway is None or plan is None:
        return ()
    if not any(each.id == QUESTION and touches(each, pathway.id) for each in found.unknowns):
        return ()
    by_place = {row.origin.place: row.modality == VIDEO for row in plan.benefits}
    shares: dict[bool, set[str]] = {False: set(), True: set()}
    for why in found.why:
        if why.code == "cost_sharing" and why.origin.place in by_place and why.params.get("phrases"):
            shares[by_place[why.origin.place]].add(readings(why.params["phrases"]))
    # A plan that counts the visits has another share later on: one sentence would be wrong.
    if any(len(each) != 1 for each in shares.values()) or shares[False] == shares[True]:
        return ()
    return (
        _("In the office: %(share)s.", share=shares[False].pop()),
        _("By video: %(share)s.", share=shares[True].pop()),
    )
