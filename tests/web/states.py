"""Every page of the client's page in every state: an address, and the form that leads to it."""

from __future__ import annotations

PREFIXES = {"en": "", "es": "/es"}
LISTED = {
    "cover": "listed", "plan": "example-hdhp", "who": "listed", "therapist": "example-therapist",
    "network": "in", "concern": "unsure", "people": "individual", "sessions": "12", "minutes": "50",
    "every": "7", "used": "some", "used_amount": "200",
}  # fmt: skip
"""Six pages of answers with a listed plan: their controls in the order they are asked."""
OWN = {
    "cover": "own", "own_share": "both", "own_both_copay": "25", "own_both_percent": "20",
    "own_first": "unsure", "own_deductible": "1,500", "who": "fee", "fee": "180", "first_fee": "240",
    "network": "out", "concern": "unsure", "people": "couple", "sessions": "other", "sessions_other": "9",
    "minutes": "90", "every": "14",
}  # fmt: skip
NO_PLAN = {
    "cover": "none", "who": "listed", "therapist": "example-therapist", "people": "individual",
    "sessions": "unsure", "minutes": "unsure", "every": "unsure",
    "size": "2", "income": "38,000", "area": "48",
}  # fmt: skip
DRAWN = {**LISTED, "minutes": "60", "a-allowed_amount.90791": "180", "a-allowed_amount.90837": "140"}
"""Every figure of a session has a basis: the fee and the sessions are drawn."""
TOLD = {**LISTED, "a-ded_remaining": "400", "a-dx_coverage": "unsure", "reference-insurer": "CALL-7"}

QUESTIONS = {
    "plan": {},
    "own": OWN,
    "therapist": LISTED,
    "concern": LISTED,
    "people": LISTED,
    "course": LISTED,
    "used": LISTED,
    "household": NO_PLAN,
    "ask:ded_remaining": LISTED,
    "ask:dx_coverage": LISTED,
    "ask:cost_share": LISTED,
    "ask:plan_year": LISTED,
}
"""Question pages, each with answers that lead to it."""

GOING: dict[str, tuple[str, dict[str, str]]] = {
    **{page: ("/check", {**said, "go": f"to:{page}"}) for page, said in QUESTIONS.items()},
    "plan, empty": ("/check", {"page": "plan", "go": "next"}),
    "plan, open": ("/check", {"page": "plan", "go": "next", "cover": "listed"}),
    "therapist, open": ("/check", {"page": "therapist", "go": "next", "who": "fee", "fee": "much"}),
    "own, wrong": ("/check", {**OWN, "page": "own", "go": "next", "own_deductible": "-1"}),
    "course, past": ("/check", {**LISTED, "page": "course", "go": "next", "first": "2020-01-01"}),
    "ask, past": ("/check", {**LISTED, "a-first_session": "2020-01-01", "go": "to:result"}),
    "check": ("/check", {**LISTED, "go": "to:check"}),
    "result": ("/check", {**LISTED, "go": "to:result"}),
    "result, two cases": ("/check", {**LISTED, "concern": "low-desire", "go": "to:result"}),
    "result, own plan": ("/check", {**OWN, "go": "to:result"}),
    "result, no plan": ("/check", {**NO_PLAN, "go": "to:result"}),
    "result, drawn": ("/check", {**DRAWN, "go": "to:result"}),
    "result, told": ("/check", {**TOLD, "go": "to:result"}),
    "nothing known": ("/check", {"go": "to:result"}),
    "script, insurer": ("/check", {**LISTED, "go": "to:script:insurer"}),
    "script, practice": ("/check", {**LISTED, "go": "to:script:practice"}),
    "script, hr": ("/check", {**LISTED, "go": "to:script:hr"}),
    "link, wrong": ("/check", {"saved": "nothing of ours"}),
    "saved": ("/check", {**LISTED, "go": "to:save"}),
}
"""States that a form leads to: the address and the fields."""

PAGES = {"start": "/", "begin": "/check", "open": "/open", "how": "/how", "words": "/words",
         "privacy": "/privacy", "not found": "/no-such-page"}  # fmt: skip
"""States that an address leads to."""
WRONG = {"plan, empty", "plan, open", "therapist, open", "own, wrong", "course, past", "ask, past",
         "link, wrong"}  # fmt: skip
"""States that answer 422."""
