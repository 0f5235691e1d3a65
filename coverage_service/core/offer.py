"""What every pathway reads, and what is particular to an insured one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from coverage_service.core.care import Course
from coverage_service.core.facts import Network
from coverage_service.core.findings import Findings
from coverage_service.core.reference import Reference
from coverage_service.core.request import Request
from coverage_service.core.shared import Shared
from coverage_service.core.sliding_scale import ScaleFee
from coverage_service.core.therapist import NetworkEntry, Therapist
from coverage_service.core.unknowns import Figure


@dataclass(frozen=True, slots=True)
class Facts:
    """What every pathway reads: the request and the entries in force for it.

    ``scales`` is what a scale was found to ask, by therapist's entry and code.
    """

    request: Request
    reference: Reference
    therapist: Therapist | None
    entry: NetworkEntry | None
    course: Course
    findings: Findings
    shared: Shared
    scales: dict[tuple[int, str], ScaleFee] = field(default_factory=dict)

    def at(self, era: int) -> Facts:
        """The facts of an era: its entry of the therapist and of the network."""
        therapist, entry = self.course.therapists[era], self.course.standings[era]
        if therapist is self.therapist and entry is self.entry:
            return self
        return replace(self, therapist=therapist, entry=entry)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is particular to an insured pathway besides its network.

    ``agreed``: cents of a gap exception; ``fees``: a scale's fees that are the billed charge,
    by era and code, with the questions that settle them (``asks``); ``share_caps``: a health
    centre's sliding charge by era and code.
    """

    network: Network
    agreed: int | None = None
    fees: Mapping[tuple[int, str], Figure] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    share_caps: Mapping[tuple[int, str], Figure] = field(default_factory=dict)

    @property
    def allowed_id(self) -> str:
        """The unknown that an open allowed amount is."""
        return "oon_method" if self.network == "out" else "allowed_amount"

    @property
    def open_id(self) -> str:
        """The unknown that cost sharing is when the plan says nothing of it."""
        return "oon_cost_share:open" if self.network == "out" else "cost_share:open"
