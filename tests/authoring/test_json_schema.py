"""The JSON Schemas of the rule files: what editors accept is what the service accepts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from coverage_service.authoring import schema_files
from coverage_service.authoring.descriptions import table
from coverage_service.authoring.json_schema import fields_of
from coverage_service.authoring.shapes import leaf_schema, phrase_schema
from coverage_service.rulebook.amounts import Mistake
from coverage_service.rulebook.fields import Leaf
from coverage_service.rulebook.phrases import parse_phrase
from coverage_service.rulebook.schema_base import FactSchema
from tests.authoring.typed import typed
from tests.rulebook.support import RULES

ROOT = RULES.parent
FILES = sorted(RULES.rglob("*.yaml"))
NAMES = [str(path.relative_to(RULES)) for path in FILES]


def kind_of(name: str) -> str:
    said = typed((RULES / name).read_text()).get("reference", "")
    kind = schema_files.kind_of(name, said)
    assert kind is not None
    return kind


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / "schemas" / f"{kind}.json").read_text()))


def faults(kind: str, text: str) -> list[str]:
    return [error.message for error in validator(kind).iter_errors(typed(text))]


def test_the_kept_schemas_are_those_of_the_code():
    """After a change of a rule-file field: `python -m coverage_service rules schemas schemas`."""
    kept = {path.stem: path.read_text("utf-8") for path in (ROOT / "schemas").iterdir()}

    assert kept == {kind: schema_files.text(kind) for kind in schema_files.KINDS}


@pytest.mark.parametrize("kind", list(schema_files.KINDS))
def test_each_is_a_json_schema(kind: str):
    Draft202012Validator.check_schema(schema_files.schema(kind))


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_file_is_accepted(name: str):
    assert faults(kind_of(name), (RULES / name).read_text()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_file_names_its_schema(name: str):
    first = (RULES / name).read_text().splitlines()[0]
    schema = first.removeprefix("# yaml-language-server: $schema=")

    assert first == schema_files.modeline(name, kind_of(name))
    assert ((RULES / name).parent / schema).resolve() == ROOT / "schemas" / f"{kind_of(name)}.json"


def test_every_description_is_used():
    """A sentence for a field that is gone helps nobody."""
    used = {key for kind in schema_files.KINDS for key in keys(schema_files.KINDS[kind])}

    assert {key for key in table() if key not in used} == set()


def keys(schemas: tuple[FactSchema, ...]) -> set[str]:
    """Every key that the table may name for these schemas."""
    found = {"sources", "source", "confidence", *("SourceSchema." + x for x in ("title", "page", "url"))}
    found |= {"SourceSchema.read", "SourceSchema.attribution", "SourceSchema.licence"}
    for schema in everything(schemas):
        owner = type(schema).__name__
        found |= {f"{owner}.{key}" if f"{owner}.{key}" in table() else key for key in fields_of(schema)}
    return found


def everything(schemas: tuple[FactSchema, ...]) -> list[FactSchema]:
    seen: dict[str, FactSchema] = {}
    waiting: list[Any] = list(schemas)
    while waiting:
        one = waiting.pop()
        if isinstance(one, FactSchema):
            if type(one).__name__ not in seen:
                seen[type(one).__name__] = one
                waiting.extend(fields_of(one).values())
        else:
            names = ("nested", "inner", "key", "text", "many", "group", "_word", "_group", "_exact")
            parts = [getattr(one, name, None) for name in names]
            waiting.extend(part for part in parts if part is not None and not isinstance(part, (str, dict)))
    return list(seen.values())


PLAN = RULES / "payers" / "example-ppo.yaml"
MISTAKES = [
    ("payers/example-ppo.yaml", "benefits:", "benfits:"),
    ("payers/example-ppo.yaml", "status: example", "status: reveiwed"),
    ("payers/example-ppo.yaml", "copay $20", "copya $20"),
    ("payers/example-ppo.yaml", "[copay $20]", "copay $20"),
    ("payers/example-ppo.yaml", "[copay $20]", "[copay 20]"),
    ("payers/example-ppo.yaml", '"$5,000"', "5000"),
    ("payers/example-ppo.yaml", '"$5,000"', '"$5000.5"'),
    ("payers/example-ppo.yaml", 'cpt: "90837"', "cpt: 90837"),
    ("payers/example-ppo.yaml", "prior_authorization: no", "prior_authorization: false"),
    ("payers/example-ppo.yaml", "prior_authorization: no", "prior_authorization: No"),
    ("payers/example-ppo.yaml", "2026-12-31", "31.12.2026"),
    ("payers/example-ppo.yaml", "to: 2026-12-31, ", ""),
    ("payers/example-ppo.yaml", "    status: example\n", ""),
    ("payers/example-ppo.yaml", "network: in, modality", "network: inside, modality"),
    ("payers/example-ppo.yaml", "embedded", "embeded"),
    ("payers/example-ppo.yaml", "diagnosis: F43.10,", "diagnosis: F43-10,"),
    ("payers/medicaid.yaml", "exclusion: provider", "exclusion: insurer"),
    ("payers/medicare-part-b.yaml", "sequestration: 2%", "sequestration: 2"),
    ("payers/medicare-part-b.yaml", "coinsurance 20%", "coinsurance 2000%"),
    ("payers/medicare-part-b.yaml", "up to 15%", "15%"),
    ("therapists/example-therapist.yaml", "model: fpl_bands", "model: fpg_bands"),
    ("therapists/example-therapist.yaml", "  above: full fee\n", ""),
    ("therapists/example-therapist.yaml", "  above: full fee", "  above: full fee\n  step: $5"),
    ("therapists/example-therapist.yaml", 'up_to: 100%, fee: "$60"', 'up_to: 100%, fee: "$60", discount: 5%'),
    ("therapists/example-therapist.yaml", "licensed_in: [CA]", "licensed_in: [California]"),
    ("fee_schedules/medicare-2026.yaml", '"$173.35"', "173.35"),
    ("fee_schedules/medicare-2026.yaml", "kind: law", "kind: rule"),
    ("fee_schedules/negotiated-uhc-2026-06.yaml", "{p25:", "{q25:"),
    ("questions/en.yaml", "short:", "shrot:"),
    ("reference/codes.yaml", "reference: codes", "reference: services"),
    ("reference/legal_limits.yaml", 'year: "2026"', "year: 2026"),
    ("reference/poverty_guidelines.yaml", 'area: "48"', "area: 48"),
]


@pytest.mark.parametrize(
    ("name", "old", "new"), MISTAKES, ids=[new.strip() or old for _, old, new in MISTAKES]
)
def test_typical_mistakes_are_refused(name: str, old: str, new: str):
    text = (RULES / name).read_text()

    assert old in text
    assert faults(kind_of(name), text.replace(old, new, 1))


TEXTS = [
    x.strip()
    for line in """\
