"""What a submission means: by the mapping of its source, and by nothing else."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

from models.errors import NotUnderstood
from models.mappings import ANY_SURVEY, Role, Source, SurveyMapping
from models.spelling import did_you_mean
from models.submissions import Heard, Ping, Pointer, Progress, Submission
from models.survey import Identity, SurveyResponse, Told, Unscored, Withdrawal
from surveys.values import (
    LONGEST_COMMENT,
    LONGEST_FACT,
    LONGEST_FACT_NAME,
    LONGEST_NAME,
    LONGEST_WORD,
    MOST_FACTS,
    cut,
    fact_of,
    is_unfilled,
    on_scale,
    phone_number,
    plausible,
    read_email,
    read_id,
    read_instant,
    read_language,
    read_origin,
    read_phone,
    read_resurvey,
    read_topic,
    read_whole,
    read_word,
    read_zone,
)

LONGEST_REFERENCE = 200
"""Characters, as a mapping may name it."""
PROGRESS: Mapping[str, Progress] = {
    **{str(progress): progress for progress in Progress},
    "complete": Progress.COMPLETED,
    "finished": Progress.COMPLETED,
    "incomplete": Progress.PARTIAL,
    "delete": Progress.WITHDRAWN,
    "deleted": Progress.WITHDRAWN,
}
"""What systems write where the mapping says that this stands there."""
LAST_WORD = re.compile(r"[^a-z]+", re.ASCII)


def understand(heard: Heard, source: Source, *, received_at: datetime) -> Told:
    """Raises NotUnderstood; its place is the reference, or the key of the mapping, that is at fault.

    What nobody could read afterwards need not be fetched; what was taken back cannot be.
    """
    match heard:
        case Ping():
            return heard
        case Pointer(progress=Progress.WITHDRAWN):
            return Withdrawal(heard.response_id, heard.survey_id, heard.at)
        case Pointer():
            _mapping(heard.survey_id, source)
            return heard
    survey = read_id(heard.survey_id or _survey(heard, source), source.survey or "survey_id")
    mapping = _mapping(survey, source)
    named = replace(heard, survey_id=survey)
    return _Reading(named, mapping, received_at).told()


def _mapping(survey: str, source: Source) -> SurveyMapping:
    mapping = source.mapping(survey)
    if mapping is None:
        known = [each.survey for each in source.mappings]
        meant = did_you_mean(survey, known) or "."
        raise NotUnderstood(
            f"No mapping of the source {source.id} names the survey {survey!a}{meant}",
            place="survey",
        )
    return mapping


def _survey(heard: Submission, source: Source) -> str:
    """Of a body that does not say it by itself: where the source says, or its only one."""
    if source.survey is not None:
        return _text(heard.values.get(source.survey))
    only = source.mappings[0].survey if len(source.mappings) == 1 else ""
    return source.id if only == ANY_SURVEY else only


class _Reading:
    """One submission, as one mapping reads it."""

    def __init__(self, heard: Submission, mapping: SurveyMapping, received_at: datetime) -> None:
        self._heard = heard
        self._mapping = mapping
        self._received_at = received_at

    def told(self) -> Told:
        heard, mapping = self._heard, self._mapping
        ids = self._id(Role.RESPONSE_ID, heard.response_id), heard.survey_id
        progress = self._progress()
        if progress is Progress.WITHDRAWN:
            return Withdrawal(*ids, self._instant(Role.CHANGED_AT, heard.changed_at))
        answer = heard.values.get(mapping.score)
        if _is_empty(answer):
            if progress is Progress.PARTIAL:
                return Unscored(*ids)
            raise NotUnderstood(
                f"There is no answer to {mapping.score}, which is the score.", place=mapping.score
            )
        customer = self._customer()
        return SurveyResponse(
            *ids,
            submitted_at=self._instant(Role.SUBMITTED_AT, heard.submitted_at) or self._received_at,
            metric=mapping.metric,
            score=self._score(answer),
            comment=cut("\n\n".join(self._all(Role.COMMENT)), LONGEST_COMMENT),
            language=read_language(self._first(Role.LANGUAGE) or heard.language),
            customer=customer,
            region=self._place(Role.REGION),
            trade=self._place(Role.TRADE),
            touchpoint=self._place(Role.TOUCHPOINT),
            topic=read_topic(self._first(Role.TOPIC)),
            resurvey_of=read_resurvey(self._first(Role.RESURVEY_OF)),
            origin=read_origin(self._first(Role.CHANNEL)),
            facts=dict(islice(self._facts(customer), MOST_FACTS)),
            contract=self._place(Role.CONTRACT),
            raw_score=cut(_text(answer), LONGEST_NAME),
            consent=self._consents(),
            excluded=any(self._is_one_of(e.reference, e.words) for e in mapping.exclusions),
            progress=progress,
            changed_at=self._instant(Role.CHANGED_AT, heard.changed_at),
            trial=heard.trial,
        )

    def _score(self, answer: object) -> int:
        mapping = self._mapping
        word = _text(answer)
        number = mapping.words.get(word.casefold())
        if number is None:
            number = read_whole(word)
        if number is None:
            raise NotUnderstood(
                f"The answer to {mapping.score} is no whole number, and no word that the mapping knows.",
                place=mapping.score,
            )
        return on_scale(number, mapping.scale, mapping.metric, place=mapping.score)

    def _customer(self) -> Identity:
        return Identity(
            id=read_word(self._first(Role.CUSTOMER_ID), Role.CUSTOMER_ID),
            name=cut(" ".join(self._all(Role.CUSTOMER_NAME)), LONGEST_WORD) or None,
            email=read_email(self._first(Role.CUSTOMER_EMAIL)),
            phone=read_phone(self._first(Role.CUSTOMER_PHONE)),
            zone=read_zone(self._first(Role.CUSTOMER_ZONE)),
        )

    def _facts(self, customer: Identity) -> Iterator[tuple[str, str]]:
        """What was given as an address or a zone and is none, or says more than one, is told too."""
        email, phone = self._first(Role.CUSTOMER_EMAIL), self._first(Role.CUSTOMER_PHONE)
        if email and customer.email is None:
            yield str(Role.CUSTOMER_EMAIL), cut(email, LONGEST_FACT)
        number = phone_number(phone)
        if phone and (number is None or number.extension):
            yield str(Role.CUSTOMER_PHONE), cut(phone, LONGEST_FACT)
        zone = self._first(Role.CUSTOMER_ZONE)
        if zone and customer.zone is None:
            yield str(Role.CUSTOMER_ZONE), cut(zone, LONGEST_FACT)
        for name, reference in self._mapping.facts.items():
            answer = self._heard.values.get(reference)
            if not _is_empty(answer):
                yield cut(name, LONGEST_FACT_NAME), cut(_text(answer), LONGEST_FACT)

    def _consents(self) -> bool:
        """Silence is none, where the survey asks for it."""
        asked = self._mapping.consent
        return asked is None or self._is_one_of(asked.reference, asked.words)

    def _is_one_of(self, reference: str, words: frozenset[str]) -> bool:
        return any(word.casefold() in words for word in _words(self._heard.values.get(reference)))

    def _progress(self) -> Progress:
        """Also where it is the end of the name of an event: `service-review-deleted`."""
        event = (self._first(Role.PROGRESS) or "").casefold()
        return PROGRESS.get(LAST_WORD.split(event)[-1], self._heard.progress)

    def _id(self, role: Role, sent: str) -> str:
        """Where the mapping names a reference for it, that one has it."""
        named = role in self._mapping.roles
        return read_id(self._first(role) if named else sent, role)

    def _instant(self, role: Role, sent: datetime | None) -> datetime | None:
        """Where the mapping's reference has none, it is what the system says by itself."""
        written = self._first(role)
        if written:
            return read_instant(written, self._received_at, role, zone=self._mapping.zone)
        return sent and plausible(sent, self._received_at, role)

    def _place(self, role: Role) -> str | None:
        return read_word(self._first(role), role, longest=LONGEST_NAME)

    def _first(self, role: Role) -> str | None:
        return next(self._all(role), None) or self._mapping.always.get(role)

    def _all(self, role: Role) -> Iterator[str]:
        for reference in self._mapping.roles.get(role, ()):
            text = _text(self._heard.values.get(reference)).strip()
            if text and not is_unfilled(text):
                yield text


def _is_empty(answer: object) -> bool:
    return not _text(answer)


def _text(answer: object) -> str:
    return ", ".join(_words(answer))


def _words(answer: object) -> Iterator[str]:
    match answer:
        case None:
            return
        case str():
            yield answer.strip()
        case list() | tuple():
            yield from (word for each in answer for word in _words(each))
        case _:
            yield fact_of(answer)


def flattened(sent: Mapping[str, object]) -> dict[str, object]:
    """A JSON document as references: `question.score`, `events[0].eventData.stars`; lists of plain values
    stay lists. What lies so deep that no mapping can name it is passed over.
    """
    return dict(_leaves(sent, ""))


def _leaves(sent: object, at: str) -> Iterator[tuple[str, object]]:
    match sent:
        case dict():
            for key, value in sent.items():
                if len(at) + len(key) < LONGEST_REFERENCE:
                    yield from _leaves(value, f"{at}.{key}" if at else key)
        case list() if any(isinstance(each, dict | list) for each in sent):
            for number, each in enumerate(sent):
                yield from _leaves(each, f"{at}[{number}]")
        case _:
            yield at, sent
