"""The page's words for the codes of an estimate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coverage_service.html.speech import lazy_gettext as _

PATHWAYS: Final[dict[str, Any]] = {
    "in_network": _("In network"),
    "out_of_network": _("Out of network, with a superbill"),
    "full_fee": _("Full fee, no insurance"),
    "sliding_fee": _("Reduced fee, no insurance"),
    "eap_first": _("Free sessions from work first"),
    "gap_exception": _("Exception by your plan"),
}
MEANING: Final[dict[str, Any]] = {
    "in_network": _("The practice bills your plan. You pay your part."),
    "out_of_network": _("You pay the practice, send the bill to your plan, and may get a part back."),
    "full_fee": _("You pay the fee yourself. It does not count toward your deductible."),
    "sliding_fee": _("You pay a lower fee that goes by income. It does not count toward your deductible."),
    "eap_first": _("The program at work pays the first sessions. You pay nothing for those."),
    "gap_exception": _("Your plan treats this therapist as in network, at a price it agreed to."),
}
REFUSED: Final[dict[str, Any]] = {
    "in_network": _("The practice bills your plan, and your plan turns the bill down."),
    "out_of_network": _("You pay the practice. Your plan pays nothing back."),
    "gap_exception": _("Your plan pays nothing for this care."),
}
"""What a way to pay means where the plan pays for no session."""
MEDICARE: Final[dict[str, Any]] = {
    "in_network": _("With Medicare, at its price"),
    "out_of_network": _("With Medicare, above its price"),
}
"""Medicare has no network: what its two ways to pay are called."""
UNINSURED: Final[Mapping[str, Any]] = {
    "full_fee": _("You pay the fee yourself."),
    "sliding_fee": _("You pay a lower fee that goes by income."),
}
"""What a way to pay means to somebody without a plan."""
WAY_OF: Final[Mapping[str, Any]] = {
    "in_network": _("in network"),
    "out_of_network": _("out of network, with a superbill"),
    "full_fee": _("at the full fee"),
    "sliding_fee": _("at a reduced fee"),
    "eap_first": _("with free sessions from work first"),
    "gap_exception": _("with an exception by your plan"),
}
"""A way to pay in the middle of a sentence."""
SCENARIOS: Final[Mapping[str, Any]] = {
    "covered": _("If your plan covers it"),
    "not_covered": _("If your plan does not cover it"),
}
LIABILITY: Final[Mapping[str, Any]] = {
    "patient": _("You would owe this yourself."),
    "provider": _("The practice may not bill you for a session that the plan turns down."),
    "unknown": _("We do not know if you or the practice would bear it."),
}
CONFIDENCE: Final[Mapping[str, Any]] = {
    "verified": _("checked in the source"),
    "stated": _("as the source says"),
    "assumed": _("assumed"),
    "unknown": _("not known"),
}
LISTENERS: Final[Mapping[str, Any]] = {
    "insurer": _("your plan"),
    "practice": _("the practice"),
    "hr": _("the benefits office at work"),
    "medigap": _("your Medicare supplement"),
    "client": _("you"),
}
SCRIPTS: Final[Mapping[str, Any]] = {
    "insurer": _("Script for your plan"),
    "practice": _("Script for the practice"),
    "hr": _("Script for the benefits office"),
    "medigap": _("Script for your Medicare supplement"),
}
GLOSSARY: Final[Mapping[str, Any]] = {
    "deductible": _("Deductible"),
    "copay": _("Copay"),
    "coinsurance": _("Coinsurance"),
    "allowed_amount": _("Allowed amount"),
    "billed_charge": _("Billed charge"),
    "write_off": _("Write-off"),
    "balance_bill": _("Balance bill"),
    "out_of_pocket_maximum": _("Out-of-pocket maximum"),
    "in_network": _("In network"),
    "out_of_network": _("Out of network"),
    "superbill": _("Superbill"),
    "sliding_scale": _("Sliding scale"),
    "eap": _("Free sessions from work (EAP)"),
    "prior_authorization": _("Approval before the visit"),
    "referral": _("Referral"),
    "visit_limit": _("Visit limit"),
    "diagnosis": _("Diagnosis"),
    "exclusion": _("Exclusion"),
    "eob": _("Letter about a claim (EOB)"),
    "plan_year": _("Plan year"),
    "good_faith_estimate": _("Good-faith estimate"),
    "npi": _("NPI"),
    "cpt": _("Visit code (CPT)"),
    "licence": _("License"),
    "medigap": _("Medicare supplement (Medigap)"),
    "secondary_coverage": _("Second plan"),
}
"""The names of the terms whose meaning the rule book's glossary tells."""

EXPLAINED: Final[Mapping[str, tuple[str, ...]]] = {
    "insurer": ("cpt", "npi", "licence"),
    "practice": ("cpt", "licence"),
    "medigap": ("cpt",),
}
"""The terms that the script for a listener explains to who reads it out."""


def named(words: Mapping[str, Any], code: str) -> str:
    """The words for a code in the language of the page; one without words is told as it is."""
    return str(words[code]) if code in words else code.replace("_", " ")
