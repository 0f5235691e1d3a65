"""What must hold between the fields of one plan: mistakes first, then the lints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from coverage_service.core.buckets import ANY, BEHAVIORAL, IN, OUT
from coverage_service.core.cost_sharing import Benefit, CostSharing, Either, Kind, Phrase, When
from coverage_service.core.facts import NONE
from coverage_service.core.plan import DEDUCTIBLE, Limit, Plan
from coverage_service.rulebook.check_rows import check_rows
from coverage_service.rulebook.lints import lint_plan
from coverage_service.rulebook.nodes import At, Fields, Many, Node
from coverage_service.rulebook.reading import Reading, nearest

BUCKETS: Final = (IN, OUT, BEHAVIORAL, ANY)
OF_NETWORK: Final[Mapping[str | None, tuple[str, ...]]] = {
    "in": (IN, ANY),
    "out": (OUT, ANY),
    None: (IN, OUT, ANY),
}
ISSUE: Final = "issue"
"""The pool of an EAP: visits for one issue."""


def check_plan(plan: Plan, tests: int, node: Fields, reading: Reading) -> None:
    """Report what contradicts itself or is missing, and warn of what looks wrong."""
    if reading.in_file:
        _whole(tests, node, reading)
    deductibles = {x.bucket: x for x in plan.limits if x.kind == DEDUCTIBLE}
    named = _rows(plan, deductibles, node, reading)
    _buckets(plan, named, node, reading)
    check_rows(plan, node, reading)
    _lesser_of(plan, node, reading)
    _case_names(plan, node, reading)
    lint_plan(plan, node, reading)


def _lesser_of(plan: Plan, node: Fields, reading: Reading) -> None:
    """Refuse what the estimate cannot price: a contracted rate above the charge (``domain`` 2.1)."""
    if not plan.lesser_of:
        reading.error(
            node.entries["lesser_of"][1].at,
            "a plan that pays on more than is charged is not priced",
            "write yes or leave lesser_of out, and write unknown for an allowed amount above the charge",
        )


def _whole(tests: int, node: Fields, reading: Reading) -> None:
    wanted = {
        "name": 'write name: "…" as the plan\'s document calls it',
        "status": "write status: draft, reviewed, retired or example",
        "effective": "write effective: {from: 2026-01-01, to: 2026-12-31}",
    }
    for key, remedy in wanted.items():
        if key not in node.entries:
            reading.error(node.at, f"'{key}' is missing", remedy)
    if reading.source is None:
        reading.error(node.at, "this plan has no source", "write source: and a name of sources")
    if not tests:
        reading.error(
            node.at, "this plan has no tests", "write tests: with at least one case and what it must cost"
        )


def row_nodes(node: Fields) -> list[Node]:
    """The nodes of the benefit rows."""
    rows = node.get("benefits")
    return rows.items if isinstance(rows, Many) else []


def lists_of(sharing: CostSharing) -> tuple[tuple[Phrase, ...], ...]:
    """Every reading of a row's cost sharing as a list of phrases."""
    if isinstance(sharing, Either):
        return sharing.alternatives
    return (sharing,) if isinstance(sharing, tuple) else ()


def _rows(plan: Plan, deductibles: Mapping[str, Limit], node: Fields, reading: Reading) -> set[str]:
    """Check the rows against limits and pools; the limits that phrases name."""
    named: set[str] = set()
    for row, row_node in zip(plan.benefits, row_nodes(node), strict=True):
        sharing = row_node.get("cost_sharing") if isinstance(row_node, Fields) else None
        at = sharing.at if sharing is not None else row_node.at
        for phrases in lists_of(row.cost_sharing):
            named.update(_list(row, phrases, deductibles, at, reading))
        _pool(row, plan, row_node, reading)
    return named


def _list(
    row: Benefit, phrases: tuple[Phrase, ...], deductibles: Mapping[str, Limit], at: At, reading: Reading
) -> Iterator[str]:
    has = [deductibles[x] for x in OF_NETWORK[row.network] if x in deductibles]
    said = False
    for phrase in phrases:
        if phrase.kind is Kind.NO_DEDUCTIBLE:
            said = True
        elif phrase.kind is Kind.DEDUCTIBLE:
            said = True
            if phrase.limit:
                yield phrase.limit
                if phrase.limit not in deductibles:
                    remedy = (
                        nearest(phrase.limit, tuple(deductibles))
                        if deductibles
                        else f"write limits: {{{phrase.limit}: {{deductible: …}}}}"
                    )
                    reading.error(at, f"limits name no deductible '{phrase.limit}'", remedy)
            elif not has and reading.in_file:
                bucket = OF_NETWORK[row.network][0]
                reading.error(
                    at,
                    "'deductible' is taken, but limits name none here",
                    f"write limits: {{{bucket}: {{deductible: …}}}}, or unknown",
                )
    if said or all(x.person is NONE for x in has):
        return
    if any(x.kind is Kind.COINSURANCE and x.when is When.ALWAYS for x in phrases):
        text = ", ".join(x.text for x in phrases)
        reading.error(
            at,
            "does the deductible apply? The plan has one",
            f"write [deductible, {text}], or [no deductible, {text}]",
        )


def _pool(row: Benefit, plan: Plan, row_node: Node, reading: Reading) -> None:
    if row.visits is None or not isinstance(row_node, Fields):
        return
    pool, services = row.visits.pool, reading.known.services
    if pool in plan.pools or pool == ISSUE or pool in services or not (services or plan.pools):
        return
    node = row_node.get("visits")
    at = node.at if node is not None else row_node.at
    reading.error(at, f"'{pool}' is not a pool of this plan", nearest(pool, (*plan.pools, ISSUE, *services)))


def _buckets(plan: Plan, named: set[str], node: Fields, reading: Reading) -> None:
    limits = node.get("limits")
    if not isinstance(limits, Fields):
        return
    for name, (key, _) in limits.entries.items():
        if name not in BUCKETS and name not in named and name not in ("source", "confidence"):
            remedy = nearest(name, BUCKETS) + f", or use it: [{name} deductible, …]"
            reading.error(key.at, f"no row uses the limit '{name}'", remedy)
    for limit in plan.limits:
        if limit.kind == DEDUCTIBLE or limit.bucket in OF_NETWORK[None] or limit.person is NONE:
            continue
        reading.error(
            node.place("limits", limit.bucket, limit.kind),
            f"a maximum of {limit.bucket} alone is not priced",
            "write none, and unknown for the maximum of the network",
        )


def _case_names(plan: Plan, node: Fields, reading: Reading) -> None:
    """Limits and pools that the plan's tests name."""
    tests = node.get("tests")
    buckets = tuple(sorted({x.bucket for x in plan.limits} | {*OF_NETWORK[None]}))
    counters = (*plan.pools, *reading.known.services, ISSUE)
    for case in tests.items if isinstance(tests, Many) else ():
        used = case.get("used") if isinstance(case, Fields) else None
        for field, what, known in (("limits", "limit", buckets), ("visits", "pool or service", counters)):
            names = used.get(field) if isinstance(used, Fields) else None
            for key, _ in names.entries.values() if isinstance(names, Fields) else ():
                if key.value not in (*known, "source", "confidence") and (
                    field == "limits" or reading.known.services
                ):
                    reading.unknown_name(key, what, known)
