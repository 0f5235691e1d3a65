"""The house rules that hold for the whole project, as tests."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from coverage_service import create_app
from coverage_service.config import MAX_BODY_BYTES, Config, ConfigError, default_rules
from coverage_service.server import reachable
from tests.started import free_port, started

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "coverage_service"

SOURCES_SIDE = {"core", "rulebook", "therapists", "integrations", "errors", "config"}
FACE = {"core", "estimates", "sources", "errors", "config", "rulebook.schema", "therapists.schema"}
FACE |= {"request_schema", "request_shapes", "request_problems", "answer_json", "json_values"}
FACE |= {"rulebook.problems", "figures", "freshness"}
REQUEST = {"core", "rulebook", "sources"}
CLI_SIDE = {"spreadsheets", "rulebook", "therapists", "server"}

PAGE = {"babel", "flask", "flask_babel", "flask_compress", "jinja2", "markupsafe", "werkzeug"}

# What a part may import from the package (itself is always allowed), and from outside the standard library.
MAY_IMPORT: dict[str, tuple[set[str], set[str]]] = {
    "core": (set(), set()),
    "errors": ({"core"}, set()),
    "config": (set(), {"platformdirs"}),
    "rulebook": ({"core", "errors"}, {"marshmallow", "yaml", "orjson"}),
    "therapists": ({"core", "rulebook", "errors"}, {"marshmallow", "yaml"}),
    "integrations": ({"core", "rulebook", "errors", "config"}, {"requests", "urllib3"}),
    "checking": ({"core", "rulebook"}, {"yaml"}),
    "authoring": ({"core", "rulebook", "therapists"}, {"marshmallow", "ruamel", "yaml"}),
    "spreadsheets": ({"core", "rulebook", "therapists", "authoring"}, {"openpyxl", "yaml"}),
    "sources": (SOURCES_SIDE, set()),
    "freshness": ({"core", "sources"}, set()),
    "activation": (SOURCES_SIDE | {"sources", "checking", "changes"}, {"orjson", "watchfiles"}),
    "strict_json": (set(), set()),
    "request_fields": (REQUEST, {"marshmallow"}),
    "request_shapes": (REQUEST | {"request_fields"}, {"marshmallow"}),
    "request_schema": (REQUEST | {"request_fields", "request_shapes"}, {"marshmallow"}),
    "request_problems": (REQUEST | {"request_shapes"}, {"marshmallow"}),
    "request_reading": (REQUEST | {"request_problems"}, set()),
    "estimates": (SOURCES_SIDE | {"sources", "request_schema", "request_problems", "request_reading"}, set()),
    "changes": ({"core", "rulebook", "therapists", "sources", "checking", "estimates"}, {"jinja2"}),
    "figures": ({"core"}, set()),
    "json_values": ({"core"}, set()),
    "brief_json": ({"core", "json_values"}, set()),
    "note_json": ({"core", "json_values"}, set()),
    "answer_json": ({"core", "json_values", "brief_json", "note_json"}, set()),
    "serving": ({"sources", "activation"}, {"flask", "werkzeug"}),
    "api": (
        FACE | {"strict_json", "serving", "activation", "freshness"},
        {"flask", "flask_smorest", "werkzeug", "marshmallow", "apispec", "orjson", "prometheus_client"},
    ),
    "html": (set(), PAGE),
    "web": (FACE | {"serving", "html"}, PAGE),
    "workbench": (
        FACE
        | {
            "serving",
            "html",
            "staff",
            "activation",
            "authoring",
            "changes",
            "checking",
            "freshness",
            "rulebook",
            "spreadsheets",
        },
        PAGE,
    ),
    "staff": (set(), {"argon2", "yaml"}),
    "cli": (
        FACE | CLI_SIDE | {"staff", "strict_json", "activation", "authoring", "changes", "checking"},
        {"click", "rich", "yaml", "orjson", "marshmallow"},
    ),
    "server": ({"config", "activation"}, {"granian"}),
    "__init__": (
        {"api", "html", "web", "workbench", "config", "serving"},
        {"flask", "flask_cors", "werkzeug"},
    ),
    "__main__": ({"cli"}, set()),
}
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 250
CLOCK_AND_IO = {"asyncio", "http", "io", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket"}
CLOCK_AND_IO |= {"sqlite3", "subprocess", "tempfile", "threading", "time", "urllib"}


def part_of(path: Path) -> str:
    """The part of the package that a module belongs to: its folder, or itself."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, anywhere in it, by its full name."""
    package = (PACKAGE.name, *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            # `from coverage_service import api` names a module too.
            yield from (
                f"{module}.{alias.name}" if module == PACKAGE.name else module for alias in node.names
            )


def test_every_part_of_the_package_has_its_place():
    assert {part_of(path) for path in MODULES} <= MAY_IMPORT.keys(), "give the new part a row in MAY_IMPORT"


def test_no_module_is_long():
    lines = {str(path.relative_to(PACKAGE)): len(path.read_text("utf-8").splitlines()) for path in MODULES}

    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path):
    part = part_of(path)
    inside, outside = MAY_IMPORT[part]
    for name in imported(path):
        top, _, rest = name.partition(".")
        if top == PACKAGE.name:
            allowed = inside | {part} | ({"__version__"} if part != "core" else set())
            assert any(rest == one or rest.startswith(f"{one}.") for one in allowed), (
                f"{part} must not import {name}"
            )
        else:
            assert top in sys.stdlib_module_names or top in outside, f"{part} must not import {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=lambda path: path.name)
