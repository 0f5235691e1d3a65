"""No answer mixes two rule books; some thousand answers here, a million in `make soak`."""

from __future__ import annotations

from tests.activation.serving import service
from tests.activation.swaps import swap_under, two_books


def test_every_answer_belongs_to_one_rule_book(tmp_path):
    archive, versions = two_books(tmp_path)
    with service(archive.rules, archive.folder, workers=2) as running:
        seen, activations = swap_under(
            running.port, archive, versions, number=2, count=3_000, seconds=8, pause=0.15
        )

    assert (seen.torn, seen.errors) == (0, 0), seen
    assert seen.answers > 200
    assert set(seen.versions) == set(versions)
    assert seen.changes >= 5
    assert activations >= 5
