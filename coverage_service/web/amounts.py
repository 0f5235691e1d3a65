"""Figures in sentences: whole dollars rounded outward, a range before a promise, never an unknown as $0."""

from __future__ import annotations

from dataclasses import dataclass

from coverage_service.core.answer import Parts, Window
from coverage_service.core.money import dollars, outward
from coverage_service.html.speech import gettext as _
from coverage_service.json_values import known


@dataclass(frozen=True, slots=True)
class Said:
    """An amount in words: ``main`` to be read first, ``range`` beside it, both may be empty."""

    main: str
    range: str = ""

    @property
    def known(self) -> bool:
        """Whether there is any figure."""
        return bool(self.main)


NOTHING = Said("")


def course_said(window: Window, open: bool) -> Said:
    """Say "About $1,070" with "between $220 and $1,120"; ``open``: some question moves the figure."""
    low, planning, high = window.low, window.planning, window.high
    main = ends_said(low, high, open)
    if planning is None or low == high or not main:
        return Said(main)
    shown = outward(None, planning, None).planning or 0
    return Said(_("About %(amount)s", amount=whole(shown)), main)


def ends_said(low: int | None, high: int | None, open: bool) -> str:
    """Say "$360", "about $360", "between $220 and $1,120", "up to $2,400", "at least $220", or nothing."""
    low, high = known(low), known(high)
    shown = outward(low, low if low == high else None, high)
    if high is None:
        # Nothing bounds it: a low end of 0 would read as a promise.
        return _("at least %(low)s", low=whole(shown.low or 0)) if low else ""
    if low is None:
        return _("up to %(high)s", high=whole(shown.high or 0))
    if low == high:
        return _("about %(amount)s", amount=whole(shown.planning or 0)) if open else dollars(low)
    return _("between %(low)s and %(high)s", low=whole(shown.low or 0), high=whole(shown.high or 0))


def whole(amount: int) -> str:
    """Whole dollars: "$1,260"."""
    return dollars(amount * 100)


def moved(swing: int | None) -> str:
    """How much an open question moves: "moves up to $800"; nothing when it moves nothing."""
    swing, boundless = known(swing), swing is None
    if boundless:
        return _("we cannot say how much it moves")
    return _("moves up to %(amount)s", amount=whole(-(-swing // 100))) if swing else ""


def sentence(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """The text as it stands within a sentence; names in it keep their capitals."""
    return text[:1].lower() + text[1:]


def when_paid(parts: Parts | None) -> str:
    """What is due at the visit, what is billed later and what comes back."""
    if parts is None:
        return ""
    at_visit, later, back = (known(each) for each in (parts.at_visit, parts.later_bill, parts.later_refund))
    if at_visit is None or later is None or back is None:
        return ""
    words = []
    if at_visit or not later:
        words.append(_("%(amount)s at the visit", amount=dollars(at_visit)))
    if later:
        words.append(_("%(amount)s on a bill later", amount=dollars(later)))
    if back:
        words.append(_("%(amount)s comes back to you later", amount=dollars(back)))
    elif not later:
        words.append(_("nothing later"))
    return ", ".join(words)