def test_the_core_reads_no_clock_and_does_no_io(path: Path):
    tree = ast.parse(path.read_text("utf-8"))
    called = {
        ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(tree) if isinstance(node, ast.Call)
    }

    assert not {name.partition(".")[0] for name in imported(path)} & CLOCK_AND_IO
    assert not called & {"open", "print", "input", "today", "now", "utcnow"}


def test_the_import_reader_sees_every_form(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path / "coverage_service")
    path = tmp_path / "coverage_service" / "core" / "one.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        "import os.path\nfrom . import two\nfrom ..api import x\nfrom coverage_service import cli\n"
        "def f():\n    from coverage_service.web.page import show\n"
    )

    assert list(imported(path)) == [
        "os.path",
        "coverage_service.core",
        "coverage_service.api",
        "coverage_service.cli",
        "coverage_service.web.page",
    ]


def test_settings_have_defaults():
    found = Config.from_environment({})

    assert found.state is not None
    assert found == Config(
        ROOT / "rules", MAX_BODY_BYTES, (), (), state=found.state, activation="automatic", metrics="loopback"
    )
    assert default_rules() == ROOT / "rules"


def test_settings_are_read_from_the_environment(tmp_path):
    config = Config.from_environment(
        {
            "COVERAGE_RULES": str(tmp_path),
            "COVERAGE_MAX_BODY_BYTES": "1000",
            "COVERAGE_TRUSTED_HOSTS": "example.org, .example.net",
            "COVERAGE_CORS_ORIGINS": "https://example.org,http://localhost:3000",
            "COVERAGE_STATE": str(tmp_path / "state"),
            "COVERAGE_ACTIVATION": "manual",
            "COVERAGE_METRICS": "off",
            "COVERAGE_PROXIES": "2",
        }
    )

    assert config == Config(
        tmp_path,
        1000,
        ("example.org", ".example.net"),
        ("https://example.org", "http://localhost:3000"),
        state=tmp_path / "state",
        activation="manual",
        metrics="off",
        proxies=2,
    )


def test_each_folder_of_rules_has_a_state_of_its_own_that_may_be_switched_off(tmp_path):
    here, there = (
        Config.from_environment({"COVERAGE_RULES": str(folder)}) for folder in (tmp_path, ROOT / "rules")
    )

    assert here.state != there.state
    assert Config.from_environment({"COVERAGE_STATE": "off"}).state is None
    with pytest.raises(ConfigError, match=r"^COVERAGE_ACTIVATION: manual needs a state folder"):
        Config.from_environment({"COVERAGE_STATE": "off", "COVERAGE_ACTIVATION": "manual"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COVERAGE_RULES", "no/such/folder"),
        ("COVERAGE_ACTIVATION", "sometimes"),
        ("COVERAGE_METRICS", "yes"),
        *[("COVERAGE_MAX_BODY_BYTES", bad) for bad in ("0", "-1", "many", "1.5", "1e6", "٣", "9" * 5000)],
        *[("COVERAGE_CORS_ORIGINS", bad) for bad in ("*", "example.org", "https://example.org/", "https://")],
    ],
)
def test_a_bad_setting_is_named(name, value):
    with pytest.raises(ConfigError, match=f"^{name}: "):
        Config.from_environment({name: value})


