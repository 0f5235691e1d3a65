"""The coverage gate: whether a plan covers a line, why, and who bears it if it does not.

Each step answers yes, no or unknown.  A step that says no decides at once, but the reasons
of every step are told.  Nothing here is averaged, and no diagnosis is recommended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from coverage_service.core import gate_steps as on
from coverage_service.core.answer import Note
from coverage_service.core.facts import Origin
from coverage_service.core.gate_diagnosis import ANY_DIAGNOSIS, contradicted, diagnosis_row, exclusions
from coverage_service.core.gate_steps import Line, Step, Verdict
from coverage_service.core.liability import OPEN, Liability, in_common, liability
from coverage_service.core.plan import Plan
from coverage_service.core.reference import Reference
from coverage_service.core.request import Care
from coverage_service.core.therapist import Clinician, Therapist

_STEPS: Final[tuple[Callable[[Line], Step], ...]] = (
    diagnosis_row,
    on.licence,
    on.associate,
    on.place_of_licence,
    on.procedure,
    on.identified_patient,
    on.telehealth,
    on.referral,
    on.authorization,
)
LEAVES: Final = ("authorization_needed", "referral_needed")
VERDICTS: Final[tuple[Verdict, ...]] = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the plan says of a line.

    ``liability`` is that of the line if it is not covered; None when it is covered.
    ``settles``: candidate diagnosis codes by the verdict each would bring.
    ``unknown_ids``: questions whose answer could change the verdict or the liability.
    """

    verdict: Verdict
    reasons: tuple[Note, ...] = ()
    liability: Liability | None = None
    settles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown_ids: tuple[str, ...] = ()


def gate(
    plan: Plan,
    therapist: Therapist | None,
    care: Care,
    cpt: str,
    network: str | None,
    reference: Reference,
    diagnosis: str | None,
) -> Gate:
    """Whether the plan covers a line for one candidate diagnosis (None = not known).

    ``network``: in | out | opted_out | gap_exception, None = not known.
    """
    line = Line(plan, credentials(therapist), care, cpt, reference, diagnosis or ANY_DIAGNOSIS)
    steps = (*exclusions(line), *(step(line) for step in _STEPS))
    verdict = _all_must_agree(step.verdict for step in steps)
    grounds = [step.ground for step in steps if step.verdict == verdict]
    liable = _liability(grounds, verdict, lambda ground: liability(plan, care, network, ground))
    ids = [name for step in steps for name in step.ids]
    if liable and liable in OPEN:
        ids.append(OPEN[liable])
    return Gate(
        verdict=verdict,
        reasons=_distinct(note for step in steps for note in step.reasons),
        liability=liable,
        settles=_settles([(diagnosis, verdict)] if diagnosis else []),
        unknown_ids=tuple(dict.fromkeys(ids)),
    )


def credentials(therapist: Therapist | None) -> Clinician:
    """All that the gate may see of a clinician: therapists of equal credentials share their gates."""
    held = therapist.clinician if therapist else Clinician()
    return Clinician(licence=held.licence, supervised=held.supervised, licensed_in=held.licensed_in)


def out_of_network(found: Gate) -> Gate:
    """A gate of the network outside of it: it differs only in who bears a refusal, the patient."""
    ids = tuple([id for id in found.unknown_ids if id not in OPEN.values()])
    return replace(found, liability=None if found.liability is None else "patient", unknown_ids=ids)


def gate_over_candidates(
    plan: Plan, therapist: Therapist | None, care: Care, cpt: str, network: str | None, reference: Reference
) -> Gate:
    """The gate over every diagnosis the line may carry: all yes, all no, else unknown."""
    candidates = candidate_diagnoses(care, reference)
    gates = [gate(plan, therapist, care, cpt, network, reference, code) for code in candidates]
    verdicts = {each.verdict for each in gates}
    differ = ("dx_billing",) if len(verdicts) > 1 else ()
    liable = {each.liability for each in gates if each.liability}
    return Gate(
        verdict=verdicts.pop() if len(verdicts) == 1 else "unknown",
        reasons=_distinct(note for each in gates for note in each.reasons),
        liability=in_common(liable) if liable else None,
        settles=_settles(
            [(code, each.verdict) for code, each in zip(candidates, gates, strict=True) if code]
        ),
        unknown_ids=tuple(dict.fromkeys([*differ, *(name for each in gates for name in each.unknown_ids)])),
    )


def leave_needed(gate: Gate) -> tuple[str, ...]:
    """The leave a covered line still needs; it is a reason, not a refusal (``definitions`` 4)."""
    return tuple(note.code for note in gate.reasons if note.code in LEAVES)


def exclusions_denied(plan: Plan, care: Care, cpt: str, reference: Reference, answer: bool) -> Origin | None:
    """Where the plan says of a line's exclusions what an answer on them denies, or None."""
    lines = (
        Line(plan, Clinician(), care, cpt, reference, code or ANY_DIAGNOSIS)
        for code in candidate_diagnoses(care, reference)
    )
    return next((found for line in lines if (found := contradicted(line, answer)) is not None), None)


def candidate_diagnoses(care: Care, reference: Reference) -> tuple[str | None, ...]:
    """The first diagnosis given, else the codes of the concern, else one None: not known."""
    if care.diagnoses:
        return care.diagnoses[:1]
    concern = reference.concerns.get(care.concern or "")
    families = concern.code_families if concern else ()
    return tuple(dict.fromkeys(code for family in families for code in family.codes)) or (None,)


def _all_must_agree(verdicts: Iterable[Verdict]) -> Verdict:
    """No if any step says no, else unknown if any does, else yes."""
    said = set(verdicts)
    return "no" if "no" in said else "unknown" if "unknown" in said else "yes"


def _liability(grounds: list[str], verdict: Verdict, of: Callable[[str], Liability]) -> Liability | None:
    """That of the first refusal; of an unknown verdict, what every possible refusal shares."""
    if verdict == "yes":
        return None
    return in_common({of(ground) for ground in (grounds[:1] if verdict == "no" else grounds)})


def _settles(pairs: list[tuple[str, Verdict]]) -> Mapping[str, tuple[str, ...]]:
    return {verdict: tuple(code for code, v in pairs if v == verdict) for verdict in VERDICTS}


def _distinct(notes: Iterable[Note]) -> tuple[Note, ...]:
    found: list[Note] = []
    for note in notes:
        if note not in found:
            found.append(note)
    return tuple(found)
