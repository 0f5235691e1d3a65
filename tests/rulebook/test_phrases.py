"""Cost sharing in the words of plan documents: what each phrase means, and what is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_service.core.cost_sharing import NOT_COVERED, Either, Kind, Phrase, When
from coverage_service.core.facts import UNKNOWN, Between, OneOf
from coverage_service.rulebook.amounts import Mistake
from coverage_service.rulebook.phrases import KNOWN, parse_phrase, phrase_text
from tests.rulebook.support import one, told

LIMITS = "limits: {in_network: {deductible: unknown}, behavioral_health: {deductible: unknown}}"


def sharing(text: str):
    return (
        one(f"{LIMITS}\nbenefits: [{{service: x, network: in, cost_sharing: {text}}}]")
        .benefits[0]
        .cost_sharing
    )


def refused(text: str) -> str:
    return "\n".join(
        x
        for x in told(f"{LIMITS}\nbenefits: [{{service: x, network: in, cost_sharing: {text}}}]")
        if "no row uses" not in x
    )


@pytest.mark.parametrize("text", KNOWN)
def test_every_known_phrase_is_read_and_written_alike(text: str):
    phrase = parse_phrase(text)

    assert (phrase.value if phrase is NOT_COVERED else phrase_text(phrase)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("copay $40", Phrase(Kind.COPAY, 4000)),
        ("copay $1,250.50", Phrase(Kind.COPAY, 125050)),
        ("copay $0 to $25", Phrase(Kind.COPAY, Between(0, 2500))),
        ("copay $0 or $18", Phrase(Kind.COPAY, OneOf((0, 1800)))),
        ("copay unknown", Phrase(Kind.COPAY, UNKNOWN)),
        ("copay $40 toward deductible", Phrase(Kind.COPAY, 4000, toward_deductible=True)),
        ("copay $30 per day", Phrase(Kind.COPAY, 3000, per_day=True)),
        ("copay $30 per day per clinician", Phrase(Kind.COPAY, 3000, per_day=True, per_clinician=True)),
        ("copay $30 once deductible is met", Phrase(Kind.COPAY, 3000, when=When.MET)),
        ("copay $30 until deductible is met", Phrase(Kind.COPAY, 3000, when=When.UNMET)),
        ("coinsurance 20%", Phrase(Kind.COINSURANCE, 2000)),
        ("coinsurance 12.5%", Phrase(Kind.COINSURANCE, 1250)),
        ("coinsurance 20% to 40%", Phrase(Kind.COINSURANCE, Between(2000, 4000))),
        ("coinsurance 50% up to $75", Phrase(Kind.COINSURANCE, 5000, up_to=7500)),
        ("coinsurance 20% ignoring copay", Phrase(Kind.COINSURANCE, 2000, ignoring_copay=True)),
        ("coinsurance 20% once deductible is met", Phrase(Kind.COINSURANCE, 2000, when=When.MET)),
        ("behavioral_health deductible", Phrase(Kind.DEDUCTIBLE, limit="behavioral_health")),
        ("plan pays up to $90", Phrase(Kind.PLAN_PAYS, 9000)),
        ("no charge", Phrase(Kind.NO_CHARGE)),
    ],
)
def test_a_phrase_means(text: str, expected: Phrase):
    assert parse_phrase(text) == Phrase(
        **{name: getattr(expected, name) for name in Phrase.__slots__ if name != "text"}, text=text
    )


AMOUNTS = st.integers(0, 99_999_999)
COPAYS = st.one_of(
    AMOUNTS,
    st.tuples(AMOUNTS, AMOUNTS).filter(lambda x: x[0] < x[1]).map(lambda x: Between(*x)),
    st.lists(AMOUNTS, min_size=2, max_size=4, unique=True).map(lambda x: OneOf(tuple(x))),
)


@settings(deadline=None)
@given(
    amount=COPAYS,
    when=st.sampled_from(When),
    toward=st.booleans(),
    day=st.booleans(),
    clinician=st.booleans(),
)
def test_a_copay_survives_being_written(amount, when: When, toward: bool, day: bool, clinician: bool):
    phrase = Phrase(
        Kind.COPAY, amount, when=when, toward_deductible=toward, per_day=day, per_clinician=day and clinician
    )
    text = phrase_text(phrase)
    again = parse_phrase(text)

    assert isinstance(again, Phrase)
    assert phrase_text(again) == text
    assert (again.amount, again.when, again.toward_deductible) == (amount, when, toward)
    assert (again.per_day, again.per_clinician) == (day, day and clinician)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_phrase_or_a_mistake_with_a_remedy(text: str):
    try:
        parse_phrase(text)
    except Mistake as mistake:
        assert mistake.remedy.startswith(("write", "check"))  # noqa: PT017 - both ways are fine here


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("copayment $30", "write 'copay $30'"),
        ("coinsurence 30%", "write 'coinsurance 30%'"),
        ("$25", "write 'copay $25'"),
        ("copay 30 dollars", "write 'copay $30'"),
        ("25 dollars", "write 'copay $25'"),
        ("coinsurance 40 percent", "write 'coinsurance 40%'"),
        ("15%", "write 'coinsurance 15%', or 'copay $15'"),
        ("40", "write 'copay $40', or 'coinsurance 40%'"),
        ("copay 30", "write 'copay $30'"),
        ("copay 40%", "write 'copay $40', or 'coinsurance 40%'"),
        ("copay 400%", "write 'copay $400'"),
        ("copay 40.5", 'write both digits of the cents: "$40.50"'),
        ("coinsurance 20", "write 'coinsurance 20%'"),
        ("coinsurance $20", "write 'copay $20', or 'coinsurance 20%'"),
        ("coinsurance 2000%", "did you mean 20%?"),
        ("coinsurance 120%", "from 0% to 100%"),
        ("copay -$30", "never negative"),
        ("copay $25 to $10", "the smaller figure first"),
        ("copay $10 or $10", "each figure once"),
        ("deductable", "write 'deductible'"),
        ("No charge", "write 'no charge'"),
        ("plan pays up to $0", "above zero"),
        ("free", "write 'deductible', 'copay $30' or 'coinsurance 20%'"),
        ("12.5%", "write 'coinsurance 12.5%'"),
        ("150%", "write 'copay $150'"),
        ("1500", "write 'copay $1500'"),
        ("30$", "write 'copay $30'"),
        ("coinsurance 150", "like 20% or 12.5%"),
        ("coinsurance 0.2", "write 'coinsurance 20%', or 'coinsurance 0.2%'"),
        ("copay $30 per visit", "write 'copay $30'"),
        ("coinsurance 50% upto $75", "write 'coinsurance 50% up to $75'"),
        ("plan pays $90", "write 'plan pays up to $90'"),
        ("$40 copay after deductible", "write [deductible, copay $40]"),
        ("20% after the deductible is met", "write [deductible, coinsurance 20%]"),
        ("no charge after deductible", "write [deductible]"),
        ("copay\N{NO-BREAK SPACE}$30", "write 'copay $30' with one ordinary space between words"),
    ],
)
def test_a_refusal_says_what_to_write(text: str, remedy: str):
    with pytest.raises(Mistake, match=r".") as caught:
        parse_phrase(text)

    assert remedy in caught.value.remedy
    for proposed in re.findall(r"'(.+?)'", caught.value.remedy):
        parse_phrase(proposed)


@pytest.mark.parametrize(
    "text", ["no cost", "covered", "covered in full", "deductible then 20%", "copay $30 a day"]
)
def test_nothing_of_another_meaning_is_proposed(text: str):
    """'no cost' is not 'not covered'; what is proposed is often taken without a second look."""
    with pytest.raises(Mistake, match=r".") as caught:
        parse_phrase(text)

    assert caught.value.remedy.startswith("write 'deductible', 'copay $30' or 'coinsurance 20%', or another")


@pytest.mark.parametrize(
    "text",
    [
        "[copay $40]",
        "[deductible, coinsurance 20%]",
        "[no deductible, coinsurance 20%]",
        "[deductible, copay $30]",
        "[deductible, copay $30 once deductible is met]",
        "[copay $30, deductible, coinsurance 20%]",
        "[copay $40 toward deductible]",
        "[copay $30 toward deductible, deductible]",
        "[deductible, copay $20, coinsurance 20%]",
        "[deductible, copay $20, coinsurance 20% ignoring copay]",
        "[no charge]",
        "[deductible]",
        "[copay $30 until deductible is met, coinsurance 20% once deductible is met]",
        "[deductible, coinsurance 40%, plan pays up to $90]",
        "[deductible, coinsurance 50% up to $75]",
        "[copay $30 per day per clinician]",
        "[behavioral_health deductible, coinsurance 20%]",
        '["copay $1,500"]',
        "{either: [[copay $40], [copay $40, deductible]]}",
        "[not covered]",
        "unknown",
    ],
)
def test_the_lists_of_the_definitions_are_read(text: str):
    assert sharing(text) is not None


def test_a_missing_list_is_unknown_and_not_covered_is_no_list():
    assert one("benefits: [{service: x}]").benefits[0].cost_sharing is UNKNOWN
    assert sharing("[not covered]") is NOT_COVERED
    assert isinstance(sharing("{either: [[copay $40], [copay $40, deductible]]}"), Either)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "an empty list says nothing; write [no charge], [not covered] or unknown"),
        ("[copay $30, copay $20]", "a list has one copay"),
        ("[deductible, behavioral_health deductible]", "a list has one deductible"),
        ("[no charge, copay $30]", "'no charge' stands alone"),
        ("[deductible, no charge]", "'no charge' stands alone"),
        ("[not covered, copay $30]", "'not covered' stands alone"),
        ("[deductible, no deductible, coinsurance 20%]", "exclude each other"),
        ("[no deductible]", "'no deductible' alone says nothing"),
        ("[plan pays up to $90]", "does not say what the member owes"),
        ("[plan pays up to $90, deductible, coinsurance 20%]", "write it last"),
        ("[deductible, coinsurance 20% ignoring copay]", "needs a copay before it"),
        ("[coinsurance 20%]", "write [deductible, coinsurance 20%], or [no deductible, coinsurance 20%]"),
        ("[copay $20, coinsurance 20%]", "does the deductible apply?"),
        ("{either: [[coinsurance 20%], [deductible, coinsurance 20%]]}", "does the deductible apply?"),
        ("[copay $1,500]", 'a comma inside […] separates; write "copay $1,500" in quotes'),
        ("copay $30", "is not a list of phrases; write [copay $30]"),
        ("{either: [[copay $30]]}", "two or more readings are expected"),
        ("{either: [[copay $30], [not covered]]}", "no reading of a cost-sharing phrase"),
        ("{any: [[copay $30], [deductible]]}", "'any' is not a field here"),
        ("[[copay $30], [deductible]]", "two readings: {either: [[…], […]]}"),
        ("[dental deductible]", "limits name no deductible 'dental'"),
    ],
)
def test_a_list_as_a_whole_is_checked(text: str, says: str):
    assert says in refused(text)


def test_coinsurance_needs_no_word_about_a_deductible_that_the_plan_says_it_lacks():
    body = """\
        limits: {in_network: {deductible: none}}
        benefits: [{service: x, network: in, cost_sharing: [coinsurance 20%]}]
        """
    assert one(body).benefits[0].cost_sharing == (parse_phrase("coinsurance 20%"),)


def test_a_deductible_phrase_needs_a_deductible():
    assert any(
        "limits name none here" in x for x in told("benefits: [{service: x, cost_sharing: [deductible]}]")
    )
