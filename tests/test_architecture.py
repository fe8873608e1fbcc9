"""The rules of the house that import-linter cannot see: single modules, side effects, sizes."""

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest
from temporalio import activity

from activities.audit import Audit
from activities.backfill import Backfill
from activities.case_records import CaseRecords
from activities.digest import Digest
from activities.fetching import Fetching
from activities.roster import Roster
from workflows import ports

ROOT = Path(__file__).parent.parent
ROOMS = (
    "activities",
    "demo",
    "machine",
    "models",
    "surveys",
    "templates",
    "web",
    "workflows",
    "year",
)
SINGLE = (
    "post.py",
    "rappel.py",
    "schedules.py",
    "settings.py",
    "temporal_client.py",
    "twilio_client.py",
    "worker.py",
)
PURE = frozenset(
    {
        "absence",
        "above",
        "absorbing",
        "action",
        "actions",
        "addressees",
        "allowance",
        "approvers",
        "assignment",
        "attempts",
        "authority",
        "audit",
        "backfill",
        "breaker",
        "bridge",
        "by_hand",
        "call_forms",
        "carrier_errors",
        "case",
        "climbing",
        "causes",
        "closing",
        "conditions",
        "courses",
        "database_url",
        "deadlines",
        "digest",
        "due_reason",
        "doers",
        "errors",
        "fallback",
        "fetching",
        "figures",
        "gestures",
        "handling",
        "inbound",
        "inbox",
        "labels",
        "ladder",
        "late_actions",
        "levels",
        "links",
        "loopback",
        "mail_server",
        "mailing",
        "mappings",
        "measuring",
        "messages",
        "money",
        "moves",
        "notices",
        "numbers",
        "obsolescence",
        "open_id",
        "opening_hours",
        "organisation",
        "pauses",
        "pausing",
        "people",
        "postage",
        "posting",
        "practices",
        "progress",
        "promises",
        "rates",
        "reach",
        "recognition",
        "reconciliation",
        "remedy",
        "repairs",
        "replans",
        "replies",
        "resurvey_policy",
        "revisions",
        "roster",
        "rules",
        "segments",
        "sharing",
        "spans",
        "spelling",
        "stalling",
        "submissions",
        "survey",
        "tallies",
        "targets",
        "teams",
        "timelapse",
        "timeline",
        "topics",
        "transfers",
        "twilio_account",
        "unfinished",
        "versions",
        "vacancies",
        "version_targets",
        "waits",
    }
)
LONGEST_FUNCTION = 40
LONGEST_FILE = 300


def _files(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from sorted((ROOT / room).rglob("*.py"))


OURS = (*(ROOT / name for name in SINGLE), *_files(*ROOMS))
TREES: Mapping[Path, ast.Module] = {file: ast.parse(file.read_text()) for file in OURS}


def _imported(file: Path) -> Iterator[str]:
    """Full names, also of what `from x import y` takes, as y may be a module."""
    for node in ast.walk(TREES[file]):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{each.name}" for each in names)


def _importers(module: str, *, within: str = ".") -> set[str]:
    among = (file for file in OURS if file.is_relative_to(ROOT / within))
    return {str(file.relative_to(ROOT)) for file in among if module in _imported(file)}


def test_nothing_but_the_command_line_and_the_year_imports_the_worker() -> None:
    assert _importers("worker") == {"rappel.py", "year/stage.py"}


def test_the_migrations_know_every_table() -> None:
    """One that they do not know would be dropped by the next revision that is written by comparing."""
    tree = ast.parse((ROOT / "migrations" / "env.py").read_text())
    known: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "KNOWN":
            known |= {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
    assert known == {file.stem for file in (ROOT / "models").glob("*tables.py")}


def test_nothing_imports_the_command_line() -> None:
    assert _importers("rappel") == set()


@pytest.mark.parametrize("room", ["activities", "models", "surveys", "templates", "workflows"])
def test_settings_are_read_at_the_edges_and_handed_in(room: str) -> None:
    assert _importers("settings", within=room) == set()


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        file.name
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}
    }
    assert readers == {"settings.py"}
    assert _importers("os.environ") | _importers("os.getenv") == set()


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_model_imports_the_standard_library_and_pure_models_only(name: str) -> None:
    allowed = sys.stdlib_module_names | {"models"}
    found = set(_imported(ROOT / "models" / f"{name}.py"))

    assert {module.partition(".")[0] for module in found} <= allowed
    assert {m.split(".")[1] for m in found if m.startswith("models.")} <= PURE


def test_importing_the_workflows_loads_no_database() -> None:
    """In an interpreter of its own: what a package's `__init__` runs escapes import-linter."""
    modules = {".".join(f.relative_to(ROOT).with_suffix("").parts) for f in _files("workflows")}
    script = f"import sys, {', '.join(sorted(modules))}; print(*sys.modules)"
    loaded = subprocess.run(
        (sys.executable, "-c", script), check=True, capture_output=True, cwd=ROOT, text=True
    )
    found = set(loaded.stdout.split())
    assert {"workflows.callback", "workflows.digest"} <= modules <= found
    assert not {"sqlalchemy", "sqlmodel", "jinja2", "structlog"} & found


def test_what_workflows_call_is_what_the_worker_runs() -> None:
    stubs = {found.name: found for found in _activities(ports)}
    homes = (CaseRecords, Digest, Roster, Audit, Fetching, Backfill)
    real = {found.name: found for home in homes for found in _activities(home)}

    assert stubs
    assert stubs.keys() == real.keys()
    for name, stub in stubs.items():
        assert (real[name].arg_types, real[name].ret_type) == (stub.arg_types, stub.ret_type)


def _activities(home: ModuleType | type) -> Iterator[activity._Definition]:
    for _, member in inspect.getmembers(home, inspect.isfunction):
        if (found := activity._Definition.from_callable(member)) is not None:
            yield found


def test_the_rooms_keep_their_contracts() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        (linter, "--no-cache"), check=False, capture_output=True, cwd=ROOT, text=True
    )
    assert done.returncode == 0, done.stdout


def test_packages_say_nothing_when_imported() -> None:
    assert [f for f in OURS if f.name == "__init__.py" and f.read_text()] == []


@pytest.mark.parametrize(
    "lock", ["package-lock.json", "requirements.lock", "requirements-dev.lock"]
)
def test_a_lock_file_names_no_host(lock: str) -> None:
    assert re.findall(r"\w+://\S+", (ROOT / lock).read_text()) == []


def test_a_function_fits_on_a_screen() -> None:
    long = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_a_file_has_one_subject() -> None:
    lengths = {str(f.relative_to(ROOT)): len(f.read_text().splitlines()) for f in OURS}

    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}
