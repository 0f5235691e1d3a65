"""The charts draw honestly: lengths are amounts, parts add up, and the table says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from babel.support import NullTranslations
from flask import Flask, render_template_string
from flask_babel import Babel, Domain, force_locale

from coverage_service.api.examples import ESTIMATE
from coverage_service.core.answer import Event, OpenQuestion, Parts, Row, Scenario
from coverage_service.core.money import parse_dollars
from coverage_service.core.terms import BOUNDLESS
from coverage_service.estimates import make_estimate
from coverage_service.sources import current
from coverage_service.web import charts
from coverage_service.web.charts import layout, visits, words
from coverage_service.web.charts.waterfall import SHARES, TILES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "coverage_service" / "web" / "templates"
CARE = {**ESTIMATE["care"], "minutes": 55, "diagnosis": "F52.6"}
INSURED = {
    **ESTIMATE,
    "plan": "example-hdhp",
    "network": {"status": "in"},
    "care": CARE,
    "prices": {"90791": {"allowed_cents": 18000}, "90837": {"allowed_cents": 14000}},
    "used": {"as_of": "2026-11-15", "limits": {"in_network": {"deductible_cents": 85000}}},
}
COPAY = Parts(
    billed=200_00,
    write_off=60_00,
    copay=30_00,
    plan_pays=110_00,
    allowed=140_00,
    patient=30_00,
    at_visit=30_00,
)
EVERY = Parts(
    billed=300_00,
    write_off=25_00,
    deductible=40_00,
    copay=30_00,
    coinsurance=24_37,
    over_maximum=20_00,
    balance=30_63,
    noncovered=15_00,
    plan_pays=115_00,
    secondary_pays=20_00,
    forgiven=10_00,
    patient=130_00,
    at_visit=130_00,
)
MACROS = {
    "range": "range_chart",
    "waterfall": "waterfall_chart",
    "sessions": "session_chart",
    "swings": "swing_chart",
}


@pytest.fixture(scope="module")
def sources():
    return current(ROOT / "rules").sources


@pytest.fixture(autouse=True)
def page() -> Iterator[Flask]:
    app = Flask("charts", template_folder=str(TEMPLATES))
    Babel(app)
    app.jinja_env.filters.update(charts.FILTERS)
    with app.test_request_context():
        yield app


def drawn(name: str, view: object) -> str:
    macro = MACROS[name]
    return render_template_string(
        f'{{% from "charts/{name}.html" import {macro} %}}{{{{ {macro}(view) }}}}', view=view
    )


def scenarios(sources, **changes) -> list[Scenario]:
    found = make_estimate({**INSURED, **changes}, sources, date(2026, 11, 23)).estimate
    return [scenario for pathway in found.pathways for scenario in pathway.scenarios]


def rows_of(*parts: Parts, every: int = 7) -> tuple[Row, ...]:
    first = date(2026, 11, 2)
    return tuple(
        Row(first + timedelta(every * at), "90837", each, (), (), (), at + 1) for at, each in enumerate(parts)
    )


def cents(text: str) -> int:
    return parse_dollars(text.lstrip("−"))


# --- Range


def test_a_range_lies_at_its_amounts_on_a_scale_from_nothing():
    view = charts.range_bar(340_00, 1_260_00, 1_680_00)
    span = view.end - view.begin

    assert (view.begin, view.high) == (layout.WIDTH - view.end, view.end)
    assert abs((view.low - view.begin) * 1680 - 340 * span) <= 1680
    assert abs((view.mark - view.begin) * 1680 - 1260 * span) <= 1680
    assert [label.text for label in view.labels] == ["$340", "$1,680"]
    assert view.planning.text == "plan for $1,260"
    assert view.title == "$340 to $1,680. We would plan for $1,260."


def test_ranges_that_are_compared_share_one_scale():
    short, long = (charts.range_bar(0, None, high, maximum=2_000_00) for high in (500_00, 2_000_00))

    assert (short.high - short.begin) * 4 == long.high - long.begin
    assert charts.range_bar(0, None, 900_00, maximum=500_00).high == long.high


def test_a_range_without_a_low_end_is_open_at_the_left():
    view = charts.range_bar(None, None, 2_400_00)

    assert (view.low, view.mark, view.text) == (None, None, "up to $2,400")
    assert [label.text for label in view.labels] == ["$2,400"]
    assert 'class="chart-open"' in drawn("range", view)
    assert 'class="chart-mark"' not in drawn("range", view)


def test_a_range_without_a_high_end_is_not_drawn():
    assert charts.range_bar(340_00, 1_260_00, None) is None
    assert charts.range_bar(340_00, None, BOUNDLESS) is None
    assert drawn("range", None).strip() == ""


@pytest.mark.parametrize(
    ("low", "planning", "high", "text"),
    [
        (140_50, 140_50, 140_50, "$140.50"),
        (140_50, None, 140_50, "about $141"),
        (140_50, 141_50, 142_01, "$140 to $143"),
    ],
    ids=["exact cents", "no figure to plan for", "rounded outward"],
)
def test_the_ends_of_a_range_are_rounded_outward(low, planning, high, text):
    assert charts.range_bar(low, planning, high).text == text


def test_the_table_of_compared_ranges_has_the_figures_of_each():
    ranges = [
        ("In network", 340_00, 1_260_00, 1_680_00),
        ("Superbill", None, None, 2_400_00),
        ("Full fee", 1_200_50, 1_200_50, 1_200_50),
    ]

    assert [row.cells for row in charts.range_table(ranges).rows] == [
        ("In network", "$340", "$1,260", "$1,680"),
        ("Superbill", "–", "–", "$2,400"),
        ("Full fee", "$1,200.50", "$1,200.50", "$1,200.50"),
    ]


# --- Waterfall


@pytest.mark.parametrize("parts", [COPAY, EVERY], ids=["a copay", "every part"])
def test_the_rows_of_a_waterfall_add_up_to_the_fee(parts):
    rows = {row.name: row for row in charts.waterfall(parts).rows}
    tiles = [rows[name] for name in TILES if name in rows]

    assert sum(cents(row.amount.text) for row in tiles) == cents(rows["billed"].amount.text) == parts.billed
    yours = sum(cents(rows[name].amount.text) for name in SHARES if name in rows)
    taken = sum(cents(rows[name].amount.text) for name in ("secondary_pays", "forgiven") if name in rows)
    assert yours - taken == cents(rows["patient"].amount.text) == parts.patient


@pytest.mark.parametrize("parts", [COPAY, EVERY], ids=["a copay", "every part"])
def test_the_bars_of_a_waterfall_tile_the_fee(parts):
    rows = {row.name: row for row in charts.waterfall(parts).rows}
    tiles = sorted((rows[name].bar for name in TILES if name in rows), key=lambda bar: bar.x)

    assert (rows["billed"].bar.x, rows["billed"].bar.width) == (0, layout.WIDTH)
    assert [bar.x for bar in tiles] == [0, *(bar.x + bar.width for bar in tiles[:-1])]
    assert tiles[-1].x + tiles[-1].width == layout.WIDTH
    assert rows["patient"].bar.x == 0
    for row in rows.values():
        assert abs(row.bar.width * parts.billed - row.cents * layout.WIDTH) <= parts.billed


def test_what_is_taken_off_the_shares_ends_where_they_end():
    rows = {row.name: row.bar for row in charts.waterfall(EVERY).rows}
    chain = [rows["patient"], rows["secondary_pays"], rows["forgiven"]]

    assert [bar.x for bar in chain[1:]] == [bar.x + bar.width for bar in chain[:2]]
    assert chain[-1].x + chain[-1].width == rows["plan_pays"].x


def test_rows_of_nothing_are_left_out_but_for_what_the_plan_and_the_patient_pay():
    met = charts.waterfall(Parts(billed=140_00, deductible=140_00, patient=140_00, later_bill=140_00))
    free = charts.waterfall(Parts(billed=140_00, plan_pays=140_00))

    assert [row.name for row in met.rows] == ["billed", "deductible", "plan_pays", "patient"]
    assert [row.name for row in free.rows] == ["billed", "plan_pays", "patient"]
    assert met.rows[2].bar.width == free.rows[2].bar.width == 0


def test_a_fee_without_insurance_has_no_row_of_a_plan():
    view = charts.waterfall(Parts(billed=140_00, noncovered=140_00, patient=140_00), insured=False)

    assert [row.lines[0].text for row in view.rows] == ["Fee", "Paid without insurance", "You pay"]


def test_a_fee_of_nothing_and_one_without_a_bound_are_not_drawn():
    assert charts.waterfall(Parts()) is None
    assert charts.waterfall(Parts(billed=BOUNDLESS, patient=BOUNDLESS)) is None


@pytest.mark.parametrize(
    ("visit", "bill", "refund", "text"),
    [
        (140_00, 0, 0, "You pay $140 → $140 at the visit, nothing later"),
        (0, 140_00, 0, "You pay $140 → $140 on a bill later"),
        (200_00, 0, 60_00, "You pay $140 → $200 at the visit, $60 comes back to you later"),
        (0, 0, 0, "You pay $0 → $0 at the visit, nothing later"),
    ],
    ids=["at the visit", "billed", "back", "free"],
)
def test_the_last_line_says_when_money_changes_hands(visit, bill, refund, text):
    patient = visit + bill - refund
    parts = Parts(
        200_00,
        deductible=patient,
        plan_pays=200_00 - patient,
        patient=patient,
        at_visit=visit,
        later_bill=bill,
        later_refund=refund,
    )

    assert charts.waterfall(parts).paid == text


def test_what_comes_back_is_marked_and_not_counted_twice():
    parts = Parts(
        200_00, deductible=140_00, plan_pays=60_00, patient=140_00, at_visit=200_00, later_refund=60_00
    )
    rows = {row.name: row for row in charts.waterfall(parts).rows}

    assert rows["plan_pays"].lines[0].text == "Plan pays, back to you later"
    assert rows["plan_pays"].bar.name == "later_refund"
    assert len(rows) == 4


# --- Sessions


def test_the_boxes_of_a_session_add_up_to_what_the_patient_pays():
    view = charts.session_bars(rows_of(COPAY, EVERY))
    heights = [sum(bar.height for bar in stack.bars) for stack in view.stacks]

    assert [stack.patient for stack in view.stacks] == [30_00, 130_00]
    assert heights[1] == view.base - 26
    assert abs(heights[0] * 130 - heights[1] * 30) <= 130
    for stack in view.stacks:
        feet = [view.base, *(bar.y for bar in stack.bars)]
        assert [bar.y + bar.height for bar in stack.bars] == feet[:-1]


@pytest.mark.parametrize("parts", [COPAY, EVERY], ids=["a copay", "a second plan and a scale"])
def test_own_shares_add_up_to_the_patient(parts):
    shares = visits.own_shares(parts)

    assert sum(shares) == parts.patient
    assert all(0 <= own <= getattr(parts, name) for own, name in zip(shares, SHARES, strict=True))


def test_each_box_is_as_high_as_its_part():
    parts = EVERY._replace(secondary_pays=0, forgiven=0, patient=160_00)
    view = charts.session_bars(rows_of(parts))

    for bar in view.stacks[0].bars:
        assert abs(bar.height * 160_00 - getattr(parts, bar.name) * 132) <= 160_00


def test_claim_lines_of_one_visit_are_one_bar_and_other_care_is_none():
    on = date(2026, 11, 2)
    rows = [Row(on, code, COPAY, (), (), (), 1) for code in ("90837", "90785")]
    other = Row(on, "99213", COPAY, (), (), (), 0)

    view = charts.session_bars([*rows, other])

    assert [stack.patient for stack in view.stacks] == [60_00]
    assert view.table.rows[0].cells[:4] == ("Nov 2, 2026", "$400", "$220", "$60")
    assert charts.session_bars([other]) is None


@pytest.mark.parametrize(("sessions", "bars"), [(26, 26), (27, 7)])
def test_more_than_26_sessions_are_drawn_by_month(sessions, bars):
    view = charts.session_bars(rows_of(*[COPAY] * sessions))
    groups = [row for row in view.table.rows if row.kind == "group"]
    months = {row.cells[0] for row in groups}

    assert len(view.stacks) == bars
    assert view.monthly == (sessions > 26) == bool(months)
    assert sum(stack.patient for stack in view.stacks) == sessions * 30_00
    assert [cents(row.cells[3]) for row in groups] == [stack.patient for stack in view.stacks if view.monthly]
    assert len([row for row in view.table.rows if not row.kind]) == sessions


def test_a_session_that_costs_nothing_is_marked():
    view = charts.session_bars(rows_of(COPAY, Parts(billed=140_00, plan_pays=140_00)))

    assert [bool(stack.bars) for stack in view.stacks] == [True, False]
    assert view.key == (("copay", "Copay"), ("nothing", "You pay nothing"))
    assert drawn("sessions", view).count('class="chart-nothing"') == 2
    all_free = charts.session_bars(rows_of(Parts(billed=140_00, plan_pays=140_00)))
    assert (all_free.most, all_free.amounts) == (0, ())


def test_a_ledger_without_a_bound_is_not_drawn():
    assert charts.session_bars(rows_of(COPAY._replace(billed=BOUNDLESS))) is None
    assert charts.session_bars(()) is None


@pytest.mark.parametrize(
    ("code", "on", "before"),
    [
        ("deductible_met", date(2026, 11, 9), 2),
        ("oop_met", date(2026, 11, 2), 1),
        ("plan_year_reset", date(2026, 11, 10), 2),
        ("visit_limit", date(2026, 11, 16), 2),
        ("eap_used_up", date(2026, 11, 9), 1),
        ("plan_year_reset", date(2027, 1, 1), 4),
    ],
)
def test_a_turn_stands_beside_the_session_it_belongs_to(code, on, before):
    view = charts.session_bars(rows_of(*[COPAY] * 4), [Event(code, on)])
    starts = [stack.x for stack in view.stacks]

    (turn,) = view.turns
    assert sum(x < turn.x for x in starts) == before
    assert str(words.EVENTS[code]) in " ".join(label.text for label in turn.labels)


def test_the_table_tells_the_turns_and_what_the_money_is_for():
    events = [Event("deductible_met", date(2026, 11, 9)), Event("plan_year_reset", date(2026, 11, 12))]
    view = charts.session_bars(rows_of(*[COPAY] * 3), events)

    assert [row.cells[4] for row in view.table.rows] == [
        "Copay $30",
        "Copay $30 · Your deductible is met",
        "Copay $30 · Nov 12: a new plan year starts",
        "3 sessions",
    ]


def test_the_finding_of_the_sessions_is_one_sentence():
    assert charts.session_bars(rows_of(COPAY, EVERY)).title == (
        "2 sessions, Nov 2, 2026 to Nov 9, 2026: you pay $160 in all, at most $130 for one."
    )


# --- Swings


def swing(id: str, amount: int | None) -> OpenQuestion:
    return OpenQuestion(id=id, question=id, swing=amount)


def test_the_biggest_cause_comes_first_and_lengths_are_amounts():
    view = charts.swing_bars([swing("small", 200_00), swing("still", 0), swing("big_one", 799_50)])

    assert [row.lines[0].text for row in view.rows] == ["big one", "small"]
    assert [row.amount.text for row in view.rows] == ["$800", "$200"]
    assert view.rows[0].bar.width == layout.WIDTH
    assert abs(view.rows[1].bar.width * 79950 - 20000 * layout.WIDTH) <= 79950
    assert [row.cells for row in view.table.rows] == [("big one", "$800"), ("small", "$200")]
    assert view.title == "What moves the total most, by up to $800: big one."


def test_causes_of_unknown_size_have_no_bar_and_are_told_beside_the_bars():
    view = charts.swing_bars([swing("a", 200_00), swing("b", None), swing("c", BOUNDLESS)])

    assert [row.amount.text for row in view.rows] == ["$200"]
    assert view.more == "2 of unknown size, in the table"
    assert [row.cells for row in view.table.rows] == [
        ("b", "unknown size"),
        ("c", "unknown size"),
        ("a", "$200"),
    ]
    assert view.title == "What moves the total most of those with a known size, by up to $200: a."


def test_the_largest_computed_swings_are_drawn_whatever_else_is_open():
    unknown = [swing(f"unknown {n}", None) for n in range(7)]

    many = charts.swing_bars([*unknown, *(swing(f"cause {n}", n * 100) for n in range(1, 9))])
    none = charts.swing_bars(unknown)

    assert [row.amount.text for row in many.rows] == ["$8", "$7", "$6", "$5", "$4", "$3"]
    assert many.more == "7 of unknown size, in the table, and 2 more, in the table"
    assert [row.bar for row in none.rows] == [None] * 6
    assert drawn("swings", none).count('class="chart-open"') == 6
    assert none.more == "and 1 more, in the table"


def test_at_most_six_causes_are_drawn_and_the_table_has_all():
    view = charts.swing_bars([swing(f"cause {n}", n * 100) for n in range(1, 10)])

    assert [row.amount.text for row in view.rows] == ["$9", "$8", "$7", "$6", "$5", "$4"]
    assert (len(view.table.rows), view.more) == (9, "and 3 more, in the table")
    assert charts.swing_bars([swing("still", 0)]) is None


# --- Real estimates


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"care": {**CARE, "sessions": 60}},
        {"plan": "example-oon", "network": {"status": "out"}},
        {"plan": "example-ppo"},
        {"eap": {"plan": "example-eap", "used": {"as_of": "2026-11-15"}}, "care": {**CARE, "sessions": 24}},
        {"care": {**CARE, "sessions": 1}},
    ],
    ids=["deductible", "60 sessions", "out of network", "copay", "free sessions first", "one session"],
)
def test_the_charts_of_a_real_estimate_add_up(sources, changes):
    found = scenarios(sources, **changes)
    assert found

    for scenario in found:
        view = charts.session_bars(scenario.ledger, scenario.events)
        assert sum(stack.patient for stack in view.stacks) == scenario.course.patient
        assert cents(view.table.rows[-1].cells[3]) == scenario.course.patient
        assert_readable(view, *view.amounts, *view.dates, *(x for turn in view.turns for x in turn.labels))
        for parts in (scenario.next_session, scenario.course):
            shown = charts.waterfall(parts)
            tiles = [row for row in shown.rows if row.name in TILES]
            assert sum(cents(row.amount.text) for row in tiles) == parts.billed
            assert_readable(shown, *(x for row in shown.rows for x in (*row.lines, row.amount)))


def assert_readable(view, *labels: layout.Label) -> None:
    """Every label is inside the drawing and off the others, as wide as it may be set."""
    for label in labels:
        left, right = label.span
        assert left >= 0
        assert right <= view.width, label
        assert label.y + 2 >= layout.TEXT
        assert label.y <= view.height, label
    for one, other in combinations(labels, 2):
        assert layout.apart(one, other, 0) or abs(one.y - other.y) >= layout.TEXT, (one, other)


def test_the_labels_of_crowded_turns_stay_apart():
    codes = list(words.EVENTS)
    events = [Event(code, date(2026, 11, 2) + timedelta(40 * at)) for at, code in enumerate(codes)]
    view = charts.session_bars(rows_of(*[COPAY, EVERY] * 13), events)

    assert len(view.turns) == len(codes)
    # A hairline goes down to its own label, so those further left must end lower.
    assert [turn.x for turn in view.turns] == sorted((turn.x for turn in view.turns), reverse=True)
    assert [turn.foot for turn in view.turns] == sorted(turn.foot for turn in view.turns)
    assert_readable(view, *view.amounts, *view.dates, *(x for turn in view.turns for x in turn.labels))


# --- Writing it down

VIEWS = {
    "range": lambda: charts.range_bar(340_00, 1_260_00, 1_680_00, name="<script>alert('x')</script>"),
    "waterfall": lambda: charts.waterfall(EVERY),
    "sessions": lambda: charts.session_bars(rows_of(COPAY, EVERY), [Event("oop_met", date(2026, 11, 9))]),
    "swings": lambda: charts.swing_bars([swing('<img src=x onerror=alert(1)> & "quoted" \' words', 800_00)]),
}


@pytest.mark.parametrize("name", VIEWS)
def test_hostile_words_are_only_words(name):
    html = drawn(name, VIEWS[name]())
    tags = set(re.findall(r"<(\w+)", html))

    assert not tags & {"script", "img", "style"}
    assert "style=" not in html
    assert not re.search(r"<[^>]*\son\w+=", html)
    if name in ("range", "swings"):
        assert "&lt;" in html


@pytest.mark.parametrize("name", VIEWS)
def test_a_drawing_says_its_finding_and_has_all_it_refers_to(name):
    view = VIEWS[name]()
    figure = ElementTree.fromstring(drawn(name, view))
    drawing = figure.find("svg")
    ids = [node.get("id") for node in figure.iter() if node.get("id")]
    fills = {node.get("fill")[5:-1] for node in figure.iter() if (node.get("fill") or "").startswith("url(")}

    assert drawing.get("role") == "img"
    title = drawing.find("title")
    assert (title.get("id"), title.text) == (drawing.get("aria-labelledby"), view.title)
    assert len(ids) == len(set(ids))
    assert fills <= set(ids)
    if name == "range":
        return  # the figures of ranges that are compared stand in one table
    assert figure.find("details/div/table/caption").text == view.table.caption
    rows = figure.findall("details/div/table/tbody/tr")
    cells = [tuple("".join(cell.itertext()) for cell in row) for row in rows]
    assert cells == [row.cells for row in view.table.rows]


def test_two_drawings_of_a_page_have_ids_of_their_own():
    one, other = (charts.waterfall(COPAY, id=id) for id in ('In "network"', "course"))

    assert (one.id, other.id) == ("in-network", "course")
    assert not set(re.findall(r'id="(.+?)"', drawn("waterfall", one))) & set(
        re.findall(r'id="(.+?)"', drawn("waterfall", other))
    )


def test_every_fill_has_its_rule_in_the_style():
    style = (ROOT / "frontend" / "_charts.scss").read_text("utf-8")
    plain = {"deductible", "patient", "swing"}
    names = set(re.findall(r"\.chart-fill--(\w+)", style))

    assert {*Parts._fields[:11], "later_refund"} - plain == names


# --- Languages


@pytest.mark.parametrize(
    ("locale", "amount", "day"), [("en", "$1,260", "Nov 30, 2026"), ("es_US", "$1,260", "30 nov 2026")]
)
def test_money_and_days_are_those_of_the_locale(locale, amount, day):
    with force_locale(locale):
        assert words.money(1_260_00) == amount
        assert words.money(24_37) == "$24.37"
        assert words.full_day(date(2026, 11, 30)) == day


LONG = "Por encima de lo que el plan toma en cuenta para esta visita (factura del saldo restante)"


def test_long_words_of_another_language_are_wrapped(monkeypatch):
    monkeypatch.setattr(Domain, "get_translations", lambda self: Long())

    view = charts.waterfall(EVERY)

    assert all(len(row.lines) >= 2 for row in view.rows)
    assert_readable(view, *(x for row in view.rows for x in (*row.lines, row.amount)))
    turns = charts.session_bars(rows_of(*[COPAY] * 12), [Event("oop_met", date(2026, 12, 14))])
    assert_readable(turns, *turns.dates, *(x for turn in turns.turns for x in turn.labels))


class Long(NullTranslations):
    """Every text without blanks becomes a long one."""

    def gettext(self, message: str) -> str:
        return message if "%" in message else LONG

    ugettext = gettext


@pytest.mark.parametrize("text", ["W" * 200, "a " * 300, "", "Donaudampfschifffahrtsgesellschaft " * 3])
def test_a_wrapped_text_stays_in_its_room(text):
    lines = layout.wrapped(text, 200)

    assert 1 <= len(lines) <= 3
    assert all(layout.text_width(line) <= 200 for line in lines)


def test_each_line_of_a_table_has_its_own_cells_escaped():
    rows = [charts.TableRow(("<Nov>", "$1", "a & b")), charts.TableRow(("In all", "$2", "'c'"), "total")]

    found = ElementTree.fromstring(f"<tbody>{charts.FILTERS['lines'](rows)}</tbody>")

    assert [[cell.text for cell in line] for line in found] == [
        ["<Nov>", "$1", "a & b"],
        ["In all", "$2", "'c'"],
    ]
    assert [[cell.tag for cell in line] for line in found] == [["th", "td", "td"]] * 2
    assert [line.get("class") for line in found] == [None, "chart-row--total"]
