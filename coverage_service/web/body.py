"""From answers to the body that the API takes: the page asks for estimates as everybody else does.

No arithmetic: texts become the values they stand for, and what was not said is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coverage_service.core.codes import INTAKE
from coverage_service.core.money import dollars, percent
from coverage_service.core.plan import DEDUCTIBLE
from coverage_service.core.question_table import BY_ID
from coverage_service.core.schedule import in_force
from coverage_service.serving import today
from coverage_service.web.answers import PARTS, REFERENCE, TOLD, Answers, told
from coverage_service.web.asked import FIRST, SHARES, codes_of, control_of, price_control, share_control
from coverage_service.web.fields import UNSURE, Control
from coverage_service.web.pages import Asking, page
from coverage_service.web.visit_pages import OTHER

Json = dict[str, Any]
FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "couple": ("90847",),
    "group": ("90853",),
}
"""The procedure codes of a format; a single person's depends on the minutes."""
COPAYS: Final = ("copay", "both")
PERCENTS: Final = ("percent", "both")
"""The kinds of share that an amount, or a percent, belongs to."""
IN, OUT, ANY = "in_network", "out_of_network", "any_network"
ALONE: Final = ("90832", "90834", "90837")


def request_body(asking: Asking) -> Json:
    """The body of an estimate for the answers given so far."""
    said = _values(asking)
    care = _care(said)
    body: Json = {
        "language": asking.wording.language,
        "name_topic": asking.answers.get("topic") == "yes",
        "care": care,
        **_plan(said, asking),
        **_therapist(said, care),
        **_household(said),
        **_answers(asking),
    }
    return body


def _values(asking: Asking) -> dict[str, Any]:
    """The values of the pages that apply; "not sure" and closed controls are left out."""
    found: dict[str, Any] = {}
    for id in asking.pages:
        _read(page(id, asking).controls, asking.answers, found)
    return found


def _read(controls: tuple[Control, ...], answers: Answers, found: dict[str, Any]) -> None:
    for control in controls:
        text = answers.get(control.name)
        if text is None or text == UNSURE:
            continue
        found[control.name] = control.value(text)
        for option in control.options:
            if option.value == text:
                _read(option.opens, answers, found)


def _care(said: Mapping[str, Any]) -> Json:
    sessions = said.get("sessions_other") if said.get("sessions") == OTHER else said.get("sessions")
    care = {
        "concern": said.get("concern"),
        "format": said.get("people"),
        "sessions": int(sessions) if sessions is not None else None,
        "minutes": int(said["minutes"]) if "minutes" in said else None,
        "first_session": said.get("first"),
        "every_days": int(said["every"]) if "every" in said else None,
    }
    return {name: value for name, value in care.items() if value is not None}


def _plan(said: Mapping[str, Any], asking: Asking) -> Json:
    match said.get("cover"):
        case "listed" if "plan" in said:
            return {"plan": said["plan"], **_used(said, asking)}
        case "own":
            return {"plan": _own_plan(said), **_deductible_used(said.get("own_used"))}
        case "none":
            return {"plan": "none"}
    return {}


def _used(said: Mapping[str, Any], asking: Asking) -> Json:
    cents = {"some": said.get("used_amount"), "nothing": 0}.get(said.get("used", ""))
    return _deductible_used(cents, _bucket(said.get("network"), asking))


def _bucket(network: str | None, asking: Asking) -> str:
    """The limits of a plan that visits with this therapist fall under."""
    side = OUT if network == "out" else IN
    plan = in_force(asking.plan, today())
    own = any((x.bucket, x.kind) == (side, DEDUCTIBLE) for x in plan.limits) if plan else True
    return side if own else ANY


def _deductible_used(cents: int | None, bucket: str = IN) -> Json:
    return {} if cents is None else {"used": {"limits": {bucket: {"deductible_cents": cents}}}}


