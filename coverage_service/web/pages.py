"""The question pages up to the first estimate: at most six, one thing on each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from coverage_service.core.plan import DEDUCTIBLE, Plan
from coverage_service.core.sliding_scale import OF_INCOME
from coverage_service.core.therapist import Sliding, Therapist
from coverage_service.core.wording import Wording
from coverage_service.html.speech import gettext as _
from coverage_service.sources import Sources
from coverage_service.web import plan_pages, visit_pages
from coverage_service.web.answers import Answers
from coverage_service.web.fields import Control, every

MOST: Final = 6
MEDICARE: Final = "medicare"
OPTED_OUT: Final = "opted_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One question page.  ``terms`` are the words of the glossary that it explains."""

    id: str
    title: str
    why: str
    controls: tuple[Control, ...]
    terms: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The controls of the page, those that open beneath an option among them."""
        return frozenset(control.name for control in every(self.controls))


@dataclass(frozen=True)
class Asking:
    """What decides which pages are asked and what they offer; looked up once for a form."""

    sources: Sources
    wording: Wording
    answers: Answers

    @cached_property
    def plan(self) -> tuple[Plan, ...]:
        """The entries of the listed plan that was chosen."""
        if self.answers.get("cover") != "listed":
            return ()
        return self.sources.plans.get(self.answers.get("plan", ""), ())

    @cached_property
    def therapist(self) -> tuple[Therapist, ...]:
        """The entries of the listed therapist that was chosen."""
        if self.answers.get("who") != "listed":
            return ()
        return self.sources.therapists.get(self.answers.get("therapist", ""), ())

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """The ids of the pages that apply, in the order they are asked."""
        return tuple([id for id, (applies, _make) in PAGES.items() if applies(self)])

    @cached_property
    def offer(self) -> Offer:
        """What the words of the pages depend on."""
        cover = self.answers.get("cover")
        medicare = any(entry.market.kind == MEDICARE for entry in self.plan)
        return Offer(self.sources, self.wording, cover in ("listed", "own"), cover == "none", medicare)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a page is made of: facts alone, and whether there is a plan, none, or Medicare.

    Neither ``insured`` nor ``uninsured``: nobody said.
    """

    sources: Sources
    wording: Wording
    insured: bool
    uninsured: bool
    medicare: bool


def page(id: str, asking: Asking) -> Page:
    """A page with its words in the reader's language; KeyError for another id.

    It is made once for these facts, and holds nothing that anybody answered.
    """
    made, offer = asking.sources.made, asking.offer
    key = (id, offer.wording.language, offer.insured, offer.uninsured, offer.medicare)
    if key not in made:
        made[key] = PAGES[id][1](offer)
    found: Page = made[key]
    return found


def next_page(id: str, asking: Asking) -> str | None:
    """The page after one, or None when the first estimate can be made."""
    ids = asking.pages
    after = ids[ids.index(id) + 1 :] if id in ids else ids
    return next(iter(after), None)


def page_before(id: str, asking: Asking) -> str | None:
    """The page before one, or None on the first."""
    ids = asking.pages
    place = ids.index(id) if id in ids else 0
    return ids[place - 1] if place else None


def _always(_asking: Asking) -> bool:
    return True


def _plan_may_pay(asking: Asking) -> bool:
    """What somebody wants help with decides what a plan pays for, and nothing where none can pay.

    Nobody has one, or the therapist has opted out of it.
    """
    said = asking.answers
    out = said.get("network") == OPTED_OUT and asking.offer.medicare
    return said.get("cover") != "none" and not out


def _own(asking: Asking) -> bool:
    return asking.answers.get("cover") == "own"


def _has_deductible(asking: Asking) -> bool:
    limits = (limit for entry in asking.plan for limit in entry.limits if limit.kind == DEDUCTIBLE)
    has = any(isinstance(limit.person, int) and limit.person > 0 for limit in limits)
    return has and _plan_may_pay(asking)


def _pays_by_income(asking: Asking) -> bool:
    """Income is asked only where it can change a fee: no plan pays, and a scale goes by income."""
    scales = (entry.sliding for entry in asking.therapist)
    return not _plan_may_pay(asking) and any(
        isinstance(scale, Sliding) and scale.model in OF_INCOME for scale in scales
    )


def _plan_page(offer: Offer) -> Page:
    return Page(
        id="plan",
        title=_("How would you pay for the visits?"),
        why=_("Each plan has its own rules. Without a plan, we look at the fee of the practice."),
        controls=plan_pages.plan_controls(offer.sources),
    )


def _own_page(_offer: Offer) -> Page:
    return Page(
        id="own",
        title=_("What does your plan say about mental health visits?"),
        why=_(
            "Look for “outpatient mental health” in your plan’s summary, or on the back of your card."
            " Leave blank what you do not find."
        ),
        controls=plan_pages.own_controls(),
        terms=("deductible", "copay", "coinsurance", "out_of_pocket_maximum"),
    )


def _therapist_page(offer: Offer) -> Page:
    return Page(
        id="therapist",
        title=_("Which therapist do you have in mind?"),
        why=_("Every way to pay starts from the fee.")
        if offer.uninsured
        else _(
            "Every way to pay starts from the fee and from the contract the therapist has with your plan."
        ),
        controls=visit_pages.therapist_controls(offer.sources, offer.insured, offer.medicare),
        terms=("in_network", "out_of_network") if offer.insured and not offer.medicare else (),
    )


def _concern_page(offer: Offer) -> Page:
    return Page(
        id="concern",
        title=_("What would you like help with?"),
        why=_(
            "Plans pay by the diagnosis on the claim. From this we see which kinds a plan may pay for."
            " We do not diagnose, and you need not say."
        ),
        controls=visit_pages.concern_controls(offer.sources, offer.wording.language),
        terms=("diagnosis",),
    )


def _people_page(_offer: Offer) -> Page:
    return Page(
        id="people",
        title=_("Who would be in the sessions?"),
        why=_("Visits alone and visits with a partner have their own codes, prices and rules."),
        controls=visit_pages.people_controls(),
    )


def _course_page(offer: Offer) -> Page:
    return Page(
        id="course",
        title=_("What sessions should we price?"),
        why=_("How many, how long and how often: this moves the total more than most things."),
        controls=visit_pages.course_controls(offer.uninsured),
    )


def _used_page(_offer: Offer) -> Page:
    return Page(
        id="used",
        title=_("Have you paid anything toward your deductible this year?"),
        why=_("Until it is met, you may pay the whole allowed amount. Your plan’s website shows it."),
        controls=plan_pages.used_controls(),
        terms=("deductible", "allowed_amount"),
    )


def _household_page(offer: Offer) -> Page:
    return Page(
        id="household",
        title=_("What does your household live on?"),
        why=_("The practice sets its fee by income. We use this for the fee and keep none of it."),
        controls=visit_pages.household_controls(offer.wording),
        terms=("sliding_scale",),
    )


PAGES: Final[dict[str, tuple[Callable[[Asking], bool], Callable[[Offer], Page]]]] = {
    "plan": (_always, _plan_page),
    "own": (_own, _own_page),
    "therapist": (_always, _therapist_page),
    "concern": (_plan_may_pay, _concern_page),
    "people": (_always, _people_page),
    "course": (_always, _course_page),
    "used": (_has_deductible, _used_page),
    "household": (_pays_by_income, _household_page),
}
"""When each page applies, and how it is made.  No two of the last three and ``own`` go together."""
