"""The schema of a plan: one entry under ``plans:``, or the ``plan`` of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from coverage_service.core.cost_sharing import Benefit
from coverage_service.core.plan import (
    DEDUCTIBLE,
    OUT_OF_POCKET,
    Claims,
    Limit,
    Market,
    Plan,
    Supplement,
    VisitLimit,
)
from coverage_service.rulebook.cases import PLAN
from coverage_service.rulebook.check_plan import check_plan
from coverage_service.rulebook.containers import Either, Group, ListOf, MapOf
from coverage_service.rulebook.cost_sharing import CostSharing
from coverage_service.rulebook.fields import (
    OR_UNKNOWN,
    YES_NO,
    YES_NO_UNKNOWN,
    Count,
    Day,
    Name,
    Percent,
    Prose,
    Word,
)
from coverage_service.rulebook.fields_plan import (
    STATES,
    Allowed,
    KeptCopay,
    Licence,
    Tier,
    UpToAllowed,
    Visits,
    YearDay,
    service,
)
from coverage_service.rulebook.nodes import Fields
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_base import FactSchema
from coverage_service.rulebook.schema_case import keep_cases, tests_field
from coverage_service.rulebook.schema_coverage import CoverageSchema
from coverage_service.rulebook.schema_limits import BucketSchema

NETWORKS = ("in", "out")
KINDS = (
    "PPO", "HMO", "EPO", "POS", "HDHP", "indemnity", "EAP", "medicare", "medicare_advantage", "medigap",
    "medicaid", "medicaid_managed_care", "chip", "tricare", "va", "fehb", "student", "short_term",
    "health_sharing",
)  # fmt: skip


def word_or_unknown(*words: str) -> dict[str, Any]:
    """The words as they are, and ``unknown``."""
    return {**{word: word for word in words}, **OR_UNKNOWN}


class MarketSchema(FactSchema):
    """What kind of coverage this is."""

    kind = "the fields of a market"
    sort = Word(KINDS, data_key="kind", attribute="kind")
    group = Word(("large", "small", "individual"))
    funding = Word(word_or_unknown("insured", "self_funded", "government"))
    state = Word(word_or_unknown(*STATES))
    hsa_eligible = Word(YES_NO_UNKNOWN)
    grandfathered = Word(YES_NO_UNKNOWN)
    metal = Word(("catastrophic", "bronze", "silver", "gold", "platinum"))

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Market:
        """The market."""
        return Market(**values)


class EffectiveSchema(FactSchema):
    """From when to when an entry holds; both days belong to it."""

    kind = "dates"
    starts = Day(data_key="from")
    ends = Day({"open": None}, data_key="to")
    year = Either(
        text=YearDay(OR_UNKNOWN),
        many=ListOf(YearDay(), least=2),
        expected="01-01, [01-01, 07-01] or unknown",
        data_key="plan_year_starts",
    )

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """starts, ends and the alternatives of the day on which a plan year starts.

        A plan written into a request holds at all dates, so it may name its plan year alone.
        """
        starts, ends = values.get("starts"), values.get("ends")
        year = values.get("year", ((1, 1),))
        for key in ("from", "to") if reading.in_file or node.entries.keys() & {"from", "to"} else ():
            if key not in node.entries:
                reading.error(node.at, f"'{key}' is missing", f"write {key}: and its value")
        if starts is not None and ends is not None and ends < starts:
            reading.error(
                node.entries["to"][0].at, f"{ends} comes before {starts}", "write a later date, or to: open"
            )
        if isinstance(year, tuple) and isinstance(year[0], int):
            year = (year,)
        return starts, ends, year


class BenefitSchema(FactSchema):
    """One row of the benefit table."""

    kind = "the fields of a benefit"
    service = service()
    network = Word(NETWORKS)
    tier = Tier()
    modality = Word(("in_person", "telehealth"))
    licences = ListOf(Licence(), least=1)
    visits = Visits()
    cost_sharing = CostSharing()

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Benefit:
        """The row; without a service it is for all outpatient mental health."""
        values.setdefault("service", "outpatient_mental_health")
        return Benefit(origin=reading.origin(node.at), **values)


class VisitLimitSchema(FactSchema):
    """A cap on visits."""

    visits = Count(least=0, most=400, words=OR_UNKNOWN, required=True)
    services = ListOf(service(), least=1, required=True)
    per = Word(("plan_year", "calendar_year"))

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> VisitLimit:
        """The cap."""
        return VisitLimit(origin=reading.origin(node.at), **values)


class ClaimsSchema(FactSchema):
    """How a claim is filed."""

    paid_to = Word(word_or_unknown("member", "clinician"))
    file_within = Count(least=1, most=3660, unit=" days", words=OR_UNKNOWN, attribute="file_within_days")
    superbill = Word(YES_NO_UNKNOWN)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Claims:
        """The filing rules."""
        return Claims(origin=reading.origin(node.at), **values)


class PlanSchema(FactSchema):
    """A plan: what its document says."""

    kind = "the fields of a plan"
    takes_sources = True
    renamed: ClassVar[Mapping[str, str]] = {
        "visit_limit": "write visit_limits: [{visits: 20, services: [psychotherapy]}]",
        "deductible": "write limits: {in_network: {deductible: …}}",
        "diagnoses": "write it under coverage:",
        "exclusions": "write it under coverage:",
    }
    plan = Name(attribute="id")
    name = Prose(longest=200)
    payer = Prose(longest=200)
    behavioral_health_administrator = Prose(longest=200, words=OR_UNKNOWN, attribute="administrator")
    status = Word(("example", "draft", "reviewed", "retired"))
    market = Group(MarketSchema())
    effective = Group(EffectiveSchema())
    reviewed = Day()
    limits = MapOf(Name(), Group(BucketSchema()))
    cross = MapOf(
        Word((DEDUCTIBLE, OUT_OF_POCKET)), Word(word_or_unknown("none", "in_to_out", "out_to_in", "both"))
    )
    pools = MapOf(Name(), ListOf(service(), least=1))
    benefits = ListOf(Group(BenefitSchema()))
    allowed_amounts = MapOf(Word(NETWORKS), Allowed(), attribute="allowed")
    lesser_of = Word(YES_NO)
    balance_billing = MapOf(Word(NETWORKS), UpToAllowed())
    not_covered_rate = MapOf(Word(NETWORKS), Word(word_or_unknown("contracted", "billed")))
    coverage = Group(CoverageSchema())
    visit_limits = ListOf(Group(VisitLimitSchema()))
    coordination = Word(word_or_unknown("standard", "non_duplication", "maintenance_of_benefits"))
    claims = MapOf(Word(NETWORKS), Group(ClaimsSchema()))
    supplements = Name()
    pays = ListOf(Word(("deductible", "copay", "coinsurance", "excess")), least=1)
    member_keeps = KeptCopay()
    sequestration = Percent()
    tests = tests_field()

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Plan:
        """The plan, with its cross-field rules checked; its tests go to the reading."""
        values.setdefault("id", "inline")
        if "effective" in values:
            values["starts"], values["ends"], values["plan_year_starts"] = values.pop("effective")
        tests = keep_cases(values, PLAN, values["id"], node, reading)
        values["limits"] = tuple(
            Limit(bucket=bucket, kind=kind, **found)
            for bucket, kinds in values.get("limits", {}).items()
            for kind, found in kinds.items()
        )
        self._supplement(values, node, reading)
        plan = Plan(origin=reading.origin(node.at), **values)
        check_plan(plan, tests, node, reading)
        reading.entered(node.at)
        return plan

    def _supplement(self, values: dict[str, Any], node: Fields, reading: Reading) -> None:
        target, pays, keeps = (
            values.pop("supplements", None),
            values.pop("pays", None),
            values.pop("member_keeps", 0),
        )
        if (target is None) != (pays is None) or (keeps and target is None):
            reading.error(
                node.at,
                "a supplement names its plan and what it pays",
                "write supplements: medicare-part-b and pays: [coinsurance]",
            )
        elif target is not None and pays is not None:
            reading.refer(target, node.entries["supplements"][1].at)
            parts = tuple(part for part in pays if part != "excess")
            values["supplements"] = Supplement(
                plan=target, pays=parts, member_keeps_copay=keeps, pays_excess="excess" in pays
            )


class PayerFileSchema(FactSchema):
    """A file of rules/payers: one payer and its plans."""

    kind = "the fields of a payer file"
    takes_sources = True
    payer = Prose(longest=200, required=True)
    behavioral_health_administrator = Prose(longest=200, words=OR_UNKNOWN, attribute="administrator")
    plans = ListOf(Group(PlanSchema()), least=1, required=True)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> tuple[Plan, ...]:
        """The plans, which take over the payer and its administrator."""
        administrator = values.get("administrator")
        return tuple(
            replace(
                plan, payer=plan.payer or values["payer"], administrator=plan.administrator or administrator
            )
            for plan in values["plans"]
        )
