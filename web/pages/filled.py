"""What stands in the forms of a page: what was sent and refused, or typed before and not sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from models.errors import RappelError
from web.pages.forms import KEY, ONWARD, Written, why
from web.pages.on_the_line import NOT_OFFERED, OnTheLine
from web.rendering import new_key


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent: its name, with which words, and why it was refused, if it was."""

    form: str
    written: Written
    why: str = ""
    key: str = field(default_factory=new_key)

    @property
    def asked(self) -> str:
        """The request as it was sent, but for its key."""
        fields = {n: text for n, text in self.written.items() if n not in {KEY, ONWARD}}
        return json.dumps([self.form, fields], sort_keys=True, ensure_ascii=False)

    def refused(self, fault: RappelError) -> "Tried":
        """What may still be applied keeps its key; a final refusal needs another one."""
        return Tried(self.form, self.written, why(fault), self._next_key(fault))

    def _next_key(self, fault: RappelError) -> str:
        final = fault.status == 409
        return new_key() if final else self.written.get(KEY) or new_key()


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a person's forms: what was refused just now, else what he typed and did not send;
    and what the telephone says of his latest call.
    """

    tried: Tried | None = None
    kept: Mapping[str, Written] = field(default_factory=dict)
    line: OnTheLine = NOT_OFFERED

    def key(self, form: str) -> str:
        return self.tried.key if self.tried and self.tried.form == form else new_key()

    def text(self, form: str, name: str) -> str:
        return self._written(form).get(name, "")

    def started(self, form: str) -> bool:
        """Something stands in it, so that it must not be folded away."""
        return bool(self._written(form))

    def _written(self, form: str) -> Written:
        if self.tried and self.tried.form == form:
            return self.tried.written
        return self.kept.get(form, {})
