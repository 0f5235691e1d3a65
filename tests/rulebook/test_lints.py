"""Lints warn and never keep the rules from being used; contradictions do."""

from __future__ import annotations

import pytest

from coverage_service.rulebook.problems import errors
from tests.rulebook.support import load_shipped, payer_text, plan_text, read

HSA = "market: {kind: HDHP, group: large, funding: insured, hsa_eligible: yes}\n"
SPECIALIST = """\
benefits: [{service: group, cost_sharing: [copay $30]}, {service: specialist, cost_sharing: [copay $40]}]"""
FAMILY = 'limits: {in_network: {deductible: {person: "$2,000", family: "$4,000", family_method: '
DEDUCTIBLE = 'limits: {in_network: {deductible: {person: "$2,000"}}}\n'


def problems(body: str, dates: str = "{from: 2026-01-01, to: 2026-12-31}") -> list[tuple[str, int, str]]:
    reference = load_shipped().book.reference
    found = read(payer_text(plan_text(body, dates=dates)), reference=reference)[1]
    return [(x.severity, x.line, x.message.split(":")[0]) for x in found]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            HSA + DEDUCTIBLE + "benefits: [{service: psychotherapy, network: in, cost_sharing: [copay $30]}]",
            14,
        ),
        (HSA + DEDUCTIBLE + "benefits: [{service: group, cost_sharing: [no charge]}]", 14),
        (
            HSA + DEDUCTIBLE + "benefits: [{service: group, cost_sharing: [no deductible, coinsurance 20%]}]",
            14,
        ),
        (
            HSA
            + DEDUCTIBLE
            + "benefits: [{service: group, cost_sharing: {either: [[copay $4], [deductible]]}}]",
            14,
        ),
        (HSA + 'limits: {in_network: {deductible: {person: "$1,600"}}}', 13),
        (
            HSA + FAMILY + "embedded}}}",
            13,
        ),
    ],
)
def test_an_hsa_plan_that_pays_before_its_deductible_is_doubted(body: str, line: int):
    assert problems(body) == [("warning", line, "HDHP_INVALID")]


@pytest.mark.parametrize(
    "body",
    [
        HSA + DEDUCTIBLE + "benefits: [{service: psychotherapy, cost_sharing: [deductible, copay $30]}]",
        HSA + DEDUCTIBLE + "benefits: [{service: psychotherapy, cost_sharing: [copay $30, deductible]}]",
        HSA
        + DEDUCTIBLE
        + "benefits: [{service: psychotherapy, modality: telehealth, cost_sharing: [no charge]}, "
        "{service: psychotherapy, cost_sharing: [deductible]}]",
        HSA + DEDUCTIBLE + "benefits: [{service: primary_care, cost_sharing: [copay $30]}]",
        HSA + DEDUCTIBLE + "benefits: [{service: psychotherapy, cost_sharing: [not covered]}]",
        HSA
        + 'limits: {in_network: {deductible: {person: "$3,400", family: "$6,800", family_method: embedded}}}',
        HSA + FAMILY + "aggregate}}}",
        "market: {kind: PPO, group: individual, metal: bronze, hsa_eligible: yes}\n"
        "benefits: [{service: psychotherapy, cost_sharing: [copay $30]}]",
        "market: {hsa_eligible: no}\nbenefits: [{service: psychotherapy, cost_sharing: [copay $30]}]",
    ],
)
def test_an_hsa_plan_may(body: str):
    assert problems(body) == []


def test_bronze_plans_may_not_yet_in_2025():
    body = "market: {kind: PPO, group: individual, metal: bronze, hsa_eligible: yes}\n"
    body += "benefits: [{service: psychotherapy, cost_sharing: [copay $30]}]"

    assert problems(body, "{from: 2025-01-01, to: 2025-12-31}") == [("warning", 13, "HDHP_INVALID")]


PARITY = [
    ('limits: {behavioral_health: {deductible: {person: "$500"}}}', "PARITY_CUMULATIVE"),
    ("visit_limits: [{visits: 20, services: [psychotherapy]}]", "PARITY_VISIT_LIMIT"),
    ("coverage: {prior_authorization: yes}", "PARITY_PREAUTH"),
    (
        SPECIALIST.replace("$30", "$50"),
        "PARITY_COPAY_GT_SPECIALIST",
    ),
]


@pytest.mark.parametrize(("body", "code"), PARITY)
def test_parity_is_watched_where_it_binds(body: str, code: str):
    assert problems("market: {kind: PPO}\n" + body) == [("warning", 13, code)]
    assert problems("market: {kind: medicare}\n" + body) == []


@pytest.mark.parametrize(
    "body",
    [
        "visit_limits: [{visits: 20, services: [primary_care]}]",
        "coverage: {prior_authorization: unknown}",
        SPECIALIST.replace("$30", "$40"),
    ],
)
def test_parity_has_nothing_to_say(body: str):
    assert problems(body) == []