@pytest.mark.parametrize(
    ("host", "status"), [("example.org", 200), ("127.0.0.1:8000", 200), ("evil.test", 400)]
)
def test_only_trusted_hosts_and_loopback_are_answered(host, status):
    app = create_app(Config(ROOT / "rules", trusted_hosts=("example.org",)))

    assert app.test_client().get("/healthz", headers={"Host": host}).status_code == status


def test_other_origins_may_call_the_api_only_when_named():
    app = create_app(Config(ROOT / "rules", cors_origins=("https://example.org",)))

    def allowed(path: str, origin: str) -> str | None:
        reply = app.test_client().get(path, headers={"Origin": origin})
        return reply.headers.get("Access-Control-Allow-Origin")

    assert allowed("/v1/plans", "https://example.org") == "https://example.org"
    assert allowed("/v1/plans", "https://evil.test") is None
    assert allowed("/healthz", "https://example.org") is None


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5) as reply:
        return int(reply.status)


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[tuple[int, str]]:
    """The service started as a user starts it: its port and what it printed before serving."""
    with started(tmp_path_factory.mktemp("service") / "log") as found:
        yield found.port, found.log.read_text()
    assert found.process.returncode == 0
    with pytest.raises(OSError, match="refused"):
        get(f"{found.address}/healthz")


def test_every_address_it_prints_answers(service):
    port, printed = service
    greeting, _, _ = printed.partition("Try:")
    addresses = re.findall(r"http://\S+", greeting)

    assert f"http://127.0.0.1:{port}/healthz" in addresses
    assert {get(address) for address in addresses} == {200}


def test_it_starts_without_a_warning(service):
    assert "WARNING" not in service[1]


def test_the_line_to_try_works_as_printed(service):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed, and the printed line calls it")
    line = re.search(r"curl .*", service[1])
    assert line is not None

    result = subprocess.run([*shlex.split(line[0]), "--fail"], capture_output=True, text=True, timeout=20)

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("{")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_the_printed_address_opens_on_this_machine(host, address):
    assert reachable(host, 8000) == address


def serve(port: int, **variables: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to be refused."""
    command = [sys.executable, "-m", "coverage_service", "serve", "--port", str(port)]
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30)


def test_a_taken_port_is_refused_with_another_to_try(service):
    result = serve(service[0])

    assert result.returncode == 1
    assert f"try another port, such as {service[0] + 1}" in result.stderr


def test_a_bad_setting_stops_the_start():
    result = serve(free_port(), COVERAGE_MAX_BODY_BYTES="lots")

    assert result.returncode == 1
    assert result.stderr.startswith("Error: COVERAGE_MAX_BODY_BYTES")


def tracked_files() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


# Written in pieces, so that this file does not name what it looks for.
PLACES = [
    r"(?<![\w.])/(?:w[o]rk|r[o]ot|f[a]rm|tmp/[a-z]|home/[a-z]+|Users/[A-Za-z]+)/",
    r"p[y]pi\.org|py[t]honhosted|npm[j]s\.|deb\.deb[i]an|crates\.[i]o|proxy\.gol[a]ng|doc[k]er\.io|gh[c]r\.io",
]


def test_no_file_names_a_machine_path_or_a_registry():
    files = tracked_files()
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        for match in re.finditer("|".join(PLACES), path.read_bytes().decode("utf-8", "replace"))
    ]

    assert len(files) > 10
    assert not found, "take these out:\n" + "\n".join(found)


def test_every_requirement_is_pinned():
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r "))
    ]

    assert len(lines) > 20
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", line) for line in lines)


def test_the_makefile_finds_the_versions_the_package_takes():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert metadata["project"]["requires-python"] == ">=3.11,<3.14"
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in (ROOT / "Makefile").read_text()
