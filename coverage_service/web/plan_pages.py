"""The controls about a person's plan: which one, what its papers say, what is used of it."""

from __future__ import annotations

from coverage_service.core.plan import Plan
from coverage_service.html.speech import gettext as _
from coverage_service.sources import Sources
from coverage_service.web.fields import UNSURE, Control, Option

NOT_CHOSEN = ("EAP", "medigap")
"""Kinds of plan that stand beside another plan, so nobody has one alone."""


def plan_controls(sources: Sources) -> tuple[Control, ...]:
    """A listed plan, one's own plan from its papers, no plan, or not sure."""
    listed = Control(
        name="plan",
        kind="select",
        label=_("Your plan"),
        hint=_("The name is on your card."),
        options=(Option(value="", label=_("Choose a plan")), *_plans(sources)),
        needed=True,
    )
    return (
        Control(
            name="cover",
            kind="radios",
            label=_("How would you pay for the visits?"),
            needed=True,
            options=(
                Option(value="listed", label=_("With a plan from our list"), opens=(listed,)),
                Option(
                    value="own",
                    label=_("With another plan"),
                    hint=_("You will need its summary or your card."),
                ),
                Option(value="none", label=_("Without insurance")),
                Option(value=UNSURE, label=_("I’m not sure")),
            ),
        ),
    )


def _plans(sources: Sources) -> list[Option]:
    chosen = [(id, dated[-1]) for id, dated in sources.plans.items()]
    shown = sorted((_named(entry), id) for id, entry in chosen if entry.market.kind not in NOT_CHOSEN)
    return [Option(value=id, label=name) for name, id in shown]


def _named(entry: Plan) -> str:
    name = entry.name or entry.id
    old = _("%(name)s (old, shows how it works)", name=name)
    made_up = _("%(name)s (made up, shows how it works)", name=name)
    return {"retired": old, "example": made_up}.get(entry.status, name)


def own_controls() -> tuple[Control, ...]:
    """What a plan's summary prints about outpatient mental health visits."""
    return (
        Control(
            name="own_share",
            kind="radios",
            label=_("What do you owe for a visit in network?"),
            needed=True,
            options=(
                Option(
                    value="copay",
                    label=_("A fixed amount (copay)"),
                    opens=(_dollars("own_copay", _("Copay for a visit"), needed=True),),
                ),
                Option(
                    value="percent",
                    label=_("A percent of the price (coinsurance)"),
                    opens=(_percent("own_percent"),),
                ),
                Option(
                    value="both",
                    label=_("A fixed amount and a percent"),
                    opens=(
                        _dollars("own_both_copay", _("Copay for a visit"), needed=True),
                        _percent("own_both_percent"),
                    ),
                ),
                Option(value="nothing", label=_("Nothing")),
                Option(value=UNSURE, label=_("I’m not sure")),
            ),
        ),
        Control(
            name="own_first",
            kind="radios",
            label=_("Do you have to meet the deductible first?"),
            hint=_("A summary says “after deductible” or “deductible does not apply”."),
            needed=True,
            options=(
                Option(value="yes", label=_("Yes, the deductible comes first")),
                Option(value="no", label=_("No, it does not apply to these visits")),
                Option(value=UNSURE, label=_("I’m not sure: show both")),
            ),
        ),
        _dollars(
            "own_deductible", _("Deductible for one person, in network"), _("Write 0 if there is none.")
        ),
        _dollars("own_used", _("How much of the deductible is met this year")),
        _dollars("own_maximum", _("Out-of-pocket maximum for one person, in network")),
    )


def used_controls() -> tuple[Control, ...]:
    """How much of the deductible is met."""
    amount = _dollars("used_amount", _("About how much"), needed=True)
    return (
        Control(
            name="used",
            kind="radios",
            label=_("Have you paid anything toward your deductible this year?"),
            needed=True,
            options=(
                Option(value="some", label=_("Yes, about …"), opens=(amount,)),
                Option(value="nothing", label=_("No, nothing yet")),
                Option(value=UNSURE, label=_("I’m not sure")),
            ),
        ),
    )


def _dollars(name: str, label: str, hint: str = "", *, needed: bool = False) -> Control:
    return Control(name=name, kind="money", label=label, hint=hint, needed=needed)


def _percent(name: str) -> Control:
    return Control(name=name, kind="percent", label=_("Your percent"), needed=True)
