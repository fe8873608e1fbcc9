"""Every way in which Rappel says no, in one tree.

RappelError
├── Refused                permanent: what was sent must change before it is sent again
│   ├── NotUnderstood      422  the sender: names the place and what was probably meant
│   ├── BadCredential      401  the sender: signature, token or link is not good
│   ├── NotAllowed         403  the person has no right to this case or act
│   │   └── NoAuthority         … the act is for other roles: it says for which
│   ├── NotKnown           404  no such source, case, person or page
│   ├── TooLarge           413  the sender
│   ├── TooMany            429  the sender: once more after a while
│   ├── KeyReused          409  the sender: the same key came with another payload
│   └── WrongMove          409  the person: the case does not stand where the act needs it
├── Passing                503  nobody must act: the same request will do later
│   ├── EngineAway              Temporal or its worker does not answer
│   ├── DatabaseAway            the database does not answer
│   │   └── Outrun              … it undid a unit of work in favour of another
│   ├── ProviderAway            the company's sign-in does not answer
│   ├── CarrierBusy             the carrier asks for patience
│   └── NotFetched              the survey system has not answered, or must not be asked yet
├── CarrierRefused         permanent: this address cannot be reached by this carrier
├── CarrierUnclear         the message may have left: it is never posted again, but asked after
└── Misconfigured          the operator: a setting, a file or a database revision is wrong

The texts hold ids and enumerated words only: never a name, a number or a customer's words, for they
travel through logs and workflow histories. The one exception is `NotUnderstood`, which answers the
very sender about what he sent, and whose `detail` therefore never leaves the web edge.
"""

from datetime import timedelta
from enum import StrEnum


class WhoActs(StrEnum):
    SENDER = "sender"
    PERSON = "person"
    OPERATOR = "operator"
    NOBODY = "nobody"


class RappelError(Exception):
    """The root. `status` is the HTTP status, `passing` says whether the same request will do later."""

    status = 500
    passing = False
    who_acts = WhoActs.OPERATOR

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def code(self) -> str:
        """The class's name in snake case, as it stands in the API's error shape."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class Refused(RappelError):
    status = 400
    who_acts = WhoActs.SENDER


class NotUnderstood(Refused):
    """What was sent could not be read; `place` is a path such as `customer.phone`."""

    status = 422

    def __init__(self, detail: str, *, place: str = "") -> None:
        super().__init__(detail)
        self.place = place


class BadCredential(Refused):
    status = 401


class NotAllowed(Refused):
    status = 403
    who_acts = WhoActs.PERSON


class NoAuthority(NotAllowed):
    pass


class NotKnown(Refused):
    status = 404


class TooLarge(Refused):
    status = 413


class TooMany(Refused):
    """`wait` is the number of seconds after which the same request will be taken."""

    status = 429

    def __init__(self, detail: str, *, wait: int) -> None:
        super().__init__(detail)
        self.wait = wait


class KeyReused(Refused):
    status = 409


class WrongMove(Refused):
    """An act the case cannot take where it stands. `rule` names the broken rule, for translation."""

    status = 409
    who_acts = WhoActs.PERSON

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


class Passing(RappelError):
    status = 503
    passing = True
    who_acts = WhoActs.NOBODY


class EngineAway(Passing):
    pass


class DatabaseAway(Passing):
    pass


class Outrun(DatabaseAway):
    """The database undid a unit of work in favour of another that held what it waited for."""


class ProviderAway(Passing):
    pass


class CarrierBusy(Passing):
    """Nothing was processed. `wait` is for how long it asks for patience; None leaves it to who posts."""

    def __init__(self, detail: str, *, wait: timedelta | None = None) -> None:
        super().__init__(detail)
        self.wait = wait


class NotFetched(Passing):
    """`problem` is an enumerated word; `wait` after how long to ask again, None leaves it to who asks."""

    def __init__(self, detail: str, *, problem: str, wait: timedelta | None = None) -> None:
        super().__init__(detail)
        self.problem = problem
        self.wait = wait


class CarrierRefused(RappelError):
    """The carrier will never take this message. Its own words quote the address: they are dropped.

    `reason` is an enumerated word, `their_code` the carrier's number for it, 0 where it has none.
    """

    status = 502

    def __init__(self, detail: str, *, reason: str = "refused", their_code: int = 0) -> None:
        super().__init__(detail)
        self.reason = reason
        self.their_code = their_code


class CarrierUnclear(RappelError):
    """`reason` is an enumerated word for how the answer failed to come."""

    status = 502

    def __init__(self, detail: str, *, reason: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Misconfigured(RappelError):
    pass
