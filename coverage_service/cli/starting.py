"""`rules new` and `rules copy-year`: the beginning of a new file, never over one that is there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from coverage_service.authoring import starts
from coverage_service.authoring.formatting import format_file, write
from coverage_service.authoring.next_year import figures, next_year
from coverage_service.authoring.starts import Start, id_of, is_id
from coverage_service.cli.places import opened
from coverage_service.cli.rules import RULES, all_problems, own_folder, shown
from coverage_service.rulebook.fields_plan import STATES, Licence
from coverage_service.rulebook.files import PREFIX, read_folder
from coverage_service.rulebook.problems import errors
from coverage_service.rulebook.schema_plan import KINDS

TODAY = datetime.now(tz=UTC).date


def _asked(text: str, **options: Any) -> Any:
    return click.option(f"--{options.pop('name')}", prompt=text, help=f"{text}.", **options)


NAME = _asked("Name, as printed", name="name")
YEAR = _asked("Year it holds for", name="year", type=click.IntRange(1990, 2099), default=lambda: TODAY().year)
KIND = _asked("Kind (empty: not known)", name="kind", default="", show_default=False)
STATE = _asked("State, like OH (empty: not known)", name="state", default="", show_default=False)
DOCUMENT = _asked(
    "Title of the document (empty: not read yet)", name="document", default="", show_default=False
)
PAGE = _asked("Page (empty: not known)", name="page", default="", show_default=False)
ID = click.option("--id", "id", default="", help="Its id; made from the name when left out.")


@click.group()
def new() -> None:
    """Begin a rule file: a draft with unknown for all that is not known yet."""


@new.command("payer")
@_asked("Payer's name, as printed", name="payer")
@NAME
@ID
@YEAR
@KIND
@STATE
@DOCUMENT
@PAGE
@RULES
def new_payer(folder: Path | None, **said: Any) -> None:
    """Begin a payer file with its first plan."""
    start = _start(said)
    _create(own_folder(folder), f"payers/{start.id}.yaml", starts.payer(start))


@new.command("plan")
@click.option("--to", "file", prompt="File of its payer, like example-ppo.yaml", help="The payer's file.")
@NAME
@ID
@YEAR
@KIND
@STATE
@_asked("Name of its source in that file (under sources:)", name="source", default="document")
@RULES
def new_plan(folder: Path | None, file: str, source: str, **said: Any) -> None:
    """Begin a plan at the end of a payer's file."""
    where, start = own_folder(folder), _start(said)
    name = f"payers/{Path(file).name}"
    path = where / name
    if not path.is_file():
        raise click.ClickException(
            f"there is no file {opened(f'{PREFIX}/{name}', where)}; see `rules new payer`"
        )
    text = path.read_text("utf-8").rstrip("\n")
    _create(
        where, name, f"{text}\n\n{starts.plan(start).replace('source: document', f'source: {source}')}", True
    )


@new.command("therapist")
@NAME
@ID
@YEAR
@_asked("Licence, like LMFT (empty: not known)", name="licence", default="", show_default=False)
@STATE
@DOCUMENT
@PAGE
@RULES
def new_therapist(folder: Path | None, **said: Any) -> None:
    """Begin a therapist's file."""
    start = _start(said)
    _create(own_folder(folder), f"therapists/{start.id}.yaml", starts.therapist(start))


def _start(said: dict[str, Any]) -> Start:
    """The answers; what no field takes is refused with what to write."""
    said = {key: value.strip() if isinstance(value, str) else value for key, value in said.items()}
    said["id"] = said["id"] or id_of(said["name"])
    known = {"kind": KINDS, "state": STATES}
    for key, words in known.items():
        spelt = {known_word.lower(): known_word for known_word in words}
        if word := said.get(key):
            said[key] = spelt.get(word.lower())
            if said[key] is None:
                raise click.ClickException(f"'{word}' is no {key}; write one of {', '.join(words)}")
    if said.get("licence") and not Licence._shape.fullmatch(said["licence"]):
        raise click.ClickException(f"'{said['licence']}' is no licence; write it in capitals, like LMFT")
    if not is_id(said["id"]) or not all(str(x).isprintable() for x in said.values()):
        raise click.ClickException(f"'{said['id']}' is no id; write small letters, digits and hyphens")
    return Start(today=TODAY(), **said)


def _create(where: Path, name: str, text: str, grows: bool = False) -> str:
    """Write a file that passes the check, and give its text; otherwise say why not and write nothing."""
    place = opened(f"{PREFIX}/{name}", where)
    if (where / name).exists() and not grows:
        raise click.ClickException(f"{place} is there already; choose another --id")
    files, _ = read_folder(where)
    text = format_file(name, text.encode("utf-8"))
    before = {x.message for x in errors(all_problems(files)[1])}
    _, problems = all_problems({**files, name: text.encode("utf-8")})
    wrong = [x for x in errors(problems) if x.message not in before]
    for problem in wrong:
        click.echo(shown(problem, where), err=True)
    if wrong:
        raise click.ClickException("nothing was written")
    (where / name).parent.mkdir(parents=True, exist_ok=True)
    write(where / name, text)
    click.echo(f"{place} is a draft, and passes `rules check`. Fill in what you know.")
    click.echo("  A draft is never served: once every figure is right, write `status: reviewed`.")
    return text


@click.command("copy-year")
@click.argument("files", nargs=-1)
@click.option("--year", type=click.IntRange(1990, 2098), default=lambda: TODAY().year, help="From this year.")
@RULES
def copy_year(files: tuple[str, ...], year: int, folder: Path | None) -> None:
    """Begin next year's plans from this year's: FILES of payers, or all of them.

    Each gets a new file of drafts beside it, its dates a year later, every figure marked.
    """
    where = own_folder(folder)
    held, _ = read_folder(where)
    wanted = [f"payers/{Path(file).name}" for file in files] or [x for x in held if x.startswith("payers/")]
    made = 0
    for name in wanted:
        if name not in held:
            raise click.ClickException(f"there is no file {opened(f'{PREFIX}/{name}', where)}")
        found = next_year(held[name].decode("utf-8"), year)
        if found is None:
            click.echo(f"{opened(f'{PREFIX}/{name}', where)}: no served plan ends in {year}")
            continue
        target = f"{name.removesuffix('.yaml').removesuffix(f'-{year}')}-{year + 1}.yaml"
        if (where / target).exists():
            click.echo(f"{opened(f'{PREFIX}/{target}', where)} is there already, and stays as it is")
            continue
        figured = figures(_create(where, target, found.text))
        made += 1
        place = opened(f"{PREFIX}/{target}", where)
        for line, field, value in figured:
            click.echo(f"  {place}:{line}: {field}: {value}")
        click.echo(f"  {len(figured)} figures to confirm in {', '.join(found.plans)}")
    click.echo(f"{made} file{'' if made == 1 else 's'} begun for {year + 1}.")
