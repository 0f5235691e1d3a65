"""The page of an estimate tells what somebody stated, says what is missing, and offers a way on."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.web.walk import Texts

COURSE = {"people": "individual", "sessions": "12", "minutes": "60", "every": "7"}
OWN = {"cover": "own", "who": "fee", "fee": "200", "network": "in", "concern": "communication", **COURSE}
COPAY = {**OWN, "own_share": "copay", "own_copay": "40", "own_first": "no"}
PERCENT = {
    **OWN, "own_share": "percent", "own_percent": "20", "own_first": "yes", "own_deductible": "3,000",
    "own_used": "2600", "own_maximum": "6000",
}  # fmt: skip
PRACTICE = {"who": "listed", "therapist": "example-therapist", "network": "in", "concern": "low-desire"}
NONE = {"cover": "none", **PRACTICE, **COURSE, "size": "2", "income": "38000", "area": "48"}
MEDICARE = {"cover": "listed", "plan": "medicare-part-b", **PRACTICE, **COURSE, "used": "unsure"}
TRICARE = {
    "cover": "listed", "plan": "tricare-select-retiree", "who": "fee", "fee": "200", "network": "in",
    "concern": "erectile-dysfunction", **COURSE,
}  # fmt: skip
COUPLE = {
    "cover": "listed", "plan": "example-ppo", "who": "fee", "fee": "220", "network": "in",
    "concern": "communication", "people": "couple", "sessions": "12", "minutes": "50", "every": "7",
    "used": "nothing", "a-dx_billing": "Z63.0",
}  # fmt: skip
FIRST_VISITS = {
    "cover": "listed", "plan": "healthfirst-bronze-leaf", "who": "fee", "fee": "210", "network": "in",
    "concern": "painful-sex", **COURSE, "used": "some", "used_amount": "2600",
}  # fmt: skip
PPO = {"cover": "listed", "plan": "example-ppo", **PRACTICE, "concern": "communication", **COURSE}
OON = {"cover": "listed", "plan": "example-oon", **PRACTICE, "network": "out", **COURSE, "used": "unsure"}
HDHP = {
    "cover": "listed", "plan": "example-hdhp", **PRACTICE, "concern": "painful-sex", **COURSE, "used": "some",
    "used_amount": "1200",
}  # fmt: skip
ONE_LEFT = {**PPO, "people": "couple", "a-dx_billing": "F41.1", "a-modality": "in_person"}
"""Answers that leave one question open on coverage: that of the couple's code."""
ALLOWED = {"a-allowed_amount.90837": "140"}


@pytest.fixture
def html(client):
    """The page for some answers."""

    def page(said: dict[str, str], go: str = "to:result", base: str = "") -> str:
        reply = client.post(f"{base}/check", data={**said, "go": go})
        assert reply.status_code == 200
        return reply.text

    return page


@pytest.fixture
def told(html):
    """What the page says, as one text."""
    return lambda said, go="to:result", base="": " ".join(Texts(html(said, go, base)).said)


def drawings(text: str) -> set[str]:
    return set(re.findall(r'<figure class="chart chart--(\w+)"', text)) - {"range"}


class TestDrawings:
    """Only figures with a basis are drawn."""

    @pytest.mark.parametrize("said", [COPAY, PERCENT, {**OWN, "own_share": "unsure", "own_first": "unsure"}])
    def test_nothing_is_drawn_of_an_allowed_amount_that_nobody_stated(self, html, told, said):
        assert drawings(html(said)) <= {"swings"}
        assert "Plan pays" not in told(said)
        words = r"What the plan counts \(allowed amount\) Not known yet Question \d"
        assert re.search(words, told(said))

    def test_a_share_that_nobody_stated_is_not_drawn_as_a_percent(self, html, told):
        said = {**OWN, **ALLOWED, "own_share": "unsure", "own_first": "unsure"}

        assert drawings(html(said)) <= {"swings"}
        assert "Your share Not known yet" in told(said)

    def test_a_session_that_is_free_whatever_its_price_is_not_drawn_either(self, html):
        said = {**OWN, "own_share": "nothing", "own_first": "no"}

        assert "waterfall" not in drawings(html(said))
        assert "waterfall" in drawings(html({**said, **ALLOWED}))

    def test_stated_figures_are_drawn(self, html, told):
        assert {"waterfall", "sessions"} <= drawings(html({**COPAY, **ALLOWED}))
        assert "Plan pays $100" in told({**COPAY, **ALLOWED})

    def test_a_fee_that_no_plan_is_asked_about_is_not_called_not_covered(self, html, told):
        assert "chart-bar--noncovered" not in html(NONE)
        assert "Not covered" not in told(NONE)
        assert "Paid without insurance $200" in told(NONE)


