"""The real plans and scales carry the figures of their sources, and every row of theirs is tested."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

RULES = Path(__file__).resolve().parents[2] / "rules"
MODELS = {
    "flat_range", "income_bands", "linear", "fpl_bands", "per_mille",
    "slots", "pwyc", "membership", "trainee_clinic", "fqhc",
}  # fmt: skip
PSYCHIATRISTS = ["MD", "DO"]


def rule_files(folder: str) -> dict[str, Any]:
    """Files by name, every scalar as text: what is written, not what a schema makes of it."""
    paths = sorted((RULES / folder).glob("*.yaml"))
    return {path.name: yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader) for path in paths}


PLANS = [plan for file in rule_files("payers").values() for plan in file["plans"]]
THERAPISTS = list(rule_files("therapists").values())
ADVANTAGE = [x for x in PLANS if x.get("market", {}).get("kind") == "medicare_advantage"]
MARKETPLACE = [x for x in PLANS if x["plan"].startswith("mp-")]
REAL = [x for x in PLANS if x["status"] != "example"]
BY_ID = {x["plan"]: x for x in PLANS if x["effective"]["to"] != "2023-12-31"}


def named(entry: dict[str, Any]) -> str:
    return f"{entry['plan']} {entry['effective']['from'][:4]}" if "plan" in entry else str(entry["therapist"])


def source_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def phrase(cell: str) -> str:
    """A printed share as a cost-sharing phrase: `$0-$25 copay` is `copay $0 to $25`."""
    if cell == "$0 copay":
        return "no charge"
    figure, _, kind = cell.rpartition(" ")
    return f"{kind} {figure.replace('-', ' to ')}"


def readings(row: dict[str, Any]) -> list[list[str]]:
    sharing = row["cost_sharing"]
    return list(sharing["either"]) if isinstance(sharing, dict) else [sharing]


def rows_of(plan: dict[str, Any], service: str, network: str) -> list[dict[str, Any]]:
    fits = (service, "outpatient_mental_health")
    return [x for x in plan["benefits"] if x["service"] in fits and x["network"] == network]


# ---- Medicare Advantage 2026


@pytest.fixture(scope="module")
def advantage(shared_data: Path) -> dict[str, dict[str, str]]:
    rows = source_rows(shared_data / "a_exchange_plans" / "medicare_advantage_2026_mental_health.csv")
    return {"ma-" + row["plan_id"].lower().replace("_", "-"): row for row in rows}


DEDUCTIBLES = {  # how the list words it → the limits that may carry it
    "": "any_network",
    "Annual deductible": "any_network",
    "In-network": "in_network",
    "Out-of-network": "out_of_network",
    "per year from in-network and out-of-network providers": "any_network",
}


def deductible(cell: str) -> tuple[str, str] | None:
    """The limit and the amount of a printed deductible; None when it is $0.00."""
    if cell == "$0.00":
        return None
    found = re.fullmatch(r"(\$[\d,]+)(\D.*)?", cell)
    assert found, cell
    return DEDUCTIBLES[found[2] or ""], found[1]


@pytest.mark.parametrize("plan", ADVANTAGE, ids=named)
def test_an_advantage_plan_has_the_name_and_limits_of_the_list(
    plan: dict[str, Any], advantage: dict[str, dict[str, str]]
) -> None:
    row = advantage[plan["plan"]]
    limits = plan["limits"]
    carried = {
        (name, kinds["deductible"]["person"])
        for name, kinds in limits.items()
        if kinds.get("deductible", "none") != "none"
    }
    maxima = {x["out_of_pocket_maximum"]["person"] for x in limits.values() if "out_of_pocket_maximum" in x}
    printed = deductible(row["health_deductible"])
    assert plan["name"] == row["plan_name"]
    assert carried == ({printed} if printed else set())
    assert maxima - {"unknown"} == {f"${row['moop']}"}


@pytest.mark.parametrize("plan", ADVANTAGE, ids=named)
@pytest.mark.parametrize("network", ["in", "out"])
@pytest.mark.parametrize(
    ("service", "who", "column"),
    [
        ("psychotherapy", "therapist", "ind_therapy"),
        ("group", "therapist", "group_therapy"),
        ("psychotherapy", "psychiatrist", "ind_psychiatrist"),
        ("group", "psychiatrist", "group_psychiatrist"),
    ],
)
def test_an_advantage_plan_shares_costs_as_the_list_prints(
    plan: dict[str, Any],
    network: str,
    service: str,
    who: str,
    column: str,
    advantage: dict[str, dict[str, str]],
) -> None:
    row = advantage[plan["plan"]]
    cell = row[f"{column}_{'oon' if network == 'out' else 'in'}"]
    rows = rows_of(plan, service, network)
    own = [x for x in rows if x.get("licences") == PSYCHIATRISTS]
    general = [x for x in rows if "licences" not in x]
    (benefit,) = own if own and who == "psychiatrist" else general
    assert {x[-1] for x in readings(benefit)} == {phrase(cell) if cell else "not covered"}


@pytest.mark.parametrize("plan", ADVANTAGE, ids=named)
def test_beside_a_deductible_both_readings_stand(plan: dict[str, Any]) -> None:
    buckets = {"in": ("in_network", "any_network"), "out": ("out_of_network", "any_network")}
    for row in plan["benefits"]:
        limits = (plan["limits"].get(name, {}) for name in buckets[row["network"]])
        has = any(x.get("deductible", "none") != "none" for x in limits)
        taken = {"deductible" in reading for reading in readings(row)}
        assert taken == ({True, False} if has else {False}), row


def shape(plan: dict[str, Any]) -> tuple[str, ...]:
    """What kind of plan this is: its wordings, figures aside, in and out of network, and its deductible."""
    wording = [
        re.sub(r"[\d,.]+", "N", x[-1])
        for network in ("in", "out")
        for x in readings(rows_of(plan, "psychotherapy", network)[-1])
    ]
    own = [name for name, kinds in plan["limits"].items() if kinds.get("deductible", "none") != "none"]
    return (*dict.fromkeys(wording), *own)


def test_the_twelve_advantage_plans_differ_in_kind() -> None:
    assert len({x["plan"] for x in ADVANTAGE}) == 12
    assert len({shape(x) for x in ADVANTAGE}) >= 8


def test_the_advantage_plans_show_every_wording() -> None:
    texts = {text for plan in ADVANTAGE for row in plan["benefits"] for x in readings(row) for text in x}
    assert texts >= {"no charge", "not covered", "copay $70", "copay $0 to $25", "copay $0 or $15"}
    assert texts >= {"coinsurance 20%", "coinsurance 0% to 20%", "coinsurance 0% or 20%", "coinsurance 50%"}


# ---- marketplace plans of 2014


@pytest.fixture(scope="module")
def marketplace(shared_data: Path) -> dict[str, dict[str, str]]:
    rows = source_rows(shared_data / "a_exchange_plans" / "plans_2014_joined_benefit_and_plan_attributes.csv")
    wanted = (x for x in rows if x["BenefitName"] == "Mental/Behavioral Health Outpatient Services")
    return {"mp-" + row["PlanId"].lower(): row for row in wanted}


@pytest.mark.parametrize("plan", MARKETPLACE, ids=named)
def test_a_marketplace_plan_has_the_limits_of_its_variant(
    plan: dict[str, Any], marketplace: dict[str, dict[str, str]]
) -> None:
    row = marketplace[plan["plan"]]
    limits, market = plan["limits"]["in_network"], plan["market"]
    figures = [
        limits[x][who] for x in ("deductible", "out_of_pocket_maximum") for who in ("person", "family")
    ]
    assert figures == [row["med_ded_ind"], row["med_ded_fam"], row["moop_ind"], row["moop_fam"]]
    assert [market["state"], market["metal"].title(), market["kind"]] == [
        row["StateCode"], row["metal_level"], row["plan_type"],
    ]  # fmt: skip
    assert row["plan_marketing_name"] in plan["name"]
    assert plan["payer"] == row["issuer_name"]


def meant(copay: str, coinsurance: str, subject: str) -> list[list[str]]:
    """What two cells of the file mean.  Cells that none of the six plans has are left out."""
    if coinsurance == "100%":
        return [["not covered"]]
    if re.fullmatch(r"\$[1-9]\d*", copay) and coinsurance in ("0%", "No Charge"):
        return [[f"copay {copay}"]]
    if coinsurance in ("No Charge after deductible", "0% Coinsurance after deductible"):
        return [["deductible"]]
    if found := re.fullmatch(r"(\d+%) Coinsurance after deductible", coinsurance):
        return [["deductible", f"coinsurance {found[1]}"]]
    assert re.fullmatch(r"\d+%", coinsurance)
    assert subject == "Yes"
    return [["no deductible", f"coinsurance {coinsurance}"], ["deductible", f"coinsurance {coinsurance}"]]


@pytest.mark.parametrize("plan", MARKETPLACE, ids=named)
def test_a_marketplace_plan_shares_costs_as_its_cells_mean(
    plan: dict[str, Any], marketplace: dict[str, dict[str, str]]
) -> None:
    row = marketplace[plan["plan"]]
    inside, outside = plan["benefits"]
    subject = row["IsSubjToDedTier1"]
    assert row["IsCovered"] == "Covered"
    assert readings(inside) == meant(row["CopayInnTier1"], row["CoinsInnTier1"], subject)
    assert readings(outside) == meant(row["CopayOutofNet"], row["CoinsOutofNet"], subject)


def test_six_marketplace_plans_are_kept_for_their_wordings(marketplace: dict[str, dict[str, str]]) -> None:
    columns = ("CopayInnTier1", "CoinsInnTier1", "CopayOutofNet", "CoinsOutofNet", "IsSubjToDedTier1")
    wordings = {tuple(marketplace[x["plan"]][column] for column in columns) for x in MARKETPLACE}
    assert {x["status"] for x in MARKETPLACE} == {"retired"}
    assert len(MARKETPLACE) == len(wordings) == 6


# ---- other real plans


def test_part_b_has_the_deductible_of_each_year(shared_data: Path) -> None:
    source = json.loads((shared_data / "g_reference" / "annual_limits.json").read_text("utf-8"))
    published = {year: f"${x['usd']}" for year, x in source["medicare_part_b_annual_deductible"].items() if x}
    entries = [x for x in PLANS if x["plan"] == "medicare-part-b"]
    ours = {x["effective"]["from"][:4]: x["limits"]["any_network"]["deductible"]["person"] for x in entries}
    assert ours == {**published, "2023": "unknown"}


def test_part_b_pays_counsellors_from_2024_on() -> None:
    entries = [x for x in PLANS if x["plan"] == "medicare-part-b"]
    payable = {x["effective"]["from"]: x["coverage"]["licences"] for x in entries}
    joined = {"LMFT", "LPC", "LMHC"}
    assert {start: bool(joined & set(found)) for start, found in payable.items()} == {
        "2023-01-01": False, "2024-01-01": True, "2025-01-01": True, "2026-01-01": True,
    }  # fmt: skip


def test_bronze_leaf_has_the_figures_of_its_summary(shared_data: Path) -> None:
    source = json.loads((shared_data / "e_sbc" / "completed_sbc_examples.json").read_text("utf-8"))
    (sbc,) = (x for x in source["sbcs"] if x["id"] == "healthfirst_bronze_leaf_2025")
    plan = BY_ID["healthfirst-bronze-leaf"]
    wording = sbc["benefits"]["mental_health_outpatient"]
    limits = plan["limits"]["in_network"]
    for kind, printed in (("deductible", sbc["deductible"]), ("out_of_pocket_maximum", sbc["oop_limit"])):
        assert limits[kind]["person"] == f"${printed['individual']:,}"
        assert limits[kind]["family"] == f"${printed['family']:,}"
    first, *_, later, outside = plan["benefits"]
    copay = first["cost_sharing"][0].removeprefix("copay ")
    assert f"{copay} copay not subject to deductible for first 3 visits" in wording
    assert first["visits"] == "first 3 of first-visits"
    assert later["cost_sharing"] == ["deductible", f"copay {copay}"]
    assert f"{copay} copay after deductible for additional visits" in wording
    assert f"{plan['visit_limits'][0]['visits']} visits per plan year for family counseling" in wording
    assert (outside["cost_sharing"], sbc["oon"]) == (["not covered"], "not covered")


def test_the_issues_other_plans_are_there() -> None:
    assert BY_ID.keys() >= {
        "medicare-part-b", "medigap-plan-g", "medigap-plan-n", "medicare-qmb", "medicaid-state-unknown",
        "fep-blue-standard", "fep-blue-basic", "tricare-select-retiree", "eap-military-onesource",
    }  # fmt: skip


def test_federal_employees_have_one_plan_with_and_one_without_benefits_out_of_network() -> None:
    standard, basic = (BY_ID[x]["benefits"][-1] for x in ("fep-blue-standard", "fep-blue-basic"))
    assert [x[-1] for x in readings(standard)] == ["coinsurance 35%"] * 2
    assert BY_ID["fep-blue-standard"]["balance_billing"]["out"] == "yes"
    assert readings(basic) == [["not covered"]]


# ---- every row has a test


@pytest.fixture(scope="module")
def services() -> dict[str, set[str]]:
    """The procedure codes of each service and of what it includes."""
    entries = {x["service"]: x for x in rule_files("reference")["services.yaml"]["services"]}
    own = {name: set(x.get("codes", ())) for name, x in entries.items()}
    return {name: own[name].union(*(own[y] for y in x.get("includes", ()))) for name, x in entries.items()}


def sessions(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for test in entry["tests"]:
        yield {**test, **(test.get("session") or test["course"])}


def fits(row: dict[str, Any], session: dict[str, Any], services: dict[str, set[str]]) -> bool:
    if session.get("cpt") not in services[row["service"]]:
        return False
    if row.get("network", session["network"]) != session["network"]:
        return False
    if "modality" in row and row["modality"] != session.get("modality"):
        return False
    if "licences" in row and session.get("licence") not in row["licences"]:
        return False
    if "visits" in row:
        _, count, _, pool = row["visits"].split(" ")
        return int(session.get("used", {}).get("visits", {}).get(pool, 0)) < int(count)
    return True


@pytest.mark.parametrize("plan", [x for x in REAL if "benefits" in x], ids=named)
def test_each_benefit_row_is_reached_by_a_test(plan: dict[str, Any], services: dict[str, set[str]]) -> None:
    used = {
        next((i for i, row in enumerate(plan["benefits"]) if fits(row, session, services)), None)
        for session in sessions(plan)
    }
    assert used >= set(range(len(plan["benefits"])))


def matched(match: str, code: str) -> bool:
    return code.startswith(match[:-1]) if match.endswith("*") else code == match


@pytest.mark.parametrize("plan", [x for x in REAL if "coverage" in x], ids=named)
def test_each_coverage_row_is_reached_by_a_test(plan: dict[str, Any]) -> None:
    rows = [x["match"] for x in plan["coverage"]["diagnoses"]]
    codes = {session["diagnosis"] for session in sessions(plan)}
    reached = {next((row for row in rows if matched(row, code)), None) for code in codes}
    assert reached >= set(rows)


@pytest.mark.parametrize("entry", [*REAL, *THERAPISTS], ids=named)
def test_case_names_are_sentences_of_their_own(entry: dict[str, Any]) -> None:
    cases = [x["case"] for x in entry["tests"]]
    assert len(cases) == len(set(cases)) > 0
    assert all(len(case.split()) >= 3 and case[0] in f"{case[0].upper()}$" for case in cases)


# ---- therapists


def test_every_model_of_a_sliding_scale_has_a_therapist() -> None:
    assert len(THERAPISTS) >= 8
    assert {x["sliding"]["model"] for x in THERAPISTS} == MODELS


def test_made_up_practices_say_so_and_real_ones_cite_their_page() -> None:
    for entry in THERAPISTS:
        if entry["status"] == "example":
            assert "(fictional)" in entry["name"] or entry["therapist"].startswith("example-")
        else:
            assert all(x["url"] for x in entry["sources"].values())
    assert {x["therapist"] for x in THERAPISTS if x["status"] == "reviewed"} == {"fgcnow", "grace-integrated"}


def test_the_practices_show_each_standing_in_a_network() -> None:
    networks = [x for entry in THERAPISTS for x in entry.get("networks", ())]
    medicare = {"plan": "medicare-part-b", "status": "opted_out"}
    opted_out = [x for x in THERAPISTS if medicare in x.get("networks", ())]
    assert {x["status"] for x in networks} == {"in", "out", "opted_out", "unknown"}
    assert any(isinstance(x.get("contract"), dict) for x in networks)
    assert {"PHD", "PSYD"} & {x["clinician"]["licence"] for x in opted_out}
    assert any(x["clinician"].get("supervised") == "yes" for x in THERAPISTS)
    assert any("from_minutes" in fee for x in THERAPISTS for fee in x.get("fees", ()))


@pytest.fixture(scope="module")
def scales(shared_data: Path) -> dict[str, Any]:
    source = json.loads((shared_data / "g_reference" / "sliding_scale_examples.json").read_text("utf-8"))
    return {x["id"]: x for x in source["scales"]}


def therapist(name: str) -> dict[str, Any]:
    (found,) = (x for x in THERAPISTS if x["therapist"] == name)
    return found


def bands(entry: dict[str, Any]) -> dict[str, str]:
    return {x["up_to"]: x["fee"] for x in entry["sliding"]["bands"]}


def test_fgcnow_has_the_bands_of_its_page(scales: dict[str, Any]) -> None:
    source, ours = scales["fgcnow_2024"], therapist("fgcnow")
    for service in ("individual_therapy", "psychiatric_evaluation"):
        fees = source["fees"][service]
        printed = {f"{high}%": f"${fees[name]}" for name, _, high in source["bands"] if high}
        assert bands(ours) == printed
        assert {x["fee"] for x in ours["fees"]} == {f"${fees['Full']}"}
    assert ours["sliding"]["above"] == "full fee"


def test_the_table_fgcnow_prints_is_that_of_the_guidelines_of_its_year(scales: dict[str, Any]) -> None:
    source, year = scales["fgcnow_2024"], therapist("fgcnow")["sliding"]["guideline_year"]
    guidelines = rule_files("reference")["poverty_guidelines.yaml"]["guidelines"]
    (row,) = (x for x in guidelines if (x["year"], x["area"]) == (year, "48"))
    first, more = (Decimal(row[key].strip("$").replace(",", "")) for key in ("first_person", "each_more"))
    for name, _, percent in source["bands"][:-1]:
        ends = [(first + more * extra) * percent / 100 for extra in range(8)]
        assert ends == source["annual_upper_by_size"][name]


def test_grace_integrated_has_the_bands_of_its_page(scales: dict[str, Any]) -> None:
    source, ours = scales["grace_integrated_2025"]["per_session"], therapist("grace-integrated")
    *graded, above = source.items()
    assert bands(ours) == {f"{span.split('-')[1]}%": f"${fee}" for span, fee in graded}
    assert (above[0], ours["sliding"]["above"]) == ("over 300", f"${above[1]}")


def test_grace_integrateds_package_of_eight_saves_nothing(scales: dict[str, Any]) -> None:
    source = scales["grace_integrated_2025"]
    assert {span: fee * 8 for span, fee in source["per_session"].items()} == source["package_of_8"]
