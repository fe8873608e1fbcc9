"""The commands that workflows give to their server, as far as their source can tell.

Each entrance (run, signal, update) is walked in the order of evaluation, into the functions of the
package that it calls; `if`, `while` and `for` stand before what they enclose.
`python -m tests.workflows.fingerprint --write` keeps what it sees as the new truth.
"""

import ast
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "histories" / "fingerprints.json"
COMMANDS = frozenset(
    {
        "continue_as_new",
        "create_task",
        "deprecate_patch",
        "execute_activity",
        "execute_child_workflow",
        "execute_local_activity",
        "gather",
        "patched",
        "random",
        "sleep",
        "start_activity",
        "start_child_workflow",
        "start_local_activity",
        "timeout",
        "upsert_memo",
        "upsert_search_attributes",
        "uuid4",
        "wait",
        "wait_condition",
        "wait_for",
    }
)
"""Of `workflow` and `asyncio`: what leaves an event in the history, or decides in which order."""
NAMED = frozenset({"execute_activity", "patched", "start_activity"})
"""Commands whose first argument is recorded too."""

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Definitions: TypeAlias = Mapping[str, Definition]


def fingerprints(package: Path = ROOT / "workflows") -> dict[str, list[str]]:
    """The commands of each entrance, by its decorator and its dotted name."""
    known: dict[str, Definition] = {}
    for file in sorted(package.glob("*.py")):
        known |= _definitions(ast.parse(file.read_text(encoding="utf-8")), file.stem)
    return {
        f"{ast.unparse(decorator)} {name}": list(Walk(known, (name,)).commands())
        for name, definition in known.items()
        for decorator in definition.decorator_list
        if ast.unparse(decorator).startswith(("workflow.", "activity."))
    }


def _definitions(scope: ast.Module | ast.ClassDef, prefix: str) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for node in scope.body:
        if isinstance(node, Definition):
            found[f"{prefix}.{node.name}"] = node
        if isinstance(node, ast.ClassDef):
            found |= _definitions(node, f"{prefix}.{node.name}")
    return found


@dataclass(frozen=True, slots=True)
class Walk:
    """Through the body of one definition; `path` ends with it and begins with the entrance."""

    known: Definitions
    path: tuple[str, ...]

    def commands(self, inside: tuple[str, ...] = ()) -> Iterator[str]:
        """A class has none of its own: its entrances are walked by themselves."""
        definition = self.known[self.path[-1]]
        if not isinstance(definition, ast.ClassDef):
            yield from self._through(definition.body, inside)

    def _through(self, nodes: list[ast.stmt], inside: tuple[str, ...]) -> Iterator[str]:
        for node in nodes:
            yield from self._visit(node, inside)

    def _visit(self, node: ast.AST, inside: tuple[str, ...]) -> Iterator[str]:
        match node:
            case ast.If(test, body, orelse):
                yield from self._visit(test, inside)
                yield from self._through(body, (*inside, "if"))
                yield from self._through(orelse, (*inside, "else"))
                return
            case ast.While():
                inside = (*inside, "while")
            case ast.For() | ast.AsyncFor():
                inside = (*inside, "for")
        for child in ast.iter_child_nodes(node):
            yield from self._visit(child, inside)
        if isinstance(node, ast.Call):
            yield from self._called(node, inside)

    def _called(self, call: ast.Call, inside: tuple[str, ...]) -> Iterator[str]:
        written = ast.unparse(call.func)
        owner, _, verb = written.rpartition(".")
        if (owner in {"workflow", "asyncio"} and verb in COMMANDS) or verb == "cancel":
            subject = ast.unparse(call.args[0]) if verb in NAMED else ""
            yield " ".join((*inside, verb, subject)).strip()
            return
        callee = self._resolve(owner, verb)
        if callee in self.path:
            yield " ".join((*inside, "again", verb))
        elif callee in self.known:
            yield from Walk(self.known, (*self.path, callee)).commands(inside)

    def _resolve(self, owner: str, verb: str) -> str:
        """`self.x` is of the same class, `x` of the same module, `ports.x` of that module."""
        here = self.path[-1]
        match owner:
            case "self":
                return f"{here.rpartition('.')[0]}.{verb}"
            case "":
                return f"{here.partition('.')[0]}.{verb}"
            case _:
                return f"{owner}.{verb}"


if __name__ == "__main__":
    seen = json.dumps(fingerprints(), indent=2) + "\n"
    if "--write" in sys.argv:
        KEPT.write_text(seen, encoding="utf-8")
    else:
        sys.stdout.write(seen)