class TestFigures:
    """Each figure as sure as it is."""

    def test_a_stated_copay_is_told_as_such(self, told):
        text = told(COPAY)

        assert "$40 for a session (less only if your plan agreed to a lower price, or" in text
        assert "Up to $40" not in text

    def test_a_figure_whose_inputs_are_all_stated_is_no_guess(self, told):
        text = told({**COPAY, **ALLOWED, "own_maximum": "6000", "a-oop_remaining": "5000"})

        assert "$40 for a session" in text
        assert "bout $40" not in text

    def test_a_first_visit_is_as_open_as_the_sessions_after_it(self, told):
        said = {
            "cover": "listed", "plan": "example-hdhp", **PRACTICE, **COURSE, "used": "unsure",
            **ALLOWED, "a-allowed_amount.90791": "180",
        }  # fmt: skip

        # 20 % of $180 where the deductible is met, all of it where it is not.
        assert "Between $36 and $180 for the first visit" in told(said)

    def test_a_figure_that_an_open_answer_moves_is_a_guess(self, told):
        assert "About $40 for a session" in told({**COPAY, **ALLOWED})

    def test_the_office_and_the_video_price_are_told_apart(self, told):
        text = told(PPO)

        assert "In the office: a copay of $30." in text
        assert "By video: a copay of $20." in text
        assert "Up to $30 for a session" in text
        assert "less only if" not in text
        assert "By video:" not in told({**PPO, "a-modality": "in_person"})
        assert "$30 for a session (less only if" in told({**PPO, "a-modality": "in_person"})

    def test_a_share_of_the_first_visits_alone_is_not_told_as_the_price(self, told, monkeypatch):
        """Three first visits cost the copay; a fourth, or one by video read the other way, the deductible."""
        for part in ("views", "fields", "body"):
            monkeypatch.setattr(f"coverage_service.web.{part}.today", lambda: date(2026, 10, 15))
        text = told(FIRST_VISITS)

        assert "Up to $210" in text
        assert "Your share Not known yet" in text
        assert "In the office:" not in text
        assert "Next session: $50" not in text

    def test_a_known_income_names_the_reduced_fee(self, told):
        unsaid = {name: text for name, text in NONE.items() if name not in ("size", "income")}

        assert "$120 a session if a place is open, $200 if none is." in told(NONE)
        assert "From $60 a session, by income, if a place is open; $200 if none is." in told(unsaid)

    def test_a_low_end_that_hangs_on_a_reduced_fee_says_so(self, told):
        words = "The low end counts on a reduced fee that the practice has to grant."

        assert words in told(OON)
        assert words not in told({**OON, "who": "fee", "fee": "200"})

    def test_free_sessions_from_work_are_told_with_the_range_of_both(self, told):
        text = told({**COPAY, **ALLOWED, "a-eap": "5"})

        # Seven to twelve sessions at $40: nobody knows yet if this therapist takes the free ones.
        assert "With your free sessions from work first: between $280 and $480" in text


