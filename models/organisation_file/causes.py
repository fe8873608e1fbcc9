"""The root causes as they are written, with their playbooks; and what must hold among them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, Field, PlainValidator

from models.actions import PromiseKind
from models.causes import Cause, Doer, Playbook, Suggestion
from models.organisation_file.faults import Place, Remark
from models.organisation_file.fields import STRICT, Duration, Id, Label, label_of
from models.organisation_file.grammar import one_of
from models.organisation_file.rows import Row, causes_in, ids_in, rows_of
from models.spelling import did_you_mean


class WrittenSuggestion(BaseModel):
    """`owner` is a trade, a person, or `case_owner`. Without `within` the repair target counts."""

    model_config = STRICT
    what: Label
    owner: Id = Doer.CASE_OWNER
    within: Duration | None = None
    promise: Annotated[PromiseKind, PlainValidator(one_of(PromiseKind))] | None = None
    gesture: Label | None = None


class WrittenPlaybook(BaseModel):
    model_config = STRICT
    raises: Label
    briefing: Label | None = None
    actions: Annotated[list[WrittenSuggestion], Field(min_length=1, max_length=20)]


class WrittenCause(BaseModel):
    model_config = STRICT
    id: Id
    name: Label
    children: "list[WrittenCause]" = []
    leaf_only: Annotated[bool, Field(strict=True)] = False
    playbook: WrittenPlaybook | None = None


def causes_of(
    written: Sequence[WrittenCause], languages: tuple[str, ...], *, trades: frozenset[str]
) -> tuple[Cause, ...]:
    return tuple(
        Cause(
            cause.id,
            label_of(cause.name, languages),
            causes_of(cause.children, languages, trades=trades),
            cause.leaf_only,
            _playbook(cause.playbook, languages, trades) if cause.playbook else None,
        )
        for cause in written
    )


def _playbook(
    written: WrittenPlaybook, languages: tuple[str, ...], trades: frozenset[str]
) -> Playbook:
    return Playbook(
        label_of(written.raises, languages),
        tuple(_suggestion(action, languages, trades) for action in written.actions),
        label_of(written.briefing, languages) if written.briefing else None,
    )


def _suggestion(
    written: WrittenSuggestion, languages: tuple[str, ...], trades: frozenset[str]
) -> Suggestion:
    owner = written.owner
    return Suggestion(
        label_of(written.what, languages),
        _doer(owner, trades),
        "" if owner == Doer.CASE_OWNER else owner,
        written.within,
        written.promise,
        label_of(written.gesture, languages) if written.gesture else None,
    )


def _doer(owner: str, trades: frozenset[str]) -> Doer:
    if owner == Doer.CASE_OWNER:
        return Doer.CASE_OWNER
    return Doer.TRADE if owner in trades else Doer.PERSON


def branches_without_children(document: Mapping[str, object]) -> Iterator[Remark]:
    for place, cause in causes_in(document):
        if cause.get("leaf_only") is True and not cause.get("children"):
            yield Remark((*place, "leaf_only"), "this cause has no children that could be named")


def unknown_doers(document: Mapping[str, object]) -> Iterator[Remark]:
    trades, people = ids_in(document, "trades"), ids_in(document, "people")
    for place, action in _suggestions(document):
        owner = action.get("owner")
        if not isinstance(owner, str) or owner == Doer.CASE_OWNER:
            continue
        where = (*place, "owner")
        if owner in trades & people:
            yield Remark(where, f"{owner!r} is both a trade and a person")
        elif owner not in trades | people:
            meant = did_you_mean(owner, {*trades, *people, str(Doer.CASE_OWNER)})
            yield Remark(where, f"there is no trade and no person {owner!r}{meant}")


def labels_in_playbooks(document: Mapping[str, object]) -> Iterator[tuple[Place, object]]:
    for place, playbook in _playbooks(document):
        for name in ("raises", "briefing"):
            yield (*place, name), playbook.get(name)
    for place, action in _suggestions(document):
        for name in ("what", "gesture"):
            yield (*place, name), action.get(name)


def _playbooks(document: Mapping[str, object]) -> Iterator[Row]:
    for place, cause in causes_in(document):
        playbook = cause.get("playbook")
        if isinstance(playbook, Mapping):
            yield (*place, "playbook"), playbook


def _suggestions(document: Mapping[str, object]) -> Iterator[Row]:
    for place, playbook in _playbooks(document):
        yield from rows_of(playbook.get("actions"), (*place, "actions"))
