"""Which fields each sliding-scale model needs and takes (``domain`` section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coverage_service.rulebook.nodes import At, Fields, Many
from coverage_service.rulebook.reading import Reading, one_of

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "flat_range": ("minimum", "maximum"),
    "income_bands": ("bands", "above"),
    "linear": ("income_from", "income_to", "minimum", "maximum"),
    "fpl_bands": ("bands", "above", "guideline_year"),
    "per_mille": ("per_thousand", "minimum", "maximum"),
    "slots": ("fee",),
    "pwyc": ("minimum",),
    "membership": ("minimum", "maximum", "membership"),
    "trainee_clinic": ("fee",),
    "fqhc": ("bands", "above", "guideline_year"),
}
ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "linear": ("step",),
    "pwyc": ("suggested", "maximum"),
    "per_mille": ("step",),
}
GENERAL: Final = frozenset(
    ("model", "income", "cpts", "slots", "review_months", "proof", "couple_households",
     "with_out_of_network_claims", "caps_insured_share")
)  # fmt: skip


def check_sliding(values: Mapping[str, Any], node: Fields, reading: Reading) -> None:
    """Report fields that the model misses or does not use, and figures that run backwards."""
    model = values["model"]
    for name in NEEDS[model]:
        if name not in values:
            reading.error(node.at, f"the model {model} needs '{name}'", f"write {name}: and its value")
    allowed = GENERAL | {*NEEDS[model], *ALSO.get(model, ())}
    for name in values:
        if name not in allowed:
            remedy = f"leave it out; {model} takes {one_of(tuple(sorted(allowed - GENERAL)))}"
            reading.error(node.entries[name][0].at, f"the model {model} does not use '{name}'", remedy)
    for low, high in (("minimum", "maximum"), ("income_from", "income_to")):
        if low in values and high in values and values[high] < values[low]:
            reading.error(_at(node, high), f"'{high}' is below '{low}'", "check the two figures")
    if values.get("income_from") is not None and values.get("income_from") == values.get("income_to"):
        reading.error(_at(node, "income_to"), "the scale has no width", "write a larger income_to")
    _bands(model, values.get("bands", ()), node, reading)


def _at(node: Fields, name: str) -> At:
    found = node.entries.get(name)
    return found[1].at if found else node.at


def _bands(model: str, bands: tuple[Any, ...], node: Fields, reading: Reading) -> None:
    rows = node.get("bands")
    places = [item.at for item in rows.items] if isinstance(rows, Many) else []
    share = model != "income_bands"
    before = -1
    for (is_share, band), at in zip(bands, places, strict=True):
        if is_share != share:
            reading.error(
                at,
                f"the bands of {model} end at {'a percentage' if share else 'an income'}",
                "write up_to: 150%" if share else 'write up_to: "$30,000"',
            )
        elif band.up_to <= before:
            reading.error(at, "this band does not end above the one before", "write the bands upward")
        else:
            before = band.up_to
