"""`rules mutate`: which small changes of the rule files no test notices."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import click
import orjson

from coverage_service.checking.mutation import PARTS, Bench, Score, score_of
from coverage_service.cli.choosing import chosen, opened_rules
from coverage_service.cli.places import opened
from coverage_service.cli.rules import RULES
from coverage_service.rulebook.book import load
from coverage_service.rulebook.files import PREFIX, Files


@click.command("mutate")
@click.argument("files", nargs=-1)
@click.option("--fail-under", default=95.0, show_default=True, type=click.FloatRange(0, 100), help="Percent.")
@click.option(
    "--every", default=1, show_default=True, type=click.IntRange(1), help="Try every n-th change only."
)
@RULES
@click.option("--json", "as_json", is_flag=True, help="Print the score of every file as JSON.")
def show(files: tuple[str, ...], fail_under: float, every: int, folder: Path | None, as_json: bool) -> None:
    """Change each value of the rule files a little, and show which changes no confirmed test notices.

    FILES are files of payers or therapists, or folders of them; all without one.  What `rules check`
    would refuse is not counted.  Exit 1 below --fail-under percent.
    """
    read = opened_rules(folder)
    names = chosen(
        files, [name for name in sorted(read.files) if name.startswith(tuple(f"{p}/" for p in PARTS))]
    )
    found = dict(_scores(names, read.files, every))
    total = Score(
        sum(x.noticed for x in found.values()),
        tuple(mutant for x in found.values() for mutant in x.missed),
        sum(x.refused for x in found.values()),
    )
    if as_json:
        click.echo(orjson.dumps(_plain(found, total), option=orjson.OPT_INDENT_2))
    else:
        for line in told(found, total, read.folder):
            click.echo(line)
    sys.exit(1 if not total.noticed or total.percent < fail_under else 0)


def _scores(names: list[str], files: Files, every: int) -> Iterator[tuple[str, Score]]:
    """The score of each file, worked out by as many processes as there are cores."""
    workers = min(len(names), os.cpu_count() or 1)
    if workers < 2:
        _begin(files)
        yield from ((name, _score(name, every)) for name in names)
        return
    largest_first = sorted(names, key=lambda name: -len(files[name]))
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(dict(files),)) as pool:
        scores = dict(zip(largest_first, pool.map(_score, largest_first, [every] * len(names)), strict=True))
    yield from ((name, scores[name]) for name in names)


_FILES: dict[str, bytes] = {}


def _begin(files: Mapping[str, bytes]) -> None:
    """Give a process the files."""
    _FILES.clear()
    _FILES.update(files)
    _bench.cache_clear()


@cache
def _bench() -> Bench:
    book = load(_FILES).book
    assert book is not None
    return Bench(_FILES, book)


def _score(name: str, every: int) -> Score:
    return score_of(_bench().tried(name, every))


def told(found: Mapping[str, Score], total: Score, folder: Path) -> Iterator[str]:
    """The changes nobody noticed by file, then one line about all of them."""
    for each in total.missed:
        place = opened(f"{PREFIX}/{each.file}:{each.line}", folder)
        yield f"{place}: {each.path}: {each.says}: no test notices"
    for name, score in found.items():
        if score.missed:
            yield f"{opened(f'{PREFIX}/{name}', folder)}: {_share(score)}"
    yield f"{_share(total)}; {total.refused} more were refused by `rules check`"


def _share(score: Score) -> str:
    counted = score.noticed + len(score.missed)
    return f"{score.noticed} of {counted} changes noticed, {int(score.percent * 10) / 10:g} %"


def _plain(found: Mapping[str, Score], total: Score) -> dict[str, Any]:
    def plain(score: Score) -> dict[str, Any]:
        missed = [{x: y for x, y in asdict(each).items() if x != "pieces"} for each in score.missed]
        return {"noticed": score.noticed, "refused": score.refused, "missed": missed}

    return {
        "percent": round(total.percent, 2),
        **plain(total),
        "files": {f"{PREFIX}/{name}": plain(score) for name, score in found.items()},
    }
