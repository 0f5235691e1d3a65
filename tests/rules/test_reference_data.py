"""The figures under rules/ are those of their sources, and the reference files agree with each other."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
RULES = PROJECT / "rules"

# The source prices therapy and psychological testing; only therapy is carried.
TESTING = {"96127", "96130", "96131", "96132", "96133", "96136", "96137"}
LOCALITIES = {
    "AK": ("AK", "ALASKA*"),
    "AR": ("AR", "ARKANSAS"),
    "CA-LOS-ANGELES": ("CA", "LOS ANGELES-LONG BEACH-ANAHEIM (LOS ANGELES/ORANGE CNTY)"),
    "CA-SANTA-CLARA": ("CA", "SAN JOSE-SUNNYVALE-SANTA CLARA (SANTA CLARA CNTY)"),
    "DC": ("DC", "DC + MD/VA SUBURBS"),
    "FL-MIAMI": ("FL", "MIAMI"),
    "IL-CHICAGO": ("IL", "CHICAGO"),
    "NY-MANHATTAN": ("NY", "MANHATTAN"),
    "OH": ("OH", "OHIO"),
    "TX-HOUSTON": ("TX", "HOUSTON"),
}
PAYERS = ("anthem", "centene", "cigna", "uhc")
BENCHMARKS = (*PAYERS, "all")
# A ninth of its median: not a fee for half an hour, so not carried (see the files' comments).
LEFT_OUT = {("uhc", "90840", "p25"), ("all", "90840", "p25")}
AREAS = {"48": "contiguous", "AK": "AK", "HI": "HI"}


def rule_file(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((RULES / path).read_text("utf-8"), Loader=yaml.BaseLoader)
    return loaded


def source_file(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)


def source_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def golden_cases(folder: Path) -> dict[str, Any]:
    lines = (folder / "golden_cases.jsonl").read_text("utf-8").splitlines()
    cases = (json.loads(line, parse_float=Decimal) for line in lines if line.strip())
    return {case["id"]: case for case in cases}


def dollars(text: str) -> Decimal:
    """The amount of a rule file, which must be printed as the source's readers expect it."""
    amount = Decimal(text.removeprefix("$").replace(",", ""))
    assert text in (f"${amount:,.2f}", f"${amount:,}"), f"write {text!r} as ${amount:,}"
    return amount


def amounts(printed: dict[str, str]) -> dict[str, Decimal]:
    return {key: dollars(value) for key, value in printed.items()}


def holds(pattern: str, code: str) -> bool:
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern


def schedules() -> list[dict[str, Any]]:
    return [rule_file(f"fee_schedules/{path.name}") for path in (RULES / "fee_schedules").glob("*.yaml")]


# Figures against their sources


def test_medicare_national_fees_are_those_of_the_source(shared_data: Path) -> None:
    rows = source_rows(shared_data / "g_reference/mpfs_2026_therapy_national.csv")
    expected = {
        row["cpt_code"]: Decimal(row["medicare_nonfacility_usd"])
        for row in rows
        if row["cpt_code"] not in TESTING
    }

    assert amounts(rule_file("fee_schedules/medicare-2026.yaml")["rates"]["national"]) == expected


def test_medicare_has_the_ten_localities_and_no_other() -> None:
    assert set(rule_file("fee_schedules/medicare-2026.yaml")["rates"]) == {"national", *LOCALITIES}


@pytest.mark.parametrize("locality", LOCALITIES)
def test_medicare_fees_of_a_locality_are_those_of_the_source(locality: str, shared_data: Path) -> None:
    rows = source_rows(shared_data / "g_reference/mpfs_2026_therapy_by_locality.csv")
    expected = {
        row["cpt_code"]: Decimal(row["medicare_nonfacility_usd"])
        for row in rows
        if (row["state"], row["locality_name"]) == LOCALITIES[locality] and row["cpt_code"] not in TESTING
    }

    assert amounts(rule_file("fee_schedules/medicare-2026.yaml")["rates"][locality]) == expected


def test_published_medicare_amounts_of_2026_hold(shared_data: Path) -> None:
    fees = rule_file("fee_schedules/medicare-2026.yaml")["rates"]["national"]
    cases = [case for name, case in golden_cases(shared_data).items() if name.startswith("mpfs2026-")]

    assert cases, "the golden cases hold no Medicare amount of 2026"
    for case in cases:
        assert dollars(fees[case["inputs"]["cpt"]]) == case["expected"]["national_nonfacility_usd"], case[
            "id"
        ]


