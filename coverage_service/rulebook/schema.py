"""The way in for inline plans and therapists of a request: the very schemas of the rule files.

``schema_plan``, ``schema_therapist``, … hold the schemas, ``schema_base`` what they share.
"""

from __future__ import annotations

from typing import Any

from coverage_service.core.cost_sharing import CostSharing
from coverage_service.core.plan import Plan
from coverage_service.core.reference import Reference
from coverage_service.core.therapist import Therapist
from coverage_service.rulebook import cost_sharing
from coverage_service.rulebook.fields import BAD
from coverage_service.rulebook.inline import tree
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_plan import PlanSchema
from coverage_service.rulebook.schema_therapist import TherapistSchema

_PLAN = PlanSchema()
_THERAPIST = TherapistSchema()
_COST_SHARING = cost_sharing.CostSharing()


def read_plan(value: Any, pointer: str, reference: Reference) -> tuple[Plan | None, tuple[Problem, ...]]:
    """A plan from decoded JSON; None when any problem is an error.

    ``pointer`` is where it stands in the request, e.g. ``/plan``; each problem's ``path`` is
    the pointer of the field.  Names of services and schedules are looked up in ``reference``.
    """
    found: tuple[Plan | None, tuple[Problem, ...]] = _read(_PLAN, value, pointer, reference)
    return found


def read_therapist(
    value: Any, pointer: str, reference: Reference
) -> tuple[Therapist | None, tuple[Problem, ...]]:
    """A therapist from decoded JSON, as ``read_plan``."""
    found: tuple[Therapist | None, tuple[Problem, ...]] = _read(_THERAPIST, value, pointer, reference)
    return found


def read_cost_sharing(
    value: Any, pointer: str, reference: Reference
) -> tuple[CostSharing | None, tuple[Problem, ...]]:
    """The cost-sharing phrases of other care in a request."""
    found: tuple[CostSharing | None, tuple[Problem, ...]] = _read(_COST_SHARING, value, pointer, reference)
    return found


def _read(schema: Any, value: Any, pointer: str, reference: Reference) -> tuple[Any, tuple[Problem, ...]]:
    reading = Reading(reference=reference)
    fact = schema.read(tree(value, pointer, reading.error), reading)
    problems = tuple(dict.fromkeys(reading.problems))
    return (None if errors(problems) or fact is BAD else fact), problems
