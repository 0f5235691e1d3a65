"""What the tests of the rule book share: the shipped rules, and small rule folders."""

from __future__ import annotations

import functools
import textwrap
from pathlib import Path
from typing import Any

from coverage_service.core.reference import Reference
from coverage_service.rulebook.book import Loaded, load
from coverage_service.rulebook.nodes import Node
from coverage_service.rulebook.parse import parse
from coverage_service.rulebook.problems import Problem
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_plan import PayerFileSchema
from coverage_service.rulebook.schema_therapist import TherapistFile

RULES = Path(__file__).resolve().parents[2] / "rules"
EXAMPLES = sorted((RULES / "payers").glob("example-*.yaml"))
SHIPPED = sorted((RULES / "payers").glob("*.yaml"))
PLAN = PayerFileSchema()
THERAPIST = TherapistFile()

HEAD = """\
payer: Example Mutual
sources:
  sbc: {title: A document, page: "3", read: 2026-11-20}
  call: {title: A call, read: 2026-11-21}
plans:
"""
TEST = '{case: one, session: {cpt: "90837", network: in}, expect: {patient: "$30"}}'
LIMITS = """\
in_network: {deductible: {person: "$1,000"}, out_of_pocket_maximum: {person: "$5,000"}}
"""


def plan_text(body: str = "", plan: str = "a-plan", dates: str = "{from: 2026-01-01, to: 2026-12-31}") -> str:
    """One plan of a payer file, with what every plan needs."""
    entry = f"""\
- plan: {plan}
  name: A plan
  status: example
  effective: {dates}
  source: sbc
  tests: [{TEST}]
"""
    return textwrap.indent(entry + textwrap.indent(textwrap.dedent(body), "  "), "  ")


def payer_text(*plans: str) -> str:
    return HEAD + "".join(plans)


def read(
    text: str | bytes,
    schema: Any = PLAN,
    reference: Reference | None = None,
    path: str = "rules/payers/x.yaml",
) -> tuple[Any, list[Problem]]:
    """What a file says (BAD when it has errors), and its problems."""
    reading = Reading(path, reference)
    root = parse(text if isinstance(text, bytes) else text.encode(), reading.error)
    found = schema.read(root, reading) if root is not None else None
    return found, reading.problems


def one(body: str, reference: Reference | None = None) -> Any:
    """The only plan of a file that must be right."""
    found, problems = read(payer_text(plan_text(body)), reference=reference)
    assert not [str(x) for x in problems if x.severity == "error"]
    return found[0]


def told(body: str, reference: Reference | None = None) -> list[str]:
    """The problems of a plan, as they are printed."""
    return [str(x) for x in read(payer_text(plan_text(body)), reference=reference)[1]]


def tree_of(text: str) -> Node:
    root = parse(text.encode(), lambda *problem: pytest_fail(problem))
    assert root is not None
    return root


def pytest_fail(problem: object) -> None:
    raise AssertionError(problem)


def folder_of(where: Path, **files: str) -> Path:
    """A folder of payer files."""
    (where / "rules" / "payers").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (where / "rules" / "payers" / f"{name}.yaml").write_text(text)
    return where / "rules"


@functools.cache
def load_shipped() -> Loaded:
    return load(RULES)
