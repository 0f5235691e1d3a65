"""Loading 5,000 plan files, cold and from the cache, against bare `yaml.compose` of the same bytes.

Each plan is the shipped example-ppo with ids, names, figures, rows and dates of its own, so no two files are
the same.  Rounds alternate; ratios are those of one round, their median is reported.
"""

from __future__ import annotations

import gc
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from coverage_service.rulebook.book import load

RULES = Path(__file__).resolve().parent.parent / "rules"
FILES, ROUNDS = 5_000, 3


def make_folder(folder: Path, files: int) -> list[Path]:
    """A folder of rules with many distinct plans and the shipped reference data."""
    for part in ("reference", "fee_schedules"):
        shutil.copytree(RULES / part, folder / part)
    (folder / "payers").mkdir()
    text = (RULES / "payers" / "example-ppo.yaml").read_text()
    made = []
    for number in range(files):
        path = folder / "payers" / f"plan-{number:05}.yaml"
        path.write_text(vary(text, number))
        made.append(path)
    return made


def vary(text: str, number: int) -> str:
    """The example with an id, a name and figures of its own."""
    chance = random.Random(number)
    text = text.replace("example-ppo", f"plan-{number:05}").replace("Example PPO", f"Plan {number:05}")
    text = text.replace("Example Mutual", f"Payer {chance.randrange(400)}")
    text = re.sub(r"copay \$[0-9]+", lambda _: f"copay ${chance.randrange(5, 90)}", text)
    text = re.sub(r'"\$1,000"', f'"$1,{chance.randrange(99):02}0"', text)
    text = re.sub(r'"\$(140|200|110|60)"', lambda m: f'"${int(m[1]) + chance.randrange(60)}"', text)
    return re.sub(r"state: OH", f"state: {chance.choice(['OH', 'CA', 'NY', 'TX', 'NH', 'IN'])}", text)


def compose(paths: list[Path], loader: object) -> None:
    for path in paths:
        yaml.compose(path.read_bytes(), Loader=loader)  # type: ignore[arg-type]


def seconds(action: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    kept = action()
    taken = time.process_time() - start
    del kept
    return taken


def checked(folder: Path, cache: Path | None = None) -> object:
    loaded = load(folder, cache)
    assert loaded.book is not None, loaded.problems[:3]
    return loaded


def run(files: int = FILES) -> str:
    with tempfile.TemporaryDirectory() as made:
        folder, cache = Path(made) / "rules", Path(made) / "rules.cache"
        folder.mkdir()
        paths = make_folder(folder, files)
        return _measure(folder, paths, cache)


def _measure(folder: Path, paths: list[Path], cache: Path) -> str:
    checked(folder, cache)
    rounds: list[tuple[float, float, float, float]] = []
    for _ in range(ROUNDS):
        bare = seconds(lambda: compose(paths, yaml.CSafeLoader))
        cold = seconds(lambda: checked(folder))
        warm = seconds(lambda: checked(folder, cache))
        base = seconds(lambda: compose(paths, yaml.CBaseLoader))
        rounds.append((bare, base, cold, warm))
    bare, base, cold, warm = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio_cold = statistics.median(c / b for b, _, c, _ in rounds)
    ratio_warm = statistics.median(w / b for b, _, _, w in rounds)
    return (
        f"  {len(paths):,} plan files, CPU seconds, median of {len(rounds)} alternating rounds\n"
        f"  bare yaml.compose, CSafeLoader  {bare:6.2f} s   (CBaseLoader {base:.2f} s)\n"
        f"  cold load                       {cold:6.2f} s   {ratio_cold:.2f}x   (aim: at most 5x)\n"
        f"  load from the cache             {warm:6.2f} s   {ratio_warm:.2f}x   (aim: at most 1x)"
    )


if __name__ == "__main__":
    print(run())