class TestCoverage:
    """Who pays, why, and what to do."""

    def test_reasons_stand_with_the_diagnosis_they_are_about(self, html, told):
        text = told(PPO)
        first, _, second = text.partition("For 1 of the 2 diagnoses that may fit")[2].partition(
            "For 1 of the 2"
        )

        assert "this kind of diagnosis is covered" in first
        assert "this kind of diagnosis is not covered" in second
        assert "F43.23" not in html(PPO)

    def test_a_diagnosis_that_was_given_is_named(self, told):
        assert "With the diagnosis Z63.0" in told(COUPLE)

    def test_taking_medicare_is_no_doubt_about_coverage(self, told):
        text = told(MEDICARE)

        assert "With Medicare, at its price" in text
        assert "The therapist takes Medicare and its price. That much is settled." in text
        assert "In network" not in text

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            (COUPLE, "Ask the benefits office at work if you have free sessions."),
            (TRICARE, "Ask Military OneSource if its free sessions are open to you."),
            (
                {**MEDICARE, "network": "opted_out"},
                "You sign a contract with this therapist and pay it all yourself.",
            ),
        ],
    )
    def test_who_is_not_covered_is_told_what_to_do(self, told, said, words):
        assert words in told(said).partition("What you can do now What you can")[2] or words in told(said)
        assert 'id="now"' not in told(COPAY)

    def test_old_rules_are_told_beside_the_verdict_and_once(self, told):
        text = told(TRICARE)
        words = "Nobody has checked these rules for a year"

        assert text.count(words) == 1
        assert text.index(words) < text.index("The whole course")

    def test_nothing_about_a_deductible_is_told_without_a_plan(self, told):
        assert "deductible" not in told(NONE).partition("Rules version")[0].lower()

    @pytest.mark.parametrize("go", ["to:result", "to:save"])
    @pytest.mark.parametrize(
        ("base", "words"), [("", r"\b(the|your) plan\b|plan pays"), ("/es", r"\b(d?el|al|su) plan\b")]
    )
    def test_nothing_about_a_plan_is_told_without_one(self, told, go, base, words):
        stated = {"cover": "none", "who": "fee", "fee": "180", **COURSE}

        assert re.findall(words, told(stated, go, base), re.IGNORECASE) == []


class TestSessions:
    """How many sessions are priced is told as far as somebody said."""

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({**PPO, "sessions": "unsure"}, "6 to 20 sessions"),
            ({**PPO, "sessions": "other", "sessions_other": "1"}, "1 session"),
            ({**PPO, "sessions": "unsure", "a-freq_length": "9"}, "9 sessions"),
        ],
        ids=["not sure", "one", "told by the practice"],
    )
    def test_the_number_at_the_top_and_of_the_whole_course(self, told, said, words):
        text = told(said)

        assert f"· {words}, in network" in text
        assert f"The whole course: {words} If your plan" in text


class TestExact:
    """A figure that no open question moves is told and drawn as it is."""

    def test_a_fee_that_is_the_same_for_every_length_of_a_session(self, html):
        text = html({"cover": "none", "who": "fee", "fee": "180", **COURSE, "minutes": "unsure"})

        assert ">$2,160<" in text
        assert "at the high end of the range" not in text
        assert "We draw no picture" not in text
        assert drawings(text) >= {"waterfall", "sessions"}

    def test_a_fee_is_exact_however_many_sessions_there_are(self, told):
        text = told({"cover": "none", "who": "fee", "fee": "180", **COURSE, "sessions": "unsure"})

        assert "$180 for a session" in text
        assert "bout $180" not in text
        assert "Between $1,080 and $3,600" in text

    def test_a_copay_is_exact_however_many_sessions_there_are(self, told):
        stated = {**COPAY, **ALLOWED, "own_maximum": "6000", "a-oop_remaining": "5000"}

        assert "bout $40" not in told({**stated, "sessions": "unsure"})

    def test_what_a_refused_course_costs_is_its_price(self, told):
        fee = {"who": "fee", "fee": "200", "network": "out", "concern": "communication", **COURSE}
        text = told({"cover": "listed", "plan": "example-oon", **fee, "used": "unsure"})

        assert "If your plan does not cover it $2,400" in text

    def test_a_fee_of_a_practice_that_goes_by_the_length(self, html):
        text = html({"cover": "none", **PRACTICE, **COURSE, "minutes": "unsure"})

        assert "These are the figures at the high end of the range." in text
        assert "waterfall" not in drawings(text)


