"""The English of the page reads like eighth grade or below."""

from __future__ import annotations

import pytest

from tests import reading


def test_no_longer_text_is_hard():
    hard = [each for each in reading.graded_texts() if each.grade > reading.HIGHEST]

    assert hard == [], "say it in shorter sentences and words; `make reading` lists the hardest"


def test_no_page_is_hard():
    pages = reading.graded_pages()

    assert len(pages) > 50
    assert [each for each in pages if each.grade > reading.HIGHEST] == []


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        # 11 words, 1 sentence, 14 syllables: 0.39 * 11 + 11.8 * 14 / 11 - 15.59.
        ("How much of my deductible is left, and as of when?", 3.72),
        # Blanks and amounts are one syllable: 5 words, 1 sentence, 5 syllables.
        ("You pay %(amount)s or $1,260.", -1.84),
        ("You pay {cents} or 20%.", -1.84),
        # A quoted full stop ends a sentence: 4 words, 2 sentences, 4 syllables.
        ("“You pay.” We pay.", -3.01),
    ],
)
def test_the_grade_is_that_of_the_published_formula(text, grade):
    assert round(reading.grade(text), 2) == grade


def test_syllables_are_those_of_the_dictionary_or_counted():
    assert [reading.syllables(word) for word in ("coinsurance", "don't", "superbill")] == [4, 1, 3]


def test_what_the_page_explains_counts_as_a_known_word():
    assert reading.plainly("Your out-of-pocket maximum is met.") == reading.grade("Your fee is met.")


def test_a_hard_text_is_found():
    text = "Reimbursement necessitates documentation substantiating authorization of everything considered"

    assert reading.plainly(text) > reading.HIGHEST