def test_a_maximum_above_the_legal_one_is_doubted():
    figures = '{person: "$10,601", family: "$21,200", family_method: embedded}'
    body = f"limits: {{in_network: {{out_of_pocket_maximum: {figures}}}}}"

    assert problems(body) == [("warning", 12, "LEGAL_MAXIMUM")]
    assert problems("market: {grandfathered: yes}\n" + body) == []
    assert problems(body.replace("10,601", "10,600")) == []


@pytest.mark.parametrize(
    ("first", "second", "shadowed"),
    [
        ("service: psychotherapy", "service: psychotherapy", True),
        ("service: outpatient_mental_health", "service: psychotherapy", True),
        ("service: psychotherapy", "service: outpatient_mental_health", False),
        ("service: psychotherapy", "service: psychotherapy, network: in", True),
        ("service: psychotherapy, network: in", "service: psychotherapy", False),
        ("service: psychotherapy, network: in", "service: psychotherapy, network: out", False),
        ("service: psychotherapy, modality: telehealth", "service: psychotherapy", False),
        ("service: psychotherapy", "service: psychotherapy, modality: telehealth", True),
        ("service: psychotherapy, tier: 1", "service: psychotherapy, tier: 2", False),
        ("service: psychotherapy, tier: 1", "service: psychotherapy, tier: 1", True),
        ("service: psychotherapy, licences: [MD]", "service: psychotherapy", False),
        ("service: psychotherapy, licences: [MD, DO]", "service: psychotherapy, licences: [MD]", True),
        ("service: psychotherapy, licences: [MD]", "service: psychotherapy, licences: [MD, DO]", False),
        ("service: psychotherapy, visits: first 3 of group", "service: psychotherapy", False),
        ("service: group, visits: first 3 of group", "service: group, visits: first 2 of group", True),
        ("service: group, visits: first 3 of group", "service: group, visits: first 6 of group", False),
        ("service: group, visits: first 3 of group", "service: group, visits: first 2 of crisis", False),
    ],
)
def test_a_row_that_can_never_win_is_an_error(first: str, second: str, shadowed: bool):
    body = f"benefits:\n  - {{{first}, cost_sharing: unknown}}\n  - {{{second}, cost_sharing: unknown}}"
    found = errors(read(payer_text(plan_text(body)), reference=load_shipped().book.reference)[1])

    assert bool(found) == shadowed
    if shadowed:
        assert (found[0].severity, found[0].line, found[0].column) == ("error", 14, 9)
        assert "rules/payers/x.yaml:13 fits first" in found[0].message


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "benefits: [{service: psycotherapy}]",
            "'psycotherapy' is not a known service; write 'psychotherapy'",
        ),
        ("pools: {a: [psychotherapie]}", "write 'psychotherapy'"),
        ("allowed_amounts: {in: medicare-2025}", "is not a known fee schedule; write 'medicare-2026'"),
        ("coverage: {licences: [LMTF]}", "write 'LMFT'"),
        ("benefits: [{service: group, visits: first 3 of firsts}]", "'firsts' is not a pool of this plan"),
    ],
)
def test_names_that_nothing_carries(body: str, says: str):
    found = errors(read(payer_text(plan_text(body)), reference=load_shipped().book.reference)[1])

    assert len(found) == 1
    assert says in str(found[0])


ROWS = [
    pytest.param("service: psychotherapy, network: in, cost_sharing: [copay $1]",
                 "service: psychotherapy, network: out, cost_sharing: [copay $2]",
                 "service: psychotherapy, cost_sharing: [copay $3]",
                 "rules/payers/x.yaml:13 and rules/payers/x.yaml:14 fit first", id="two rows together"),
    pytest.param("service: psychotherapy, licences: [MD], cost_sharing: [copay $1]",
                 "service: psychotherapy, licences: [DO], cost_sharing: [copay $2]",
                 "service: psychotherapy, licences: [MD, DO], cost_sharing: [copay $3]",
                 "rules/payers/x.yaml:13 and rules/payers/x.yaml:14 fit first", id="licence by licence"),
]  # fmt: skip


def of_rows(*rows: str, severity: str = "error") -> list[str]:
    body = "benefits:\n" + "\n".join(f"  - {{{row}}}" for row in rows)
    found = read(payer_text(plan_text(body)), reference=load_shipped().book.reference)[1]
    return [str(x) for x in found if x.severity == severity]


@pytest.mark.parametrize(("first", "second", "third", "says"), ROWS)
def test_rows_that_together_leave_nothing_to_a_later_one_are_an_error(first, second, third, says):
    [found] = of_rows(first, second, third)

    assert found.startswith("rules/payers/x.yaml:15:9: this row can never be used")
    assert says in found
    assert of_rows(first, third) == []


def test_two_rows_that_contradict_each_other_are_an_error_with_both_places():
    video = "service: psychotherapy, modality: telehealth, cost_sharing: [copay $20]"
    inside = "service: psychotherapy, network: in, cost_sharing: [copay $30]"

    [found] = of_rows(video, inside)
    assert found.startswith("rules/payers/x.yaml:14:9: 90832, in, telehealth fits this row and the row at ")
    assert "rules/payers/x.yaml:13: they say different things; write a row for it before both" in found
    settled = "service: psychotherapy, network: in, modality: telehealth, cost_sharing: [copay $20]"
    assert of_rows(settled, video, inside) == []
    assert of_rows(video, inside.replace("$30", "$20")) == []