class TestTwoCases:
    """What settles whether the plan pays."""

    def test_one_of_several_questions_settles_nothing_by_itself(self, told):
        words = "We cannot tell which of the two it will be. Question 1 below helps to settle it."

        assert words in told(PPO)
        assert words in told({**PPO, "a-exclusions": "no"})

    def test_the_only_question_with_a_size_does_not_settle_coverage(self, told):
        text = told({**COPAY, "network": "out"})

        assert "We cannot tell which of the two it will be." in text
        assert "Next: 1 question that narrows it" in text

    def test_the_last_question_settles_it(self, told):
        words = "We cannot tell which of the two it will be."

        assert f"{words} Question 1 below settles it." in told(ONE_LEFT)
        assert all(words not in told({**ONE_LEFT, "a-couple_code": each}) for each in ("yes", "no"))


class TestExclusions:
    """What is known of coverage does not contradict itself."""

    def test_a_care_that_is_left_out_is_not_unknown_as_well(self, told):
        text = told(COUPLE).partition("With the diagnosis Z63.0")[2].partition("Your answers")[0]

        assert "The plan papers leave this kind of care out." in text
        assert "We do not know" not in text


class TestRefused:
    """Where the plan pays for no session, no way to pay is told as if it did."""

    def test_no_part_is_paid_and_no_contract_bars_paying_oneself(self, told):
        text = told(COUPLE)

        assert "The practice bills your plan, and your plan turns the bill down." in text
        assert "You pay your part." not in text
        assert "the contract may not let you pay" not in text
        assert "the contract may not let you pay" in told({**COUPLE, "a-dx_billing": "F41.1"})

    def test_of_two_ways_that_cost_the_same_the_one_without_the_plan_is_named(self, told):
        text = told({**COUPLE, **PRACTICE, "network": "unsure", "people": "couple"})

        assert "You pay the practice. Your plan pays nothing back." in text
        assert "Another way may cost less over the year: reduced fee, no insurance," in text


class TestTheCall:
    """What moves no dollars by itself may still settle coverage: the call asks it."""

    @pytest.mark.parametrize(
        "said",
        [{**HDHP, "used_amount": "600"}, {**PERCENT, "network": "out", "concern": "painful-sex"}],
        ids=["before the deductible is met", "out of network"],
    )
    def test_the_script_asks_what_no_numbered_question_does(self, html, told, said):
        assert "We cannot tell which of the two it will be. The script for your plan asks it." in told(said)
        assert 'id="ask-dx_coverage"' in html(said, "to:script:insurer")

    def test_a_numbered_question_is_referred_to_instead(self, told):
        assert "The script for your plan asks it." not in told(PPO)


