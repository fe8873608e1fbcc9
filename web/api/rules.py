"""The JSON API: the rules and playbooks in force, each with what it is good for."""

from collections.abc import Sequence

from fastapi import APIRouter
from pydantic import BaseModel

from models.actions import PromiseKind
from models.causes import Doer, Found, Suggested, Suggestion, walk
from models.labels import Label
from models.rules import Rule, Section, rules_of
from web.provided import InHouse

router = APIRouter(tags=["rules"])


class RuleOut(BaseModel):
    """`place` is where it stands in the file; `raises` says how it raises the customer's satisfaction."""

    place: str
    section: Section
    raises: Label | None

    @classmethod
    def of(cls, rule: Rule) -> "RuleOut":
        return cls(place=rule.place, section=rule.section, raises=rule.raises)


class SuggestionOut(BaseModel):
    """`id` is what an action that follows it names as `suggested`. Without `owner` the case's owner."""

    id: str
    what: Label
    by: Doer
    owner: str | None
    promise: PromiseKind | None
    gesture: Label | None

    @classmethod
    def of(cls, id_: Suggested, of: Suggestion) -> "SuggestionOut":
        return cls(
            id=str(id_),
            what=of.what,
            by=of.doer,
            owner=of.name or None,
            promise=of.promise,
            gesture=of.gesture,
        )


class PlaybookOut(BaseModel):
    """It counts for the cause and for those below it that have none of their own."""

    cause: str
    raises: Label
    briefing: Label | None
    actions: Sequence[SuggestionOut]

    @classmethod
    def of(cls, found: Found) -> "PlaybookOut":
        suggestions = enumerate(found.playbook.suggestions, start=1)
        return cls(
            cause=found.cause,
            raises=found.playbook.raises,
            briefing=found.playbook.briefing,
            actions=[SuggestionOut.of(Suggested(found.cause, n), s) for n, s in suggestions],
        )


class RulesOut(BaseModel):
    version: int
    rules: Sequence[RuleOut]
    playbooks: Sequence[PlaybookOut]


@router.get("/rules")
async def rules(house: InHouse) -> RulesOut:
    async with house.database.read() as session:
        in_force = await house.book.in_force(session)
    causes = walk(in_force.organisation.causes)
    return RulesOut(
        version=in_force.number,
        rules=[RuleOut.of(rule) for rule in rules_of(in_force.organisation)],
        playbooks=[PlaybookOut.of(Found(c.id, c.playbook)) for c in causes if c.playbook],
    )