$30 | $1,250.50 | $1250 | $30.5 | 30 | $ | $-3 | $1,25 | -$3 | $0 | $12,34,567 | $1,234,567.89 | 20%
12.5% | 12.55% | 100% | 100.01% | 150% | 1000% | 1001% | 20 % | 20 | .5% | 0% | 5% of income
unknown | none | no | yes | open | legal | full fee | embedded | aggregate | 2 members | 1 members
$80 to $120 | $0 or $18 | $0 or $18 or $20 | up to 15% | up to $15 | copay up to $20 | copay $20
2026-01-31 | 2026-13-01 | 1989-12-31 | 2101-01-01 | 2026-1-1 | 26-01-01 | 01-01 | 13-01 | 07-32
90837 | G0470 | 9083 | 908377 | F43.10 | F43 | F52.* | * | F* | f43.10 | Z63.0 | F43.123456 | 02
LMFT | lmft | PHD | MD-2 | example-ppo | Example | a_b.c | -a | a b | 106H00000X | 1234567893
contract | medicare-2026 | 140% of medicare-2026 | 1001% of medicare-2026 | 60% of billed
160% of billed | 80th percentile of x | 80 percentile of x | billed | first 3 of first-visits
first 0 of x | first of x | 6 | 365 days | 365 | 0 | 9999 | 1e3 | p50 | p0 | p100 | national
CA-LOS ANGELES | preferred tier | gross_household | self_only | 2026 | 1999 | 48 | AK | in | out
IN""".splitlines()
    for x in line.split("|")
]
TEXTS = [text.strip() for text in TEXTS] + [" ", "x" * 101, "x" * 2001]


def leaves() -> dict[str, Leaf]:
    found: dict[str, Leaf] = {}
    for kind in schema_files.KINDS:
        for schema in everything(schema_files.KINDS[kind]):
            for key, field in fields_of(schema).items():
                inner = getattr(field, "inner", field)
                if isinstance(inner, Leaf):
                    found[f"{type(schema).__name__}.{key}"] = inner
    return found


@pytest.mark.parametrize(("where", "field"), leaves().items(), ids=list(leaves()))
def test_texts_are_taken_exactly_where_the_service_takes_them(where: str, field: Leaf):
    """Bounds of whole numbers apart: a pattern does not count."""
    check = Draft202012Validator(leaf_schema(field))
    wrong = []
    for text in TEXTS:
        if text.isdigit() and hasattr(field, "least"):
            continue
        if check.is_valid(text) != taken(field, text):
            wrong.append(text)
    assert wrong == []


def taken(field: Leaf, text: str) -> bool:
    try:
        return text in field.words or field.parse(text) is not None
    except Mistake:
        return False


PHRASES = [
    x.strip()
    for line in """\
