"""Which sheets a workbook has, and which fields of the rule files their columns are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from coverage_service.authoring.descriptions import describe_field
from coverage_service.authoring.json_schema import fields_of
from coverage_service.rulebook.fields import Name, Word
from coverage_service.rulebook.reading import CONFIDENCES
from coverage_service.rulebook.schema_base import FactSchema
from coverage_service.rulebook.schema_coverage import DiagnosisRuleSchema, ExclusionSchema
from coverage_service.rulebook.schema_limits import BucketSchema
from coverage_service.rulebook.schema_plan import BenefitSchema, PlanSchema, VisitLimitSchema
from coverage_service.rulebook.schema_schedule import LicenceShareSchema, RateField
from coverage_service.rulebook.schema_sliding import BandSchema, SlidingSchema
from coverage_service.rulebook.schema_therapist import FeeSchema
from coverage_service.spreadsheets.places import Path, entry, text_at

Found = Iterator[tuple[tuple[str, ...], Path]]
"""What names a row (shown in its first columns), and where it stands in its file."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a field of the row, by its path inside it; ``note`` stands at its heading."""

    heading: str
    path: tuple[str, ...]
    field: Any
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: rows of one kind out of the files of one folder.

    ``owners`` finds the plans, therapists or localities; a row is the group at ``inside`` of each
    (``each`` False), or every row or entry of the list or group there.  ``whole`` are the columns
    that show the word which may stand for all of a group, as in ``deductible: none``.
    """

    name: str
    part: str
    keys: tuple[str, ...]
    owners: Callable[[Any], Found]
    inside: tuple[str, ...]
    columns: tuple[Column, ...]
    schema: FactSchema | None = None
    each: bool = True
    whole: frozenset[tuple[str, ...]] = frozenset()

    def rows(self, root: Any) -> Found:
        """The rows of one file."""
        for key, owner in self.owners(root):
            path = (*owner, *self.inside)
            held = entry(root, *path)
            if not self.each:
                if isinstance(held, MappingNode):
                    yield key, path
            elif isinstance(held, SequenceNode):
                yield from (((*key, str(i + 1)), (*path, i)) for i in range(len(held.value)))
            else:
                yield from (((*key, name), (*path, name)) for name in names(held))


_BACKING: Final = {"source": Name(), "confidence": Word(CONFIDENCES)}
"""What every group of fields may say beside its own fields."""


def _column(schema: FactSchema, dotted: str) -> Column:
    if dotted in _BACKING:
        note = describe_field("", dotted) + " Empty: that of the plan or file around it."
        return Column(dotted, (dotted,), _BACKING[dotted], note)
    path = tuple(dotted.split("."))
    at: Any = schema
    note = ""
    for name in path:
        if isinstance(at, FactSchema):
            owner = at
            note = describe_field(type(owner).__name__, name)
            at = fields_of(owner)[name]
        else:
            at = at.inner
        at = getattr(at, "nested", at)
    return Column(" ".join(path).replace("_", " "), path, at, note)


def _columns(schema: FactSchema, *dotted: str) -> tuple[Column, ...]:
    return tuple(_column(schema, one) for one in dotted)


def plans(root: Any) -> Found:
    """Each dated entry of each plan."""
    for index, plan in enumerate(_items(entry(root, "plans"))):
        yield (text_at(plan, "plan"), text_at(plan, "effective", "from")), ("plans", index)


def therapists(root: Any) -> Found:
    """Each dated entry of each therapist."""
    many = entry(root, "therapists")
    rows = [(("therapists", i), one) for i, one in enumerate(_items(many))] if many else [((), root)]
    for path, one in rows:
        yield (text_at(one, "therapist"), text_at(one, "effective", "from")), path


def _localities(root: Any) -> Found:
    yield from (((name,), ("rates", name)) for name in names(entry(root, "rates")))


def _schedule(root: Any) -> Found:
    yield (), ()


def names(node: Any) -> tuple[str, ...]:
    """The keys of a group that are data."""
    keys = [key.value for key, _ in node.value] if isinstance(node, MappingNode) else []
    return tuple(key for key in keys if key not in ("source", "confidence"))


def _items(node: Any) -> list[Any]:
    return node.value if isinstance(node, SequenceNode) else []


_RATE: Final = RateField()
_PLAN: Final = ("Plan", "From")
_WHO: Final = ("Therapist", "From")
_BUCKET: Final = BucketSchema()
_POOL: Final = fields_of(PlanSchema())["pools"].inner
SHEETS: Final = (
    Sheet(
        "Plans", "payers", _PLAN, plans, (),
        _columns(
            PlanSchema(), "name", "status", "reviewed", "effective.to", "market.kind", "market.group",
            "market.funding", "market.state", "market.hsa_eligible", "market.grandfathered", "market.metal",
            "allowed_amounts.in", "allowed_amounts.out", "lesser_of", "balance_billing.in",
            "balance_billing.out", "not_covered_rate.in", "not_covered_rate.out", "sequestration",
            "coverage.licences", "coverage.associates", "coverage.prior_authorization", "coverage.referral",
            "coverage.telehealth", "coverage.licensed_where_patient_is", "coordination", "source",
            "confidence",
        ),
        PlanSchema(),
        each=False,
    ),
    Sheet(
        "Limits", "payers", (*_PLAN, "Limit"), plans, ("limits",),
        _columns(
            _BUCKET, "deductible.person", "deductible.family", "deductible.family_method", "deductible.per",
            "out_of_pocket_maximum.person", "out_of_pocket_maximum.family",
            "out_of_pocket_maximum.family_method", "out_of_pocket_maximum.per",
            "out_of_pocket_maximum.person_cap", "out_of_pocket_maximum.counts", "source", "confidence",
        ),
        _BUCKET,
        whole=frozenset({("deductible", "person"), ("out_of_pocket_maximum", "person")}),
    ),
    Sheet(
        "Benefits", "payers", (*_PLAN, "Row"), plans, ("benefits",),
        _columns(
            BenefitSchema(), "service", "network", "tier", "modality", "licences", "visits", "cost_sharing",
            "source", "confidence",
        ),
        BenefitSchema(),
    ),
    Sheet(
        "Pools", "payers", (*_PLAN, "Pool"), plans, ("pools",),
        (Column("services", (), _POOL, describe_field("PlanSchema", "pools")),),
    ),
    Sheet(
        "Visit limits", "payers", (*_PLAN, "Row"), plans, ("visit_limits",),
        _columns(VisitLimitSchema(), "visits", "services", "per", "source", "confidence"),
        VisitLimitSchema(),
    ),
    Sheet(
        "Exclusions", "payers", (*_PLAN, "Exclusion"), plans, ("coverage", "exclusions"),
        _columns(ExclusionSchema(), "excluded", "wording", "names_diagnosis", "codes"),
        ExclusionSchema(),
        whole=frozenset({("excluded",)}),
    ),
    Sheet(
        "Diagnoses", "payers", (*_PLAN, "Row"), plans, ("coverage", "diagnoses"),
        _columns(DiagnosisRuleSchema(), "match", "covered", "codes"),
        DiagnosisRuleSchema(),
    ),
    Sheet(
        "Rates", "fee_schedules", ("Locality", "Code"), _localities, (),
        (
            Column("amount", (), _RATE._exact, "The rate, where there is one figure."),
            *(
                Column(f"p{n}", (f"p{n}",), _RATE._exact, f"The {n}th percentile of a benchmark.")
                for n in (10, 25, 50, 75, 80, 90)
            ),
        ),
    ),
    Sheet(
        "Licence shares", "fee_schedules", ("Row",), _schedule, ("licence_percent",),
        _columns(LicenceShareSchema(), "licences", "percent"), LicenceShareSchema(),
    ),
    Sheet(
        "Fees", "therapists", (*_WHO, "Row"), therapists, ("fees",),
        _columns(FeeSchema(), "cpt", "from_minutes", "fee"), FeeSchema(),
    ),
    Sheet(
        "Scales", "therapists", _WHO, therapists, ("sliding",),
        _columns(
            SlidingSchema(), "model", "guideline_year", "income", "membership", "fee", "per_thousand",
            "minimum", "maximum", "suggested", "income_from", "income_to", "step", "above", "cpts", "slots",
            "review_months", "proof", "couple_households", "with_out_of_network_claims",
            "caps_insured_share",
        ),
        SlidingSchema(),
        each=False,
    ),
    Sheet(
        "Bands", "therapists", (*_WHO, "Row"), therapists, ("sliding", "bands"),
        _columns(BandSchema(), "up_to", "fee", "discount"), BandSchema(),
    ),
)  # fmt: skip


def held(sheet: Sheet, root: Any, row: Path, column: Column) -> tuple[Any, Path]:
    """The node that a cell shows and its path; None with the path where it would stand."""
    path = (*row, *column.path)
    node = entry(root, *path)
    if not column.path:
        return (None if isinstance(node, MappingNode) else node), path
    if node is None and column.path in sheet.whole:
        word = entry(root, *path[:-1])
        if isinstance(word, ScalarNode):
            return word, path[:-1]
    return node, path
