"""Whatever a request of the right shape says, the service answers it: 200 in shape, or 422 with places."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_service.core.question_table import QUESTIONS
from tests.api.shapes import assert_problem, assert_shape

PLANS = ["example-ppo", "example-hdhp", "example-oon", "healthfirst-bronze-leaf", "medicare-part-b", "none",
         "fep-blue-basic", "tricare-select-retiree", "medicaid-state-unknown", "ma-h4346-014-0"]  # fmt: skip
THERAPISTS = ["example-therapist", "linear-practice", "slots-practice", "health-centre", "trainee-clinic"]
CODES = ["90791", "90834", "90837", "90847", "99213"]

cents = st.one_of(
    st.sampled_from([0, 1, 5_000, 14_000, 10**10]),
    st.tuples(st.integers(0, 9_999), st.integers(9_999, 10**6)).map(lambda x: {"low": x[0], "high": x[1]}),
)
flag = st.sampled_from([True, False, None])


def said(**fields):
    """An object in which any field may be missing."""
    return st.fixed_dictionaries({}, optional=fields)


care = said(
    concern=st.sampled_from(["painful-sex", "communication", "trauma"]),
    diagnoses=st.lists(st.sampled_from(["F52.31", "Z63.0", "F43.10", "N94.10"]), max_size=2),
    format=st.sampled_from(["individual", "couple", "family", "group"]),
    minutes=st.sampled_from([1, 15, 16, 25, 26, 50, 90, 480]),
    modality=st.sampled_from(["in_person", "telehealth"]),
    intake=flag,
    sessions=st.one_of(st.sampled_from([1, 2, 12, 60]), st.just({"low": 1, "high": 30})),
    every_days=st.sampled_from([1, 7, 30, 366]),
    first_session=st.sampled_from(["2026-11-23", "2026-12-31", "2028-02-29", "2099-12-31"]),
    skip=st.lists(st.sampled_from(["2026-12-28", "2026-11-23"]), max_size=2),
    codes=st.lists(st.sampled_from(CODES), max_size=2, unique=True),
    identified_patient=flag,
    patient_present=flag,
    described_as=st.sampled_from(["psychotherapy", "sex_therapy"]),
    authorization=flag,
    referral=flag,
    waiver_signed=flag,
)
limit = said(deductible_cents=cents, out_of_pocket_cents=cents, family_deductible_cents=cents)
used = said(
    as_of=st.sampled_from(["2025-06-01", "2026-11-01"]),
    sessions_since=st.integers(0, 5),
    limits=said(in_network=limit, out_of_network=limit, any_network=limit),
)
other = st.fixed_dictionaries(
    {"date": st.sampled_from(["2026-12-01", "2027-03-01"]), "allowed_cents": st.sampled_from([0, 90_000])},
    optional={
        "service": st.sampled_from(["psychotherapy", "imaging"]),
        "cost_sharing": st.just(["deductible", "coinsurance 20%"]),
        "member": st.sampled_from(["self", "family"]),
    },
)
words = ["yes", "no", "in", "out", "2026-12-01", "F43.10", "CA", "copay $30", "some words"]
answer = st.sampled_from([None, 0, 3, 14_000, *words, {"90837": 14_000}, {"90837": "x"}, [], 1.5])
body = st.fixed_dictionaries(
    {"as_of": st.just("2026-11-23"), "care": care},
    optional={
        "plan": st.sampled_from(PLANS),
        "therapist": st.sampled_from(THERAPISTS),
        "used": used,
        "household": said(size=st.integers(1, 9), area=st.sampled_from(["48", "AK"]), income_cents=cents),
        "member": said(coverage=st.sampled_from(["self_only", "family"])),
        "network": said(
            status=st.sampled_from(["in", "out", "opted_out", "gap_exception"]), agreed_cents=st.just(20_000)
        ),
        "prices": st.dictionaries(st.sampled_from(CODES), said(billed_cents=st.just(20_000)), max_size=2),
        "other_care": st.lists(other, max_size=2),
        "eap": st.just({"plan": "example-eap"}),
        "secondary": st.fixed_dictionaries({"plan": st.sampled_from(PLANS[:5])}),
        "answers": st.dictionaries(
            st.sampled_from([row.id for row in QUESTIONS]),
            st.fixed_dictionaries({"value": answer}),
            max_size=3,
        ),
        "language": st.sampled_from(["en", "es"]),
        "detail": st.sampled_from(["full", "summary"]),
    },
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=body)
def test_any_request_is_answered_in_shape_or_refused_with_places(client, asked):
    for address, shape in (("/v1/estimates", "Estimate"), ("/v1/scripts", "Scripts")):
        reply = client.post(address, json=asked)
        if reply.status_code == 200:
            assert_shape(shape, reply.get_json())
        else:
            assert assert_problem(reply, 422)["errors"]
