"""Plans as JSON: what the rule file says, amounts in cents and phrases as it writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coverage_service.answer_json import origin_json, plain
from coverage_service.core.cost_sharing import Benefit, CostSharing, Either, NotCovered, Phrase
from coverage_service.core.facts import Unknown
from coverage_service.core.plan import Coverage, Limit, Members, Plan, ShareOfIncome

Json = dict[str, Any]


def word(value: Any) -> Any:
    """``yes``, ``no``, ``unknown`` and ``none`` as the rule files write them."""
    if value is True or value is False:
        return "yes" if value else "no"
    return plain(value)


def plan_line(id: str, entries: Sequence[Plan]) -> Json:
    """One line of the list of plans, from its latest entry."""
    last = entries[-1]
    return {
        "id": id,
        "name": last.name,
        "payer": last.payer,
        "status": last.status,
        "kind": last.market.kind or None,
        "state": plain(last.market.state),
        "from": entries[0].starts,
        "to": last.ends,
    }


def plan_json(id: str, entries: Sequence[Plan]) -> Json:
    """A plan with all its dated entries."""
    return {**plan_line(id, entries), "entries": [_entry(entry) for entry in entries]}


def _entry(plan: Plan) -> Json:
    return {
        "from": plan.starts,
        "to": plan.ends,
        "status": plan.status,
        "reviewed": plan.reviewed,
        "plan_year_starts": _starts(plan),
        "administrator": plain(plan.administrator),
        "market": {name: word(getattr(plan.market, name)) for name in MARKET},
        "limits": [_limit(each) for each in plan.limits],
        "benefits": [_benefit(each) for each in plan.benefits],
        "allowed_amounts": {
            side: "unknown" if isinstance(each, Unknown) else plain(each.method)
            for side, each in plan.allowed.items()
        },
        "visit_limits": [
            {"visits": plain(each.visits), "services": each.services, "per": each.per}
            for each in plan.visit_limits
        ],
        "coverage": _coverage(plan.coverage),
        **origin_json(plan.origin),
    }


MARKET = ("kind", "group", "funding", "state", "hsa_eligible", "grandfathered", "metal")


def _starts(plan: Plan) -> list[str] | str:
    starts = plan.plan_year_starts
    if isinstance(starts, Unknown):
        return "unknown"
    return [f"{month:02d}-{day:02d}" for month, day in starts]


def _limit(limit: Limit) -> Json:
    method = limit.method
    return {
        "limit": limit.bucket,
        "kind": limit.kind,
        "person": cents_or_word(limit.person),
        "family": cents_or_word(limit.family),
        "family_method": f"{method.count} members" if isinstance(method, Members) else plain(method),
        "period": limit.period,
        **origin_json(limit.origin),
    }


def cents_or_word(value: Any) -> Json | None:
    """An amount of a limit: cents, or the word or share that stands instead."""
    if value is None:
        return None
    if isinstance(value, int):
        return {"cents": value, "word": None}
    if isinstance(value, ShareOfIncome):
        return {"cents": None, "word": f"{value.percent / 100:g}% of income"}
    return {"cents": None, "word": plain(value)}


def _benefit(row: Benefit) -> Json:
    return {
        "service": row.service,
        "network": row.network,
        "tier": row.tier,
        "modality": row.modality,
        "licences": row.licences,
        "visits": None if row.visits is None else f"first {row.visits.visits} of {row.visits.pool}",
        "cost_sharing": phrases(row.cost_sharing),
        **origin_json(row.origin),
    }


def phrases(found: CostSharing) -> list[list[str]] | str:
    """Each reading of a cost-sharing list, as phrases; a word where there is none."""
    if isinstance(found, (Unknown, NotCovered)):
        return str(found.value)
    readings = found.alternatives if isinstance(found, Either) else (found,)
    return [[_phrase(each) for each in reading] for reading in readings]


def _phrase(phrase: Phrase) -> str:
    return phrase.text or phrase.kind.value


def _coverage(coverage: Coverage) -> Json:
    return {
        "exclusions": [
            {"name": each.name, "excluded": word(each.excluded), "wording": each.wording}
            for each in coverage.exclusions
        ],
        "diagnoses": [{"match": each.match, "covered": word(each.covered)} for each in coverage.diagnoses],
        "licences": plain(coverage.licences),
        "prior_authorization": word(coverage.prior_authorization),
        "referral": word(coverage.referral),
        "telehealth": word(coverage.telehealth),
        "liability": _words(coverage.liability),
    }


def _words(found: Mapping[str, Any]) -> Json:
    return {name: word(value) for name, value in found.items()}