def _own_plan(said: Mapping[str, Any]) -> Json:
    """A plan in the shape of a rule file, from what its summary prints."""
    deductible, maximum = said.get("own_deductible"), said.get("own_maximum")
    limits = {
        "deductible": {"person": "unknown" if deductible is None else dollars(deductible)},
        "out_of_pocket_maximum": {"person": "unknown" if maximum is None else dollars(maximum)},
    }
    row: Json = {"service": "outpatient_mental_health", "network": "in", "cost_sharing": _own_share(said)}
    return {
        "plan": "own-plan",
        "limits": {"in_network": limits},
        "benefits": [row],
        "allowed_amounts": {"in": "contract", "out": "unknown"},
    }


def _own_share(said: Mapping[str, Any]) -> Any:
    kind = said.get("own_share")
    copay = said.get("own_copay", said.get("own_both_copay"))
    part = said.get("own_percent", said.get("own_both_percent"))
    # An amount that was left out, as somebody who skips ahead may, is not known; it is not nothing.
    if kind is None or (copay is None and kind in COPAYS) or (part is None and kind in PERCENTS):
        return "unknown"
    return phrases(copay, part, FIRST.get(said.get("own_first", "")))


def phrases(copay: int | None, part: int | None, first: bool | None) -> Any:
    """Phrases of a rule file; ``first``: the deductible comes first, None = both readings."""
    if first is None:
        return {"either": [phrases(copay, part, True), phrases(copay, part, False)]}
    share = [f"copay {dollars(copay)}"] if copay is not None else []
    share += [f"coinsurance {percent(part)}"] if part is not None else []
    if first:
        return ["deductible", *share]
    return ["no deductible", *share] if part is not None else share or ["no charge"]


def _therapist(said: Mapping[str, Any], care: Json) -> Json:
    found: Json = {}
    if "network" in said:
        found["network"] = {"status": said["network"]}
    if "therapist" in said:
        found["therapist"] = said["therapist"]
    elif "fee" in said:
        codes = FORMATS.get(care.get("format", ""), ALONE)
        found["prices"] = {code: {"billed_cents": said["fee"]} for code in codes}
        if "first_fee" in said:
            found["prices"][INTAKE] = {"billed_cents": said["first_fee"]}
        else:
            care["intake"] = False
    return found


def _household(said: Mapping[str, Any]) -> Json:
    found = {
        "size": said.get("size"),
        "area": said.get("area") if "size" in said else None,
        "income_cents": said.get("income"),
    }
    known = {name: value for name, value in found.items() if value is not None}
    return {"household": known} if known else {}


def _answers(asking: Asking) -> Json:
    """What somebody was told, with the reference number of the call."""
    answers = asking.answers
    found: Json = {}
    for id in told(answers):
        text = answers.get(f"{TOLD}{id}")
        value = None if text == UNSURE else _told_value(id, text, asking)
        if value is None and text != UNSURE:
            continue
        references = (answers.get(f"{REFERENCE}{listener}") for listener in BY_ID[id].ask)
        found[id] = {"value": value, "reference": next(filter(None, references), None)}
    programme = found.get("eap", {}).get("value")
    return {"answers": found, **({"eap": {"plan": _eap(programme)}} if programme else {})} if found else {}


def _told_value(id: str, text: str | None, asking: Asking) -> Any:
    row, answers = BY_ID[id], asking.answers
    if id in SHARES:
        controls = {part: share_control(id, part) for part in PARTS}
        parts = {name: c.value(answers[c.name]) for name, c in controls.items() if c.name in answers}
        if "copay" not in parts and "percent" not in parts:
            return None
        return phrases(parts.get("copay"), parts.get("percent"), FIRST.get(parts.get("first", "")))
    if row.per_code:
        prices = {code: price_control(id, code) for code in codes_of(answers)}
        return {code: c.value(answers[c.name]) for code, c in prices.items() if c.name in answers} or None
    return None if text is None else control_of(row).value(text)


def _eap(sessions: int) -> Json:
    """A programme at work with so many free sessions, in the shape of a rule file."""
    rows: list[Json] = [
        {"visits": f"first {sessions} of issue", "cost_sharing": ["no charge"]},
        {"cost_sharing": ["not covered"]},
    ]
    common = {"service": "outpatient_mental_health", "network": "in"}
    return {"plan": "own-eap", "market": {"kind": "EAP"}, "benefits": [common | row for row in rows]}
