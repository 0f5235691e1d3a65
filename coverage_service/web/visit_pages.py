"""The controls about the visits: with whom, for what, how many, and the household behind a fee."""

from __future__ import annotations

from coverage_service.core.wording import Wording
from coverage_service.html.speech import gettext as _
from coverage_service.request_schema import MOST_SESSIONS
from coverage_service.sources import Sources
from coverage_service.web.fields import UNSURE, Control, Option, counted

COUNTS = ("6", "12", "20")
OTHER = "other"
INTERVALS = ("7", "14", "28")


def therapist_controls(sources: Sources, insured: bool, medicare: bool) -> tuple[Control, ...]:
    """A listed practice, or just its fee; and its standing with the plan, where there is one."""
    practices = sorted((dated[-1].name or id, id) for id, dated in sources.therapists.items())
    listed = Control(
        name="therapist",
        kind="select",
        label=_("The practice"),
        options=(
            Option(value="", label=_("Choose a practice")),
            *(Option(value=id, label=name) for name, id in practices),
        ),
        needed=True,
    )
    fees = (
        Control(name="fee", kind="money", label=_("Fee for one session"), needed=True),
        Control(
            name="first_fee",
            kind="money",
            label=_("Fee for the first visit, if it is another one"),
            hint=_("Left blank, the first visit counts like the others."),
        ),
    )
    who = Control(
        name="who",
        kind="radios",
        label=_("Which therapist do you have in mind?"),
        needed=True,
        options=(
            Option(value="listed", label=_("A practice from our list"), opens=(listed,)),
            Option(value="fee", label=_("Another one: I know the fee"), opens=fees),
            Option(value=UNSURE, label=_("I’m not sure yet")),
        ),
    )
    return (who, _network(medicare)) if insured else (who,)


def _network(medicare: bool) -> Control:
    inside, outside = (
        (_("Yes, and accepts its price"), _("Takes Medicare, but not always its price"))
        if medicare
        else (_("Yes, in network"), _("No, out of network"))
    )
    opted_out = (Option(value="opted_out", label=_("Has opted out of Medicare")),) if medicare else ()
    return Control(
        name="network",
        kind="radios",
        label=_("Does the therapist take Medicare?")
        if medicare
        else _("Is the therapist in your plan’s network?"),
        needed=True,
        options=(
            Option(value="in", label=inside),
            Option(value="out", label=outside),
            *opted_out,
            Option(value=UNSURE, label=_("I’m not sure")),
        ),
    )


def concern_controls(sources: Sources, language: str) -> tuple[Control, ...]:
    """The concerns of the rule book in plain words, and the right not to say."""
    concerns = sources.book.reference.concerns.values()
    return (
        Control(
            name="concern",
            kind="radios",
            label=_("What would you like help with?"),
            needed=True,
            options=(
                *(
                    Option(value=each.id, label=each.labels.get(language) or each.labels["en"])
                    for each in concerns
                ),
                Option(value=UNSURE, label=_("Something else, or I’d rather not say")),
            ),
        ),
    )


def people_controls() -> tuple[Control, ...]:
    """Alone, together, or not known yet."""
    return (
        Control(
            name="people",
            kind="radios",
            label=_("Who would be in the sessions?"),
            needed=True,
            options=(
                Option(value="individual", label=_("Just me")),
                Option(value="couple", label=_("My partner and I")),
                Option(value="group", label=_("A group")),
                Option(value=UNSURE, label=_("I’m not sure")),
            ),
        ),
    )


def course_controls(uninsured: bool) -> tuple[Control, ...]:
    """How many sessions, how long each, and how often."""
    another = Control(
        name="sessions_other",
        kind="count",
        label=_("Number of sessions"),
        least=1,
        most=MOST_SESSIONS,
        needed=True,
    )
    return (
        Control(
            name="sessions",
            kind="radios",
            label=_("How many sessions?"),
            needed=True,
            options=(
                *(Option(value=number, label=counted(int(number))) for number in COUNTS),
                Option(value=OTHER, label=_("Another number"), opens=(another,)),
                Option(value=UNSURE, label=_("I’m not sure: show 6 to 20")),
            ),
        ),
        Control(
            name="minutes",
            kind="select",
            label=_("How long is each session?"),
            options=(
                Option(value=UNSURE, label=_("I’m not sure")),
                Option(value="45", label=_("About 45 minutes")),
                Option(value="50", label=_("50 minutes")),
                Option(value="60", label=_("55 to 60 minutes")),
                Option(value="90", label=_("75 to 90 minutes")),
            ),
        ),
        Control(
            name="every",
            kind="select",
            label=_("How often?"),
            options=(
                Option(value="7", label=_("Every week")),
                Option(value="14", label=_("Every two weeks")),
                Option(value="28", label=_("Every four weeks")),
                Option(value=UNSURE, label=_("I’m not sure")),
            ),
        ),
        Control(
            name="first",
            kind="day",
            label=_("When would the first session be?"),
            ahead=True,
            hint=_("Left blank, we take today.")
            if uninsured
            else _("Left blank, we take today. In a new plan year the deductible starts again."),
        ),
    )


def household_controls(wording: Wording) -> tuple[Control, ...]:
    """People, yearly income, and where: the poverty line differs in two states."""
    size, income, area = (wording.questions[f"household_{part}"] for part in ("size", "income", "area"))
    places = tuple(Option(value=each, label=wording.choices[each]) for each in ("48", "AK", "HI"))
    return (
        Control(name="size", kind="count", label=size.neutral, least=1, most=30),
        Control(
            name="income",
            kind="money",
            label=income.neutral,
            hint=_("Leave it blank to see the whole range."),
        ),
        Control(name="area", kind="select", label=area.neutral, options=places),
    )
