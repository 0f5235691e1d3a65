"""What each field of a rule file means, in one sentence: for editors and for spreadsheet headings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml


@cache
def table() -> Mapping[str, str]:
    """Sentences by key, or by ``Schema.key`` where a key means something else."""
    found: Mapping[str, str] = yaml.safe_load(
        files(__package__).joinpath("descriptions.yaml").read_text("utf-8")
    )
    return found


def describe_field(schema: str, key: str) -> str:
    """The sentence for a field of a schema class; KeyError when nobody wrote one."""
    return table().get(f"{schema}.{key}") or table()[key]