class TestWhy:
    """The reasons name every figure."""

    def test_the_deductible_and_the_maximum_with_what_is_left(self, told):
        text = told(PERCENT)

        assert "Your deductible is $3,000 a year; $400 of it is left." in text
        assert "The most you pay for covered care is $6,000 a plan year; $3,400 of it is left." in text

    def test_a_limit_of_the_other_side_of_the_network_is_called_so(self, told):
        text = told({**PERCENT, "network": "out"})

        assert "Your deductible in network is $3,000 a year; $400 of it is left." in text
        assert "The most you pay for covered care in network is $6,000 a plan year" in text

    @pytest.mark.parametrize(
        ("base", "inside", "outside"),
        [
            ("", "Your deductible in network is not", "Your deductible out of network is not"),
            ("/es", "su deducible dentro de la red.", "su deducible fuera de la red."),
        ],
    )
    def test_two_deductibles_are_told_apart(self, told, base, inside, outside):
        text = told({**TRICARE, **PRACTICE, "network": "out", "concern": "erectile-dysfunction"}, base=base)

        assert (text.count(inside), text.count(outside)) == (1, 1)

    def test_what_the_reduced_fee_leaves_out_comes_before_how_it_is_reviewed(self, told):
        """$1,570 are $250 and 11 × $120: 12 × $120 would be $1,440."""
        text = told(NONE)

        assert "Between $1,570 and $2,450" in text
        assert "The reduced fee is not for code 90791 (first visit), so the full fee is used." in text

    def test_what_is_not_known_is_not_said_by_anybody(self, told):
        text = told(PERCENT)

        words = "The allowed amount for code 90837 (session of 53 minutes or more): not known yet. not known"
        assert words in text
        assert "somebody said so" not in text

    def test_the_page_of_a_source_is_called_one(self, told):
        assert "(fictional) , page 3, read on Nov 20, 2026" in told(PPO)
        assert ", página 3, leída el 20 nov 2026" in told(PPO, base="/es")

    @pytest.mark.parametrize(
        ("base", "visit", "licence"),
        [
            ("", "The fee for code 90791 (first visit): $250.", "(LMFT, a marriage and family therapist)"),
            (
                "/es",
                "La tarifa del código 90791 (primera visita): $250.",
                "(LMFT, terapeuta matrimonial y familiar)",
            ),
        ],
    )
    def test_codes_and_letters_are_told_with_what_they_mean(self, html, told, base, visit, licence):
        text = told(PPO, base=base)

        assert visit in text
        assert licence in text
        folds = {id: html(PPO, base=base).partition(f'id="{id}"')[2] for id in ("why", "coverage")}
        assert all('<details class="term">' in fold.partition("</ul>")[0] for fold in folds.values())

    def test_no_license_is_explained_where_none_is_told(self, told):
        assert "What is this: License?" in told(PPO)
        assert "What is this: License?" not in told(TRICARE)

    def test_a_script_explains_its_codes_to_who_reads_it_out(self, told):
        text = told(PPO, "to:script:insurer")

        assert "What is this: Visit code (CPT)?" in text
        assert "First visit (90791). Session of 53 minutes or more (90837)." in text
        assert "What is this: License?" in text

    @pytest.mark.parametrize(
        ("question", "term"),
        [("couple_code", "Visit code (CPT)"), ("licence", "License"), ("allowed_amount", "Allowed amount")],
    )
    def test_the_page_of_a_question_explains_its_words(self, told, question, term):
        assert f"What is this: {term}?" in told(PPO, f"to:ask:{question}")

    def test_the_year_of_a_plan_from_its_card_is_taken_for_granted(self, told):
        words = "We took the plan year to start on January 1."

        assert words in told(PERCENT)
        assert words not in told({**PERCENT, "a-plan_year": "07-01"})


class TestTheWayOn:
    """Somebody who knows nothing, and whom to ask."""

    def test_nothing_known_still_gives_a_lead(self, html):
        text = html({"cover": "unsure", "who": "unsure"})

        assert "Look at your plan’s card or summary." in text
        assert 'value="to:plan">I have it here' in text
        assert "Ask for a reduced fee." in text

    def test_somebody_without_a_plan_is_not_sent_to_its_card(self, told):
        text = told({"cover": "none", "who": "unsure"})

        assert "We cannot give a figure yet" in text
        assert "Ask a practice what a session costs. I know the fee Ask for a reduced fee." in text
        assert "your plan" not in text.partition("Your answers")[0]

    def test_only_scripts_with_questions_are_offered(self, html):
        text = html({**MEDICARE, "network": "opted_out"})

        offered = re.findall(r'value="to:script:(\w+)"', text)
        assert offered
        for listener in offered:
            page = html({**MEDICARE, "network": "opted_out"}, f"to:script:{listener}")
            assert f'name="reference-{listener}"' in page

    def test_a_script_without_questions_opens_no_other(self, html):
        assert "There is nothing left to ask here" in html(NONE, "to:script:medigap")

    def test_dates_in_scripts_are_written_as_people_write_them(self, told):
        assert not re.search(r"\b\d{4}-\d\d-\d\d\b", told(PERCENT, "to:script:insurer"))
        assert not re.search(r"\b\d{4}-\d\d-\d\d\b", told(PERCENT, "to:script:insurer", "/es"))

    def test_a_superbill_keeps_its_name_in_spanish(self):
        words = Path(__file__).resolve().parents[2] / "rules" / "questions" / "es.yaml"

        assert "superfactura" not in words.read_text("utf-8")

    def test_the_questions_come_before_the_ways_and_the_folds(self, html):
        text = html(PERCENT)
        places = [
            text.index(f'id="{id}"') for id in ("headline", "cases", "fee", "asks", "ways", "changes", "why")
        ]

        assert places == sorted(places)
        for id in ("changes", "why", "answers"):
            assert re.search(rf'<details class="fold[^>]*><summary><h2 id="{id}">', text)

    def test_what_is_left_out_is_told_once(self, told):
        assert told(PERCENT).count("Not in these figures") == 1


