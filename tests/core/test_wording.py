"""A document of wordings read into values, whole and with what it may leave out."""

from __future__ import annotations

from coverage_service.core.wording import QuestionText, ScriptText, Wording, read

BARE = {"id": "fee", "short": "Fee", "neutral": "What is your fee?", "why": "It is the price."}
FULL = {
    "id": "coverage", "short": "Coverage", "neutral": "Is it covered?", "why": "It decides.",
    "topic": "Is sex therapy covered?", "answer_hint": "yes or no", "to": {"practice": "Do they pay you?"},
}  # fmt: skip
SCRIPTS = {
    "insurer": {
        "title": "Call", "opening": ["Hello", "I call"], "closing": ["Thanks"],
        "opening_topic": ["Hello", "about sex therapy"],
    },
    "practice": {"title": "Ask", "opening": ["Hello"], "closing": ["Bye", "Thanks"]},
}  # fmt: skip
DOCUMENT = {
    "language": "en",
    "questions": [BARE, FULL],
    "scripts": SCRIPTS,
    "call_notes": ["Name", "Date"],
    "choices": {"yes": "Yes"},
    "glossary": {"copay": "A fixed amount"},
    "disclaimers": {"no_bill": "This is not a bill"},
    "notes": {"plan_unknown": "Your plan is not known"},
}


def test_every_text_has_its_place():
    assert read(DOCUMENT) == Wording(
        language="en",
        questions={
            "fee": QuestionText(id="fee", short="Fee", neutral="What is your fee?", why="It is the price."),
            "coverage": QuestionText(
                id="coverage",
                short="Coverage",
                neutral="Is it covered?",
                why="It decides.",
                topic="Is sex therapy covered?",
                hint="yes or no",
                to={"practice": "Do they pay you?"},
            ),
        },
        scripts={
            "insurer": ScriptText(
                title="Call",
                opening=("Hello", "I call"),
                closing=("Thanks",),
                opening_topic=("Hello", "about sex therapy"),
                call_notes=("Name", "Date"),
            ),
            "practice": ScriptText(
                title="Ask", opening=("Hello",), closing=("Bye", "Thanks"), call_notes=("Name", "Date")
            ),
        },
        choices={"yes": "Yes"},
        glossary={"copay": "A fixed amount"},
        disclaimers={"no_bill": "This is not a bill"},
        notes={"plan_unknown": "Your plan is not known"},
    )


def test_what_a_question_leaves_out_is_empty():
    question = read(DOCUMENT).questions["fee"]

    assert (question.topic, question.hint, question.to) == (None, "", {})
