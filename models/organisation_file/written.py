"""From the file's words, once they are known to be good, to the organisation the cases live in."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain

from models.authority import GestureRules
from models.labels import Label
from models.ladder import CallPolicy, Level, Policy
from models.opening_hours import OpeningHours, Window
from models.organisation import Ladder, Organisation, Region, Route
from models.organisation_file.causes import causes_of
from models.organisation_file.customers import recognition_of
from models.organisation_file.fields import Days, Week, label_of
from models.organisation_file.pauses import pauses_of
from models.organisation_file.reasons import reasons_of
from models.organisation_file.shape import (
    WrittenLadder,
    WrittenLevel,
    WrittenName,
    WrittenOffice,
    WrittenOrganisation,
    WrittenPerson,
    WrittenResurvey,
    WrittenThresholds,
    WrittenTopic,
)
from models.organisation_file.sources import source_of
from models.organisation_file.teams import teams_of
from models.people import Person
from models.public_holidays import Recorded
from models.resurvey_policy import ResurveyPolicy
from models.survey import UNHAPPY_UP_TO, Metric
from models.topics import Topic


def organisation_of(written: WrittenOrganisation, holidays: Recorded) -> Organisation:
    """`holidays` has the days of each of its calendars."""
    house, languages = written.organisation, tuple(written.organisation.languages)
    return Organisation(
        name=house.name,
        motto=label_of(house.motto, languages),
        languages=languages,
        head_office=_hours(written.head_office, holidays),
        regions={
            r.id: Region(
                r.id, label_of(r.name, languages), _hours(office, holidays), tuple(r.neighbours)
            )
            for r, office in written.offices
        },
        trades=_labels(written.trades, languages),
        touchpoints=_labels(written.touchpoints, languages),
        people=_people(written, holidays),
        routes=tuple(Route(**route.model_dump(exclude={"raises"})) for route in written.routing),
        policy=_policy(written),
        causes=causes_of(
            written.root_causes, languages, trades=frozenset(t.id for t in written.trades)
        ),
        sources={s.id: source_of(s) for s in written.sources},
        unhappy_up_to=_thresholds(written.unhappy_up_to),
        topics={t.id: _topic(t, languages) for t in written.zero_tolerance},
        call_week=_week(written.calls.windows),
        successors=dict(written.successors),
        may_commit_to_repair=frozenset(written.authority.commit_to_repair),
        gestures=GestureRules(written.authority.gestures or {}, written.authority.review_share),
        pauses=pauses_of(written.pauses, languages),
        currency=house.currency,
        ladders=tuple(map(_ladder, written.ladders)),
        reasons=reasons_of(written, languages),
        resurvey=_resurvey(written.resurvey),
        recognition=recognition_of(written.customers),
        transliterate=written.sms.transliterate,
        fallback_after=written.sms.fallback_after,
        teams=teams_of(written.teams, languages),
    )


def _labels(written: Sequence[WrittenName], languages: tuple[str, ...]) -> Mapping[str, Label]:
    return {row.id: label_of(row.name, languages) for row in written}


def _hours(office: WrittenOffice, holidays: Recorded) -> OpeningHours:
    public = holidays[office.public_holidays] if office.public_holidays else frozenset[date]()
    closed = (public - _days(office.open)) | _days(office.closed)
    return OpeningHours(office.time_zone, _week(office.hours), closed, public)


def _week(written: Week) -> Mapping[int, tuple[Window, ...]]:
    return {day: windows for days, windows in written.items() for day in days}


def _days(written: Days) -> frozenset[date]:
    return frozenset[date]().union(*written)


def _people(written: WrittenOrganisation, holidays: Recorded) -> Mapping[str, Person]:
    hours = {person.id: _hours(office, holidays) for person, office in written.desks}
    return {p.id: _person(p, written.people, hours.get(p.id)) for p in written.people}


def _person(
    written: WrittenPerson, everybody: Sequence[WrittenPerson], hours: OpeningHours | None
) -> Person:
    return Person(
        id=written.id,
        name=written.name,
        role=written.role,
        language=written.language,
        phone=written.phone,
        email=written.email,
        deputy=written.deputy,
        regions=frozenset(written.regions),
        trades=frozenset(written.trades),
        deputises_for=frozenset(p.id for p in everybody if p.deputy == written.id),
        hours=hours,
        referent_of=frozenset(written.referent_of),
        ceiling=written.ceiling,
        prefers=written.prefers,
    )


def _policy(written: WrittenOrganisation) -> Policy:
    return Policy(
        targets=written.targets.lengths,
        levels=_levels(written.ladder),
        calls=_calls(written),
        by_origin=written.targets.by_channel,
    )


def _ladder(written: WrittenLadder) -> Ladder:
    return Ladder(
        written.id,
        _levels(written.levels),
        written.region,
        written.trade,
        written.touchpoint,
        written.language,
    )


def _levels(written: Sequence[WrittenLevel]) -> tuple[Level, ...]:
    return tuple(
        Level(r.level, tuple(r.remind_at), r.repeat_every, r.person, dict(r.targets))
        for r in written
    )


def _topic(written: WrittenTopic, languages: tuple[str, ...]) -> Topic:
    phrases = tuple(dict.fromkeys(chain.from_iterable(written.words.values())))
    label = label_of(written.name, languages)
    return Topic(written.id, label, phrases, written.targets, written.at_once)


def _calls(written: WrittenOrganisation) -> CallPolicy:
    """An older file says `unreachable_after` and nothing else of calls: it promised no message."""
    calls = written.calls
    if written.unreachable_after is not None:
        return CallPolicy(written.unreachable_after, calls.spacing)
    return CallPolicy(calls.at_most, calls.spacing, tuple(sorted(set(calls.write_after))))


def _resurvey(written: WrittenResurvey | None) -> ResurveyPolicy | None:
    if written is None:
        return None
    return ResurveyPolicy(written.after, written.at_most_every, frozenset(written.outcomes))


def _thresholds(written: WrittenThresholds) -> Mapping[Metric, int]:
    chosen = {metric: getattr(written, metric) for metric in Metric}
    return {
        metric: UNHAPPY_UP_TO[metric] if limit is None else limit
        for metric, limit in chosen.items()
    }