copay $30 | copay unknown | copay $30 once deductible is met | copay $0 to $25 | copay $0 or $18
copay $30 per day per clinician | copay $30 per clinician | copay 30 | copay $30 once | Copay $30
coinsurance 20% | coinsurance 20 | coinsurance 101% | coinsurance 50% up to $75 | no charge
coinsurance 20% ignoring copay | coinsurance 20% to 40% | plan pays up to $90 | plan pays $90
behavioral_health deductible | Deductible | deductible | no deductible | not covered | notcovered
copay $30 toward deductible | copay $30 to deductible | deductible, copay $30 | copay $1,500""".splitlines()
    for x in line.split("|")
]
PHRASES = [text.strip() for text in PHRASES]


@pytest.mark.parametrize("text", sorted(set(PHRASES)))
def test_phrases_are_taken_exactly_where_the_service_takes_them(text: str):
    try:
        parse_phrase(text)
        known = True
    except Mistake:
        known = False

    assert Draft202012Validator(phrase_schema()).is_valid(text) == known


def test_an_editor_tells_what_to_write_and_no_pattern():
    """Whatever is held to a pattern says in words what is wanted, in every place of every schema."""
    bare = []

    def look(at: str, node: object) -> None:
        if isinstance(node, dict):
            if "pattern" in node and node["pattern"] != r"\S" and "errorMessage" not in node:
                bare.append(at)
            for key, each in node.items():
                look(f"{at}/{key}", each)
        elif isinstance(node, list):
            for number, each in enumerate(node):
                look(f"{at}/{number}", each)

    for path in sorted((ROOT / "schemas").glob("*.json")):
        look(path.name, json.loads(path.read_text("utf-8")))

    assert bare == []
    phrase = json.loads((ROOT / "schemas" / "payers.json").read_text("utf-8"))["$defs"]["Phrases"]["items"]
    assert phrase["errorMessage"].startswith("write a phrase such as copay $30")


def test_writing_them_anew_changes_nothing(tmp_path: Path):
    written = schema_files.write(tmp_path / "schemas")

    assert {path.name for path in written} == {path.name for path in (ROOT / "schemas").iterdir()}