def test_first_visits_may_come_before_narrower_rows():
    first = "service: group, visits: first 3 of group, cost_sharing: [copay $1]"

    assert of_rows(first, "service: group, modality: telehealth, cost_sharing: [copay $2]") == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("service: group, network: out, modality: telehealth", "group, out, in person"),
        (
            "service: group, network: out, licences: [MD]",
            "group, out, in person, by a licence that no row names",
        ),
        ("service: group, network: in, tier: 1", "group, in, in person, in a tier that no row names"),
        ("service: group, network: in, visits: first 3 of group", "group, in, in person"),
    ],
)
def test_a_session_that_falls_between_rows_is_warned_of(row, says):
    [found] = of_rows(f"{row}, cost_sharing: unknown", severity="warning")

    assert found.startswith("rules/payers/x.yaml:13:9: ROW_GAP")
    assert f"none fits {says}" in found
    assert of_rows(f"{row}, cost_sharing: unknown", "cost_sharing: unknown", severity="warning") == []


def of_diagnoses(*rows: str) -> list[str]:
    body = "coverage:\n  diagnoses:\n" + "\n".join(f"    - {{{row}}}" for row in rows)
    return [
        str(x) for x in errors(read(payer_text(plan_text(body)), reference=load_shipped().book.reference)[1])
    ]


INTAKE = 'match: "F52.*", covered: yes, codes: ["90791"]'


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ('match: "F*", covered: yes', "match: F52.21, covered: no", "can never be used"),
        ('match: "F52.*", covered: yes', INTAKE, "can never be used"),
        ("match: F52.21, covered: no", 'match: "F*", covered: yes', None),
        (INTAKE, 'match: "F52.*", covered: no', None),
        (INTAKE, "match: F52.21, covered: no", "different things"),
        (INTAKE, "match: F52.21, covered: yes", None),
        (INTAKE, 'match: F52.21, covered: no, codes: ["90837"]', None),
    ],
)
def test_diagnosis_rows_that_never_win_or_contradict_are_errors(first, second, says):
    found = of_diagnoses(first, second)

    assert bool(found) == bool(says)
    if says:
        assert found[0].startswith("rules/payers/x.yaml:15:11: ")
        assert says in found[0]
        assert "rules/payers/x.yaml:14" in found[0]


@pytest.mark.parametrize(("said", "warned"), [("no", True), ("yes", False), ("unknown", False)])
def test_a_denial_that_cannot_happen_needs_no_bearer(said, warned):
    body = f"coverage: {{prior_authorization: {said}, liability: {{authorization: provider}}}}"

    assert (("warning", 12, "NEVER_READ") in problems(body)) == warned


@pytest.mark.parametrize(
    ("ground", "body", "warned"),
    [
        ("telehealth", "", True),
        ("telehealth", "telehealth: yes, ", True),
        ("telehealth", "telehealth: no, ", False),
        ("telehealth", "telehealth: unknown, ", False),
        ("referral", "", True),
        ("visit_limit", "", True),
        ("no_benefit", "", True),
        ("coverage_inactive", "", True),
        ("necessity", "", True),
        ("late_claim", "", True),
        ("exclusion", "", False),
        ("diagnosis", "", False),
        ("credential", "", False),
        ("code", "", False),
    ],
)
def test_a_bearer_of_a_denial_that_no_estimate_knows_is_told(ground: str, body: str, warned: bool):
    body = f"coverage: {{{body}liability: {{{ground}: provider}}}}"

    assert (("warning", 12, "NEVER_READ") in problems(body)) == warned


@pytest.mark.parametrize(
    ("ground", "row"),
    [
        ("visit_limit", "visit_limits: [{visits: 20, services: [group]}]"),
        ("no_benefit", "benefits: [{service: psychotherapy, network: in, cost_sharing: [not covered]}]"),
    ],
)
def test_a_bearer_is_read_where_a_row_brings_the_denial_about(ground: str, row: str):
    found = problems(f"{row}\ncoverage: {{liability: {{{ground}: provider}}}}")

    assert not [each for each in found if each[2] == "NEVER_READ"]


@pytest.mark.parametrize(
    ("dates", "doubted"),
    [
        ("{from: 2026-01-01, to: 2026-12-31}", False),
        ("{from: 2026-01-01, to: 2027-01-01}", True),
        ("{from: 2025-12-31, to: 2026-12-31}", True),
    ],
)
def test_a_plan_that_holds_on_days_without_a_rate_is_doubted_with_both_places(dates: str, doubted: bool):
    reference = load_shipped().book.reference
    text = payer_text(plan_text("allowed_amounts: {out: 140% of medicare-2026}", dates=dates))
    found = [x for x in read(text, reference=reference)[1] if x.message.startswith("SCHEDULE_DATES")]

    assert [(x.severity, x.line) for x in found] == [("warning", 12)] * doubted
    assert all("fee_schedules/medicare-2026.yaml:10" in x.message for x in found)