class TestQuestions:
    """What is asked about one thing stands under one number, in the order of what it moves."""

    def numbered(self, text: str) -> list[list[str]]:
        listed = text.partition('<ol class="asks">')[2].partition("</ol>")[0]
        return [re.findall(r'id="ask-(\w+)"', each) for each in listed.split("<li>")[1:]]

    def test_those_on_the_reduced_fee_leave_room_for_those_of_the_plan(self, html, told):
        found = self.numbered(html(HDHP))

        assert {"sliding_slots", "household_income", "household_size"} in map(set, found)
        assert len(found) == 4
        assert "About the reduced fee" in told(HDHP)

    @pytest.mark.parametrize("go", ["to:result", "to:save"])
    def test_what_moves_more_than_the_range_says_that_the_range_leaves_it_out(self, told, go):
        """$180 and 5 × $140 this year, where $800 of the deductible is left: it moves more than the range."""
        stated = {**HDHP, "a-allowed_amount.90791": "180", "a-allowed_amount.90837": "140"}
        words = "The figures above leave this out. They count only what you have met of your deductible"
        maximum = r"Out-of-pocket maximum left \(?[Mm]oves up to \$[\d,]+\)?.{0,80}?"

        assert re.search(maximum + re.escape(words), told(stated, go))
        assert words not in told({**stated, "a-oop_remaining": "3000"}, go)
        assert words not in told(NONE, go)

    def test_one_alone_has_no_heading(self, html, told):
        assert self.numbered(html(NONE)) == [["sliding_slots"]]
        assert "About the reduced fee" not in told(NONE)

    def test_a_question_is_referred_to_by_the_number_it_stands_under(self, html):
        text = html(HDHP)
        numbers = {id: at for at, ids in enumerate(self.numbered(text), 1) for id in ids}
        folded = re.findall(r'<li id="ask-(\w+)"', text.partition('<ol start="5">')[2])
        numbers |= {id: at for at, id in enumerate(folded, 5)}

        referred = re.findall(r'href="#ask-(\w+)">Question (\d+)', text)

        assert referred
        assert all(numbers[id] == int(number) for id, number in referred)


def test_the_ways_to_pay_stand_side_by_side_in_a_table_too(html):
    """$250 and then 11 × $200, or 11 × $120 (two persons at $38,000 are below 200 %) if a place is open."""
    table = re.search(r"<caption>The ranges in figures</caption>.*?</table>", html(NONE), re.DOTALL)
    assert table
    rows = [re.findall(r">([^<]+)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)]

    assert rows[0] == ["Way to pay", "At least", "We would plan for", "At most"]
    assert {row[0]: row[1:] for row in rows[1:]} == {
        "Full fee, no insurance": ["$2,450", "$2,450", "$2,450"],
        "Reduced fee, no insurance": ["$1,570", "–", "$2,450"],
    }
