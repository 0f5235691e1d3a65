"""The limits of a plan by whose care they add up: a network's, that of both, or mental health alone."""

from __future__ import annotations

IN, OUT, ANY, BEHAVIORAL = "in_network", "out_of_network", "any_network", "behavioral_health"
OF_NETWORK = {"in": IN, "out": OUT}
"""The limit of one network; that of both is ``ANY``."""
OTHER = {IN: OUT, OUT: IN}