def benchmark_of(payer: str, code: dict[str, Any]) -> dict[str, Decimal] | None:
    """The percentiles that the source gives for one code, of one payer or of all."""
    if payer == "all":
        cell, names = code["national"], ("oon_low_usd", "oon_mid_usd", "oon_high_usd", "oon_p90_usd")
    else:
        cell, names = code["by_payer"].get(payer), ("p25", "median", "p75", "p90")
    if cell is None:
        return None
    given = zip(("p25", "p50", "p75", "p90"), names, strict=True)
    cpt = code["cpt_code"]
    return {
        ours: cell[theirs] for ours, theirs in given if theirs in cell and (payer, cpt, ours) not in LEFT_OUT
    }


@pytest.mark.parametrize("payer", BENCHMARKS)
def test_negotiated_rates_are_those_of_the_source(payer: str, shared_data: Path) -> None:
    source = source_file(shared_data / "b_tic_mrf/therapy_tic_v1_by_payer.json")
    cells = {code["cpt_code"]: benchmark_of(payer, code) for code in source["codes"]}
    expected = {code: cell for code, cell in cells.items() if cell and code not in TESTING}

    rates = rule_file(f"fee_schedules/negotiated-{payer}-2026-06.yaml")["rates"]

    assert {code: amounts(cell) for code, cell in rates["national"].items()} == expected
    assert list(rates) == ["national"], "the source measures no locality"


@pytest.mark.parametrize("payer", PAYERS)
def test_no_negotiated_rate_rests_on_fewer_observations_than_the_source_asks_for(
    payer: str, shared_data: Path
) -> None:
    source = source_file(shared_data / "b_tic_mrf/therapy_tic_v1_by_payer.json")
    codes = {code["cpt_code"]: code for code in source["codes"]}

    for code in rule_file(f"fee_schedules/negotiated-{payer}-2026-06.yaml")["rates"]["national"]:
        assert codes[code]["by_payer"][payer]["n_obs"] >= source["meta"]["min_observations"], code


def test_poverty_guidelines_rebuild_the_published_table(shared_data: Path) -> None:
    published = source_file(shared_data / "g_reference/hhs_poverty_guidelines.json")["guidelines"]
    rebuilt: dict[str, dict[str, list[Decimal]]] = {}
    for line in rule_file("reference/poverty_guidelines.yaml")["guidelines"]:
        first, more = dollars(line["first_person"]), dollars(line["each_more"])
        rebuilt.setdefault(line["year"], {})[AREAS[line["area"]]] = [first + more * n for n in range(8)]

    assert rebuilt == {
        year: {area: table["sizes_1_to_8"] for area, table in areas.items()}
        for year, areas in published.items()
    }


def test_published_guidelines_of_alaska_and_hawaii_hold(shared_data: Path) -> None:
    case = golden_cases(shared_data)["fpg2026-ak-hi"]
    first = {
        line["area"]: dollars(line["first_person"])
        for line in rule_file("reference/poverty_guidelines.yaml")["guidelines"]
        if line["year"] == str(case["inputs"]["year"])
    }

    assert {area: first[area] for area in case["expected"]} == case["expected"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("aca_out_of_pocket", "aca_out_of_pocket_max"),
        ("hdhp_minimum_deductible", "hdhp_minimum_deductible"),
        ("hdhp_out_of_pocket", "hdhp_out_of_pocket_max"),
    ],
)
@pytest.mark.parametrize("year", ["2024", "2025", "2026", "2027"])
def test_legal_limits_are_those_of_the_source(year: str, ours: str, theirs: str, shared_data: Path) -> None:
    published = source_file(shared_data / "g_reference/annual_limits.json")[theirs][year]
    line = next(line for line in rule_file("reference/legal_limits.yaml")["limits"] if line["year"] == year)
    pair = [dollars(line[ours]["self_only"]), dollars(line[ours]["family"])]

    # Where this source is silent (2024, self-only), the file names another one.
    assert [own for own, known in zip(pair, published, strict=True) if known is not None] == [
        known for known in published if known is not None
    ]


def test_part_b_deductible_is_that_of_the_source_or_unknown(shared_data: Path) -> None:
    published = source_file(shared_data / "g_reference/annual_limits.json")[
        "medicare_part_b_annual_deductible"
    ]

    for line in rule_file("reference/legal_limits.yaml")["limits"]:
        known = published[line["year"]]
        printed = line["medicare_part_b_deductible"]
        assert printed == "unknown" if known is None else dollars(printed) == known["usd"]


# The files among themselves


def test_every_priced_code_is_described_and_belongs_to_a_service() -> None:
    described = {line["code"] for line in rule_file("reference/codes.yaml")["procedures"]}
    services = rule_file("reference/services.yaml")["services"]
    served = [code for service in services for code in service.get("codes", [])]
    priced = {code for schedule in schedules() for fees in schedule["rates"].values() for code in fees}

    assert priced <= described
    assert sorted(served) == sorted(described), "each code belongs to exactly one service"


