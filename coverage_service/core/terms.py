"""Terms: what one run of a course needs, as small integer-only values.

Facts may be unknown; Terms never are.  ``pathways`` turns facts and one case into Terms,
``adjudicate`` and ``course`` see nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

UNLIMITED = 10**15
"""Stands for a limit that does not exist: more cents than any course can reach."""
BOUNDLESS = UNLIMITED // 1_000
"""Cents of a total: from here on no bound of it is known."""


class Op(IntEnum):
    """What a step takes from what is still unpaid."""

    DEDUCTIBLE = 0
    COPAY = 1
    COINSURANCE = 2
    COINSURANCE_IGNORING_COPAY = 3
    PLAN_PAYS = 4


ALWAYS, MET, UNMET = 0, 1, 2
COUNTS_DEDUCTIBLE, COUNTS_COPAY, COUNTS_COINSURANCE = 1, 2, 4
COUNTS_ALL = 7


class Step(NamedTuple):
    """One step of cost sharing.

    ``value``: cents (copay, plan maximum) or basis points (coinsurance); ``cap``: cents,
    ``UNLIMITED`` for none; ``when``: ALWAYS, or only with the deductible MET or UNMET
    before the line; ``toward``: 1 when a copay counts toward the deductible.
    """

    op: int
    value: int = 0
    cap: int = UNLIMITED
    when: int = ALWAYS
    toward: int = 0


class LimitTerms(NamedTuple):
    """A limit as numbers: ``person``, ``family`` cents (UNLIMITED for none).

    ``members``: the family is met when that many persons met theirs (0 = rule not used).
    ``monthly``: 1 when it starts again each calendar month.
    """

    name: str = ""
    person: int = UNLIMITED
    family: int = UNLIMITED
    members: int = 0
    monthly: int = 0


class Supplement(NamedTuple):
    """What a supplement pays of the first plan's cost sharing (1 = pays, 0 = does not)."""

    deductible: int = 0
    copay: int = 0
    coinsurance: int = 0
    excess: int = 0
    member_keeps: int = 0


STANDARD, NON_DUPLICATION, MAINTENANCE = 0, 1, 2
IN_NETWORK, TO_MEMBER, TO_CLINICIAN, SELF_PAY = 0, 1, 2, 3


@dataclass(slots=True, eq=False, kw_only=True)
class Line:
    """One kind of claim line: everything but the accumulators.

    ``allowed`` <= ``billed``; ``balance`` is what an out-of-network clinician may bill above
    the allowed amount.  ``deductible`` is the slot of the limit that the word ``deductible``
    means (-1 = none); ``caps`` the slots that limit the line's share; the two ``credits``
    the slots that sum it.  ``counted`` are the parts that out-of-pocket limits count.
    A line the plan refuses has ``covered`` False and carries ``noncovered`` (patient) and
    ``write_off``.  ``once``: its counters advance although no plan pays (a membership paid
    with the first visit).  ``waives``: the plan waives its copay on the visit where the
    deductible ends.  Identity, not value, keys the memo of a run.  Nobody changes a line once
    it is made; it is not frozen because a run makes many.  The last four fields follow from
    the others: whether a step takes the deductible, whether equal lines have to be split one
    at a time, whether the line looks beyond its own limits, whether it is an ordinary line of
    the person's own.
    """

    cpt: str
    billed: int
    allowed: int = 0
    write_off: int = 0
    balance: int = 0
    noncovered: int = 0
    covered: bool = True
    steps: tuple[Step, ...] = ()
    counted: int = COUNTS_ALL
    deductible: int = -1
    caps: tuple[int, ...] = ()
    deductible_credits: tuple[int, ...] = ()
    out_of_pocket_credits: tuple[int, ...] = ()
    advances: tuple[int, ...] = ()
    waives: bool = False
    per_day: int = 0
    clinician: str = ""
    family_member: bool = False
    once: bool = False
    paying: int = IN_NETWORK
    sequestration: int = 0
    share_cap: int = UNLIMITED
    supplement: Supplement | None = None
    secondary: Line | None = None
    coordination: int = STANDARD
    reasons: tuple[str, ...] = ()
    why: tuple[int, ...] = ()
    takes_deductible: bool = field(init=False)
    one_by_one: bool = field(init=False)
    alone: bool = field(init=False)
    plain: bool = field(init=False)

    def __post_init__(self) -> None:
        takes = one_by_one = False
        for op, _, _, when, toward in self.steps:
            takes = takes or op == Op.DEDUCTIBLE
            one_by_one = one_by_one or bool(when or toward)
        self.takes_deductible, self.one_by_one = takes, one_by_one
        self.alone = self.secondary is not None or self.per_day > 0
        self.plain = not (self.alone or self.family_member)


class Guarded(NamedTuple):
    """A line that applies while every guard's counter is below its bound."""

    guards: tuple[tuple[int, int], ...]
    line: Line


Slot = tuple[Guarded, ...]
"""The candidates for one kind of visit; the first whose guards hold is used."""


UNSEEN: Slot = (Guarded((), Line(cpt="", billed=0)),)
"""A visit that no plan sees, before a fee takes its place; care that nobody prices."""


@dataclass(slots=True, eq=False)
class Terms:
    """One case of a pathway: slots by visit kind, limits by era, starting state.

    ``eras`` holds, for each dated plan entry, its limits by slot number.  ``used`` are the
    cents used per limit as (person, family, another member); ``members_met`` persons that
    met theirs, per limit; ``counters`` visits used.  ``calendar_counters`` start again on
    1 January, ``lasting_counters`` never, ``secondary_counters`` with a second plan's year, the
    others with the plan's.  ``secondary_from`` is the first limit of a second plan.  Identity keys the
    runs already made, and nobody changes Terms once they are made.
    """

    slots: tuple[Slot, ...]
    eras: tuple[tuple[LimitTerms, ...], ...] = ((),)
    used: tuple[tuple[int, int, int], ...] = ()
    members_met: tuple[int, ...] = ()
    counters: tuple[int, ...] = ()
    calendar_counters: frozenset[int] = frozenset()
    lasting_counters: frozenset[int] = frozenset()
    secondary_from: int = UNLIMITED
    secondary_counters: frozenset[int] = frozenset()
