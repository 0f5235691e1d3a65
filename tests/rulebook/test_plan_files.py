"""Plans: every word of the definitions loads, and every mistake is told with what to write."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from coverage_service.core.cost_sharing import FirstVisits
from coverage_service.core.facts import NONE, UNKNOWN, Confidence
from coverage_service.core.plan import (
    AllowedAmount,
    Limit,
    Members,
    Method,
    ShareOfIncome,
    Supplement,
    UpTo,
    limit_of,
)
from coverage_service.rulebook.parse import parse
from tests.rulebook.support import (
    PLAN,
    SHIPPED,
    load_shipped,
    one,
    payer_text,
    plan_text,
    read,
    told,
)


def limit(text: str, kind: str = "deductible") -> Limit:
    found = limit_of(one(f"limits: {{in_network: {{{kind}: {text}}}}}"), "in_network", kind)
    assert found is not None
    return dataclasses.replace(found, origin=Limit(bucket="", kind="").origin)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{person: "$1,500", family: "$3,000", family_method: embedded}',
            {"person": 150000, "family": 300000},
        ),
        ('{person: "$800"}', {"person": 80000}),
        ("none", {"person": NONE}),
        ("unknown", {"person": UNKNOWN}),
        ("{person: unknown}", {"person": UNKNOWN}),
        ('{person: "$1,500", family: unknown}', {"person": 150000, "family": UNKNOWN, "method": UNKNOWN}),
        ('{person: "$1,500", family: "$3,000"}', {"person": 150000, "family": 300000, "method": UNKNOWN}),
        ('{person: "$1,500", family_method: 2 members}', {"person": 150000, "method": Members(2)}),
        ('{family: "$12,000", family_method: aggregate}', {"family": 1200000, "method": "aggregate"}),
    ],
)
def test_a_deductible_says(text: str, expected: dict[str, object]):
    assert limit(text) == Limit(bucket="in_network", kind="deductible", **expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{family: "$12,000", family_method: aggregate, person_cap: legal}',
            {"family": 1200000, "method": "aggregate", "person_cap": "legal"},
        ),
        (
            '{family: "$12,000", family_method: aggregate, person_cap: "$9,000"}',
            {"family": 1200000, "method": "aggregate", "person_cap": 900000},
        ),
        (
            '{person: "$5,000", counts: [deductible, coinsurance]}',
            {"person": 500000, "counts": ("deductible", "coinsurance")},
        ),
        (
            "{family: 5% of income, per: month}",
            {"family": ShareOfIncome(500), "method": "aggregate", "period": "month"},
        ),
        ("none", {"person": NONE}),
    ],
)
def test_an_out_of_pocket_maximum_says(text: str, expected: dict[str, object]):
    assert limit(text, "out_of_pocket_maximum") == Limit(
        bucket="in_network", kind="out_of_pocket_maximum", **expected
    )


@pytest.mark.parametrize(
    ("text", "method", "amount", "schedule"),
    [
        ("contract", Method.CONTRACT, 10_000, None),
        ("medicare-2026", Method.SCHEDULE, 10_000, "medicare-2026"),
        ("140% of medicare-2026", Method.SCHEDULE, 14_000, "medicare-2026"),
        ("80th percentile of fair-health", Method.PERCENTILE, 80, "fair-health"),
        ("60% of billed", Method.BILLED, 6_000, None),
        ('"$90"', Method.FIXED, 9_000, None),
    ],
)
def test_an_allowed_amount_is_found_by(text: str, method: Method, amount: int, schedule: str | None):
    found = one(f"allowed_amounts: {{out: {text}}}").allowed["out"]

    assert isinstance(found, AllowedAmount)
    assert (found.method, found.amount, found.schedule) == (method, amount, schedule)


def test_the_other_words_of_a_plan():
    plan = one("""\
        market: {kind: PPO, group: individual, funding: insured, state: OH, hsa_eligible: no, metal: bronze}
        reviewed: 2026-11-20
        limits:
          in_network: {deductible: {person: unknown}}
        cross: {deductible: in_to_out, out_of_pocket_maximum: none}
        pools: {first-visits: [primary_care, specialist, urgent_care, outpatient_mental_health]}
        benefits:
          - {service: psychotherapy, network: in, visits: first 3 of first-visits, cost_sharing: [copay $65]}
          - {service: psychotherapy, network: in, modality: in_person, tier: 1, cost_sharing: [copay $20]}
          - {service: psychotherapy, network: in, modality: telehealth, cost_sharing: [no charge]}
          - {service: psychotherapy, network: in, modality: in_person, tier: 2, licences: [MD, DO]}
          - {visits: first 6 of issue, network: out, cost_sharing: [no charge]}
        visit_limits: [{visits: 20, services: [family_counselling], per: calendar_year}]
        allowed_amounts: {out: unknown}
        lesser_of: yes
        balance_billing: {in: no, out: up to 15%}
        not_covered_rate: {in: contracted, out: billed}
        coordination: non_duplication
        claims: {out: {paid_to: member, file_within: 365 days}}
        sequestration: 2%
        coverage:
          exclusions:
            sex_therapy: {excluded: yes, wording: "wholly or partially", names_diagnosis: yes}
            marital_counselling: yes
            sexual_dysfunction: unknown
          diagnoses: [{match: "Z63.*", covered: no}, {match: "F*", covered: yes}]
          licences: unknown
          associates: no
          prior_authorization: unknown
          referral: no
          codes: {"90846": no}
          liability: {exclusion: patient, diagnosis: unknown}
        """)

    assert (plan.market.metal, plan.market.hsa_eligible, plan.reviewed) == (
        "bronze",
        False,
        date(2026, 11, 20),
    )
    assert plan.cross == {"deductible": "in_to_out", "out_of_pocket_maximum": "none"}
    assert plan.benefits[0].visits == FirstVisits(3, "first-visits")
    assert [x.tier for x in plan.benefits[:2]] == [None, "1"]
    assert plan.benefits[3].licences == ("MD", "DO")
    assert plan.benefits[4].service == "outpatient_mental_health"
    assert (plan.visit_limits[0].visits, plan.visit_limits[0].per) == (20, "calendar_year")
    assert (plan.allowed, plan.lesser_of, plan.sequestration) == ({"out": UNKNOWN}, True, 200)
    assert plan.balance_billing == {"in": False, "out": UpTo(1500)}
    assert plan.not_covered_rate == {"in": "contracted", "out": "billed"}
    assert (plan.coordination, plan.claims["out"].file_within_days) == ("non_duplication", 365)
    sex_therapy, marital, dysfunction = plan.coverage.exclusions
    assert (sex_therapy.wording, sex_therapy.names_diagnosis) == ("wholly or partially", True)
    assert (marital.excluded, dysfunction.excluded) == (True, UNKNOWN)
    assert plan.coverage.codes == {"90846": False}
    assert plan.coverage.liability == {"exclusion": "patient", "diagnosis": UNKNOWN}
    assert (plan.coverage.licences, plan.coverage.associates, plan.coverage.telehealth) == (
        UNKNOWN,
        False,
        None,
    )


def test_a_supplement_names_its_plan_and_what_it_pays():
    plan = one("supplements: medicare-part-b\npays: [coinsurance, excess]\nmember_keeps: copay up to $20")

    assert plan.supplements == Supplement(
        plan="medicare-part-b", pays=("coinsurance",), member_keeps_copay=2000, pays_excess=True
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("01-01", ((1, 1),)), ("07-01", ((7, 1),)), ("[01-01, 07-01]", ((1, 1), (7, 1))), ("unknown", UNKNOWN)],
)
def test_a_plan_year_starts(text: str, expected: object):
    dates = f"{{from: 2026-07-01, to: open, plan_year_starts: {text}}}"
    found, problems = read(payer_text(plan_text(dates=dates)))

    assert not problems
    assert (found[0].plan_year_starts, found[0].ends) == (expected, None)


def test_the_nearest_source_and_confidence_count():
    plan = one("""\
        limits:
          in_network:
            deductible: {person: "$1,000", source: call}
            out_of_pocket_maximum: {person: "$5,000", confidence: assumed}
          out_of_network: {source: call, confidence: verified, deductible: {person: "$2,000"}}
        """)
    said = [(x.origin.source.title, x.origin.confidence) for x in plan.limits]

    assert said == [
        ("A call", Confidence.STATED),
        ("A document", Confidence.ASSUMED),
        ("A call", Confidence.VERIFIED),
    ]
    assert (plan.origin.source.title, plan.origin.confidence) == ("A document", Confidence.VERIFIED)
    assert plan.limits[0].origin.place == "rules/payers/x.yaml:14"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("benfits: []", "'benfits' is not a field here; write 'benefits'"),
        ("visit_limit: 20", "'visit_limit' is not used; write visit_limits"),
        ("market: {kind: ppo}", "write 'PPO'"),
        ("market: {state: California}", "'California' is not known here"),
        ('limits: {in_network: {deductible: {person: "-$5"}}}', "never negative"),
        ("limits: {in_network: {deductible: {person: 1000}}}", 'write it with a dollar sign: "$1000"'),
        ("limits: {in_network: {deductible: {person: $1,500}}}", 'put quotes around it, like "$1,500"'),
        ('limits: {in_network: {deductible: {person: "$2,000", family: "$1,000"}}}', "below the person's"),
        (
            'limits: {in_network: {out_of_pocket_maximum: {person: "$5,000", family_method: 2 members}}}',
            "only a deductible is met by a number of members; write embedded, aggregate or unknown",
        ),
        (
            'limits: {in_netwrok: {deductible: {person: "$5"}}}',
            "no row uses the limit 'in_netwrok'; write 'in_network'",
        ),
        (
            'limits: {behavioral_health: {out_of_pocket_maximum: {person: "$500"}}}',
            "x.yaml:12:34: a maximum of behavioral_health alone is not priced; write none, and unknown for",
        ),
        ("limits: {behavioral_health: {out_of_pocket_maximum: unknown}}", "alone is not priced"),
        ("limits: {in_network: {deductible: {}}}", "this limit has no figure"),
        (
            "limits: {in_network: {deductible: {person: none, family_method: 1 members}}}",
            "write it like: 2 members",
        ),
        ("sequestration: 200%", "is above 100%; write a percentage from 0% to 100%"),
        ("sequestration: 2000%", "did you mean 20%?"),
        ("allowed_amounts: {in: whatever it is}", "does not say how the amount is found"),
        ("allowed_amounts: {inn: contract}", "'inn' is not known here; write 'in'"),
        ("coverage: {exclusions: {sextherapy: no}}", "write 'sex_therapy'"),
        ("coverage: {exclusions: [sex_therapy]}", "exclusions are named one by one"),
        ("coverage: {diagnoses: [{match: F52, covered: maybe}]}", "'maybe' is not known here"),
        ("coverage: {diagnoses: [{match: 52, covered: no}]}", "put it in quotes"),
        ("coverage: {liability: {authorisation: provider}}", "write 'authorization'"),
        ("coverage: {prior_auth: no}", "write prior_authorization"),
        ("claims: {out: {file_within: a year}}", "write a whole number, like 6 days"),
        ("pools: {x: []}", "this list is empty"),
        ("benefits: {service: x}", "a group of fields stands where a list is expected"),
        ("benefits: [psychotherapy]", "'psychotherapy' stands where the fields of a benefit are expected"),
        ("lesser_of: no", "a plan that pays on more than is charged is not priced; write yes"),
        ("pays: [coinsurance]", "a supplement names its plan and what it pays"),
        ("source: sbcc", "'source' is written twice"),
        ("limits: {source: sbcc}", "'sbcc' is not a known source; write 'sbc'"),
        ("limits: {confidence: sure}", "'sure' is not a known confidence"),
        ("name: ''", "'name' is written twice"),
    ],
)
def test_a_mistake_says_what_to_write(body: str, says: str):
    assert any(says in line for line in told(body)), told(body)


def test_a_maximum_that_is_none_may_be_of_any_limit():
    body = 'limits: {behavioral_health: {deductible: {person: "$500"}, out_of_pocket_maximum: none}}'

    assert not any("not priced" in line for line in told(body))


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("{case: b, session: {cpt: '90837'}, expect: {}}", "this test expects nothing"),
        ("{case: b, expect: {patient: $5}}", "a test has a session or a course"),
        (
            "{case: b, session: {cptt: '90837'}, expect: {patient: $5}}",
            "'cptt' is not a field here; write 'cpt'",
        ),
        ("{case: b, session: {cpt: '90837'}, expect: {patients: $5}}", "write 'patient'"),
        ("{case: b, session: {cpt: '90837'}, expect: {patient: 500}}", "dollar sign"),
        ("{case: b, used: {visits: {firstvisits: 1}}, session: {}, expect: {total: $5}}", "not a known pool"),
        ("{case: b, used: {limits: {in_net: {}}}, session: {}, expect: {total: $5}}", "write 'in_network'"),
        (
            "{case: b, session: {}, expect: {total: $5}}, {case: b, session: {}, expect: {total: $5}}",
            "two tests are called 'b'",
        ),
    ],
)
def test_a_test_that_tests_nothing_is_refused(test: str, says: str):
    text = payer_text(plan_text()).replace("tests: [", f"tests: [{test}, ")
    reference = load_shipped().book.reference  # type: ignore[union-attr]

    assert any(says in str(x) for x in read(text, reference=reference)[1])


def test_the_forms_of_a_test():
    text = payer_text(plan_text("pools: {first-visits: [psychotherapy]}")).replace(
        "tests: [",
        """tests: [
        {case: used, used: {visits: {first-visits: 1}}, session: {cpt: "90837"}, expect: {covered: yes}},
        {case: unclear, session: {cpt: "90837"}, expect: {covered: unknown, patient_if_not: "$200"}},
        {case: ten, course: {sessions: 10, billed: "$200", allowed: "$140"}, expect: {total: "$1,250"}}, """,
    )
    from coverage_service.rulebook.reading import Reading

    reading = Reading("rules/payers/x.yaml")
    root = parse(text.encode(), reading.error)
    assert root is not None
    PLAN.read(root, reading)
    used, unclear, ten, _ = reading.cases

    assert not reading.problems
    assert (used.entry, used.starts, dict(used.used.visits)) == (
        "a-plan",
        date(2026, 1, 1),
        {"first-visits": 1},
    )
    assert (unclear.expect.covered, unclear.expect.patient_if_not) == (UNKNOWN, 20000)
    assert (ten.course.sessions, ten.course.each.allowed, ten.expect.total) == (10, 14000, 125000)
    assert ten.origin.place == "rules/payers/x.yaml:14"


@pytest.mark.parametrize("key", ["name", "status", "effective", "source", "tests"])
def test_what_a_plan_in_a_file_cannot_do_without(key: str):
    lines = payer_text(plan_text()).splitlines()
    problems = read("\n".join(x for x in lines if not x.strip().startswith(f"{key}:")))[1]

    assert any(key.removesuffix("s") in x.message for x in problems)


def test_all_mistakes_are_told_at_once_with_their_places():
    _, problems = read(
        payer_text(plan_text("lesser_of: NO\nsequestration: 2\nbenefts: []\nreviewed: 2026-13-01"))
    )

    assert sorted((x.line, x.column) for x in problems) == [(12, 16), (13, 20), (14, 5), (15, 15)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda x: x.name)
def test_every_shipped_payer_file_loads(path):
    reference = load_shipped().book.reference  # type: ignore[union-attr]
    found, problems = read(path.read_bytes(), reference=reference)

    assert [str(x) for x in problems if x.severity == "error"] == []
    assert all(isinstance(x.name, str) for x in found)