def test_every_rate_is_a_plausible_fee() -> None:
    """A bound that refused a real rate would refuse a real fee too."""
    bounds = {
        line["code"]: amounts(line["plausible"]) for line in rule_file("reference/codes.yaml")["procedures"]
    }

    for schedule in schedules():
        for fees in schedule["rates"].values():
            for code, rate in fees.items():
                for fee in amounts(rate if isinstance(rate, dict) else {"": rate}).values():
                    assert bounds[code]["from"] <= fee <= bounds[code]["to"], (
                        schedule["schedule"],
                        code,
                        fee,
                    )


def test_percentiles_rise() -> None:
    for schedule in schedules():
        if schedule["kind"] == "benchmark":
            for code, cell in schedule["rates"]["national"].items():
                figures = [amounts(cell)[name] for name in sorted(cell)]
                assert figures == sorted(figures), (schedule["schedule"], code)


def test_benchmarks_give_the_credit_their_licence_asks_for() -> None:
    for schedule in schedules():
        if schedule["kind"] == "benchmark":
            assert "CC-BY-4.0" in schedule["attribution"], schedule["schedule"]
            assert "CoralEHR" in schedule["attribution"], schedule["schedule"]


def test_every_licence_of_a_schedule_is_described() -> None:
    described = {line["licence"] for line in rule_file("reference/codes.yaml")["licences"]}
    reduced = [
        licence
        for schedule in schedules()
        for row in schedule.get("licence_percent", [])
        for licence in row["licences"]
    ]

    assert set(reduced) <= described
    assert len(reduced) == len(set(reduced)), "a licence has one percentage"


def test_services_include_only_services() -> None:
    services = rule_file("reference/services.yaml")["services"]
    names = [service["service"] for service in services]

    assert len(names) == len(set(names))
    assert {inner for service in services for inner in service.get("includes", [])} <= set(names)


def test_sex_therapy_is_set_off_by_the_same_codes_as_sexual_dysfunction() -> None:
    triggers = rule_file("reference/codes.yaml")["exclusion_triggers"]

    assert triggers["sex_therapy"] == triggers["sexual_dysfunction"]


@pytest.mark.parametrize(
    ("family", "flagged"),
    [
        ("sexual_dysfunction", True),
        ("sexual_dysfunction_physical", True),
        ("sexual_symptom", True),
        ("substance_induced", True),
        ("trauma", False),
        ("adjustment", False),
        ("gender", False),
        ("relationship", False),
    ],
)
def test_the_exclusion_of_sexual_dysfunction_takes_whole_families(family: str, flagged: bool) -> None:
    codes = rule_file("reference/codes.yaml")
    triggers = codes["exclusion_triggers"]["sexual_dysfunction"]
    members = [line["code"] for line in codes["diagnoses"] if line["family"] == family]

    assert members
    assert {any(holds(pattern, code) for pattern in triggers) for code in members} == {flagged}


def test_patterns_end_in_a_star_and_have_no_other() -> None:
    codes = rule_file("reference/codes.yaml")
    patterns = [line["code"] for line in codes["diagnoses"]]
    patterns += [pattern for listed in codes["exclusion_triggers"].values() for pattern in listed]

    assert len({line["code"] for line in codes["diagnoses"]}) == len(codes["diagnoses"])
    for pattern in patterns:
        assert "*" not in pattern[:-1], pattern


def test_every_code_of_a_concern_is_described_and_every_concern_has_words() -> None:
    described = [line["code"] for line in rule_file("reference/codes.yaml")["diagnoses"]]

    for concern in rule_file("reference/concerns.yaml")["concerns"]:
        assert set(concern["labels"]) == set(concern["neutral_labels"]) == {"en", "es"}, concern["concern"]
        assert set(concern["formats"]) <= {"individual", "couple", "group"}
        for family in concern["code_families"]:
            assert family["side"] in ("behavioral", "medical")
            for code in family["codes"]:
                assert any(holds(pattern, code) for pattern in described), (concern["concern"], code)


def test_every_named_source_is_listed() -> None:
    def named(node: Any) -> set[str]:
        if isinstance(node, list):
            return {name for item in node for name in named(item)}
        if not isinstance(node, dict):
            return set()
        own = {node["source"]} if isinstance(node.get("source"), str) else set()
        return own | {name for key, item in node.items() if key != "sources" for name in named(item)}

    for folder in ("reference", "fee_schedules"):
        for path in sorted((RULES / folder).glob("*.yaml")):
            loaded = rule_file(f"{folder}/{path.name}")
            assert named(loaded) <= set(loaded["sources"]), path.name
