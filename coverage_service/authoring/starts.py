"""The beginning of a new rule file: what is known written down, what is not unknown, all of it draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Template
from typing import Final
from unicodedata import combining, normalize

from coverage_service.authoring.schema_files import modeline
from coverage_service.authoring.spelling import scalar

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class Start:
    """What was answered.  ``id`` names the plan or therapist; empty texts are not known."""

    id: str
    name: str
    year: int
    today: date
    payer: str = ""
    kind: str = ""
    document: str = ""
    page: str = ""
    licence: str = ""
    state: str = ""


PLAN: Final = Template("""\
  - plan: $id
    name: $name
    status: draft                         # never served; write reviewed once every figure is compared
    market: {$market}
    effective: {from: $year-01-01, to: $year-12-31, plan_year_starts: 01-01}
    source: document
    limits:                               # an amount like "$$1,000", none, or unknown
      in_network: {deductible: unknown, out_of_pocket_maximum: unknown}
      out_of_network: {deductible: unknown, out_of_pocket_maximum: unknown}
    benefits:                             # the first row that fits is used; phrases: rules/README.md
      - {service: outpatient_mental_health, network: in, cost_sharing: unknown}  # [copay $$30]
      - {service: outpatient_mental_health, network: out, cost_sharing: unknown}
    allowed_amounts: {in: contract, out: unknown}
    balance_billing: {in: unknown, out: unknown}
    not_covered_rate: {in: unknown, out: unknown}
    coverage:                             # yes: excluded; no: looked for and not there
      exclusions: {sex_therapy: unknown, sexual_dysfunction: unknown, marital_counselling: unknown}
      prior_authorization: unknown
      referral: unknown
      telehealth: unknown
    tests:                                # replace it by worked examples of the document, to the cent
      - case: Nothing is known of this plan yet
        session: {cpt: "90837", diagnosis: F43.10, network: in, billed: "$$200"}
        expect: {covered: unknown}
""")
PAYER: Final = Template("""\
$modeline
# $payer: begun on $today.  Every unknown is still to be asked; rules/README.md explains each field.
payer: $payer_text
behavioral_health_administrator: unknown
sources:
  document: {$document}
plans:
""")
THERAPIST: Final = Template("""\
$modeline
# $name_line: begun on $today.  Every unknown is still to be asked; rules/README.md explains each field.
therapist: $id
name: $name
status: draft                             # never served; write reviewed once every figure is compared
effective: {from: $year-01-01, to: open}
sources:
  document: {$document}
source: document
clinician: {licence: $licence, supervised: unknown, licensed_in: $state, npi: unknown}
networks: []                              # {plan: example-ppo, status: in, contract: unknown}
fees:                                     # an amount like "$$200", "$$180 to $$220", or unknown
  - {cpt: "90791", fee: unknown}          # the first assessment
  - {cpt: "90834", fee: unknown}          # 38 to 52 minutes
  - {cpt: "90837", fee: unknown}          # 53 minutes or more
  - {cpt: "90847", fee: unknown}          # couples and families
sliding: unknown                          # none, or a scale: rules/README.md
superbill: unknown
intake: unknown
telehealth: unknown
in_person: unknown
eap_programmes: unknown
""")


def plan(start: Start) -> str:
    """One entry under ``plans:``."""
    market = {"kind": start.kind, "state": start.state}
    known = ", ".join(f"{key}: {value}" for key, value in market.items() if value) or "state: unknown"
    return PLAN.substitute(id=scalar(start.id), name=scalar(start.name), year=start.year, market=known)


def payer(start: Start) -> str:
    """A payer file with one plan."""
    head = PAYER.substitute(
        modeline=modeline(f"payers/{start.id}.yaml", "payers"),
        payer=start.payer,
        payer_text=scalar(start.payer),
        today=start.today,
        document=_document(start),
    )
    return head + plan(start)


def therapist(start: Start) -> str:
    """A therapist file."""
    return THERAPIST.substitute(
        modeline=modeline(f"therapists/{start.id}.yaml", "therapists"),
        name_line=start.name,
        today=start.today,
        id=scalar(start.id),
        name=scalar(start.name),
        year=start.year,
        document=_document(start),
        licence=start.licence or "unknown",
        state=f"[{start.state}]" if start.state else "unknown",
    )


def _document(start: Start) -> str:
    """The source: its title, page and day; without a page nothing is verified by it."""
    if not start.document:
        return 'title: "Not read yet", confidence: unknown'
    fields: Mapping[str, str] = {
        "title": scalar(start.document, True),
        "page": scalar(start.page, True) if start.page else "",
        "read": start.today.isoformat(),
    }
    return ", ".join(f"{key}: {value}" for key, value in fields.items() if value)


def id_of(name: str) -> str:
    """A file name and id out of a name: small letters, digits, hyphens."""
    plain = "".join(x for x in normalize("NFKD", name.lower()) if not combining(x))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100]


def is_id(text: str) -> bool:
    """Whether a text may name a plan or therapist."""
    return bool(_NAME.fullmatch(text))
