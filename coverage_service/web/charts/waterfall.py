"""Where a fee goes: written off, the shares, what the plan pays, and what is left to pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coverage_service.core.answer import Parts
from coverage_service.core.terms import BOUNDLESS
from coverage_service.html.speech import gettext as _
from coverage_service.web.amounts import when_paid
from coverage_service.web.charts.layout import BAR, LINE, WIDTH, Bar, Label, scaled, slug, text_width, wrapped
from coverage_service.web.charts.tables import Table, TableRow
from coverage_service.web.charts.words import less, money, part_name

SHARES = ("deductible", "copay", "coinsurance", "over_maximum", "balance", "noncovered")
"""The parts of a fee that fall to the patient, before anything is taken off them."""
TILES = ("write_off", *SHARES, "plan_pays")
"""The parts that make up the fee."""
TAKEN_OFF = ("secondary_pays", "forgiven")
"""What is taken off the shares."""
TOP, GAP = 14, 18


@dataclass(frozen=True, slots=True)
class WaterfallRow:
    """A part of the fee: its words, its amount and where it lies in the fee."""

    name: str
    cents: int
    lines: tuple[Label, ...]
    amount: Label
    bar: Bar


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The rows from the fee to what the patient pays; ``rule`` is where the sum line is drawn."""

    id: str
    title: str
    rows: tuple[WaterfallRow, ...]
    paid: str
    patterns: tuple[str, ...]
    table: Table
    rule: int
    height: int
    width: int = WIDTH


def waterfall(parts: Parts, *, insured: bool = True, id: str = "waterfall") -> Waterfall | None:
    """The drawing of one session's or a whole course's charges; None where there is no fee.

    ``insured`` False words the fee of a person who asks no plan.
    """
    if parts.billed <= 0 or max(parts) >= BOUNDLESS:
        return None
    rows: list[WaterfallRow] = []
    y = TOP
    for name, start, cents in _tiles(parts):
        if not cents and not (name == "patient" or (name == "plan_pays" and insured)):
            continue
        if name == "patient":
            y += 6
        row = _row(name, start, cents, parts, y, insured)
        rows.append(row)
        y = row.bar.y + BAR + GAP + LINE - 5
    return Waterfall(
        id=slug(id),
        title=_(
            "Of the fee of %(fee)s you pay %(yours)s.", fee=money(parts.billed), yours=money(parts.patient)
        ),
        rows=tuple(rows),
        paid=paid(parts),
        patterns=tuple(dict.fromkeys(row.bar.name for row in rows)),
        table=_table(rows, parts),
        rule=rows[-1].lines[0].y - LINE - 3,
        height=rows[-1].bar.y + BAR + 2,
    )


def _tiles(parts: Parts) -> Iterator[tuple[str, int, int]]:
    """Every row with where it begins: the shares from the left, the write-off at the far end.

    What the patient pays begins at the left as the shares do, so that it ends where they end.
    """
    yield "billed", 0, parts.billed
    yield "write_off", parts.billed - parts.write_off, parts.write_off
    place = 0
    for name in (*SHARES, "plan_pays"):
        cents = getattr(parts, name)
        yield name, place, cents
        place += cents
    place = parts.patient
    for name in TAKEN_OFF:
        cents = getattr(parts, name)
        yield name, place, cents
        place += cents
    yield "patient", 0, parts.patient


def _row(name: str, start: int, cents: int, parts: Parts, y: int, insured: bool) -> WaterfallRow:
    amount = less(cents) if name in TAKEN_OFF else money(cents)
    words, fill = part_name(name, insured), fill_of(name, insured)
    if name in ("plan_pays", "secondary_pays") and _comes_back(parts) and cents:
        words, fill = _("%(part)s, back to you later", part=words), "later_refund"
    lines = wrapped(words, WIDTH - text_width(amount) - 12)
    left, right = (scaled(each, WIDTH, parts.billed) for each in (start, start + cents))
    wide = max(right - left, int(cents > 0))
    return WaterfallRow(
        name,
        cents,
        tuple(Label(0, y + LINE * n, line) for n, line in enumerate(lines)),
        Label(WIDTH, y, amount, "end"),
        Bar(fill, min(left, WIDTH - wide), y + LINE * (len(lines) - 1) + 8, wide),
    )


def fill_of(name: str, insured: bool) -> str:
    """The fill of a part: a fee that no plan is asked about is simply what the patient pays."""
    return "patient" if name == "noncovered" and not insured else name


def _comes_back(parts: Parts) -> bool:
    """Whether everything the plans pay is first paid by the patient."""
    return 0 < parts.later_refund == parts.plan_pays + parts.secondary_pays


def paid(parts: Parts) -> str:
    """When the money changes hands: "You pay $140 → $140 at the visit, nothing later"."""
    return str(_("You pay %(total)s → %(when)s", total=money(parts.patient), when=when_paid(parts)))


def _table(rows: list[WaterfallRow], parts: Parts) -> Table:
    found = []
    for row in rows:
        words = " ".join(label.text for label in row.lines)
        found.append(TableRow((words, row.amount.text), "total" if row.name == "patient" else ""))
    return Table(_("Where the fee goes"), (_("Part"), _("Amount")), tuple(found))
