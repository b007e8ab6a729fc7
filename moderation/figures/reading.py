"""What the rolled-up days say about a stretch of time: everything the dashboard and `show_figures` tell, in four queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import User
from moderation.figures import sketching
from moderation.figures.agreeing import Agreement, agree
from moderation.figures.estimating import Share, estimate
from moderation.lanes import Lane
from moderation.models import DailyFigure, Kind, RolledDay
from moderation.models.figures import PERSONAL, DailyFigureQuerySet
from moderation.models.samples import Chosen

RATE = 7
"""Finished days from whose arrivals and departures the end of the backlog is forecast."""


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """One lane: how it stands now, day by day, and how long it took to decide (seconds)."""

    lane: Lane
    days: list[date]
    backlog: list[int]
    opened: list[int]
    closed: list[int]
    oldest: datetime | None
    decided: int
    median: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Cases a day that came and were closed; days until none waits at that rate, None when it grows or nothing is known yet."""

    waiting: int
    opened: float | None
    closed: float | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """`first` and `last` day, when the last was counted, and what was counted."""

    first: date
    last: date
    rolled_at: datetime
    lanes: list[LaneFigures]
    forecast: Forecast
    rules: dict[str, Share]
    models: dict[str, Share]
    deciders: dict[str, Share]
    looked_at: dict[str, Share]
    samples: dict[str, Share]
    agreements: dict[Chosen, Agreement]


@dataclass
class _Sums:
    shares: dict[str, dict[str, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))
    times: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))


def read(days: int, *, moderator: User | None = None) -> Figures | None:
    """The last `days` days that were rolled up, as `moderator` may read them, None for an operator; None before the first roll-up."""
    rolled = _newest()
    if rolled is None:
        return None
    first = rolled.day - timedelta(days=days - 1)
    figures = _readable_by(moderator)
    series = _series(figures.since(min(first, rolled.day - timedelta(days=RATE))).by_day())
    sums = _sum_up(figures.since(first).summed())
    lanes = [_lane(lane, first, rolled.day, series, sums.times[str(lane.value)]) for lane in Lane]
    handles = _handles_of(key for kind in PERSONAL for key in sums.shares[kind])
    shares = {kind: _estimate(sums.shares[kind]) for kind in Kind}
    return Figures(
        first=first,
        last=rolled.day,
        rolled_at=rolled.rolled_at,
        lanes=lanes,
        forecast=_forecast(rolled.day, series),
        rules=shares[Kind.RULE],
        models=shares[Kind.MODEL],
        deciders={handles.get(key, key): share for key, share in shares[Kind.DECIDER].items()},
        looked_at={handles.get(key, key): share for key, share in shares[Kind.LOOKED_AT].items()},
        samples=shares[Kind.SAMPLE],
        agreements=_agreements(sums.shares[Kind.AGREEMENT]),
    )


def rows(days: int, *, moderator: User | None = None) -> DailyFigureQuerySet:
    """The rows behind `read`, in their order."""
    rolled = _newest()
    figures = _readable_by(moderator).order_by("day", "kind", "key", "bucket")
    return figures.since(rolled.day - timedelta(days=days - 1)) if rolled else figures.none()


def _newest() -> RolledDay | None:
    return RolledDay.objects.order_by("-day").first()


def _readable_by(moderator: User | None) -> DailyFigureQuerySet:
    return DailyFigure.objects.readable_by(moderator) if moderator else DailyFigure.objects.all()


_Series = dict[tuple[str, str, date], int]


def _series(rows: Iterable[DailyFigure]) -> _Series:
    return {(row.kind, row.key, row.day): row.count for row in rows}


def _sum_up(rows: Iterable[dict[str, Any]]) -> _Sums:
    sums = _Sums()
    for row in rows:
        if row["kind"] == Kind.ACTION:
            sums.times[row["key"]][row["bucket"]] = row["counted"]
        else:
            sums.shares[row["kind"]][row["key"]] = (row["hit"], row["counted"])
    return sums


def _estimate(counted: dict[str, tuple[int, int]]) -> dict[str, Share]:
    """By name, what was counted most first. What is taken back in these days may have been decided before them: a share ends at 1."""
    ordered = sorted(counted.items(), key=lambda item: (-item[1][1], item[0]))
    return {name: estimate(min(hits, count), count) for name, (hits, count) in ordered if count}


def _lane(lane: Lane, first: date, last: date, series: _Series, times: dict[int, int]) -> LaneFigures:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    key = str(lane.value)
    oldest = series.get((Kind.OLDEST, key, last))
    return LaneFigures(
        lane=lane,
        days=days,
        backlog=[series.get((Kind.BACKLOG, key, day), 0) for day in days],
        opened=[series.get((Kind.OPENED, key, day), 0) for day in days],
        closed=[series.get((Kind.CLOSED, key, day), 0) for day in days],
        oldest=datetime.fromtimestamp(oldest, UTC) if oldest is not None else None,
        decided=sum(times.values()),
        median=sketching.quantile(times, 0.5),
        p95=sketching.quantile(times, 0.95),
    )


def _forecast(last: date, series: _Series) -> Forecast:
    """At the rate of the finished days before `last`, as far as they were rolled up."""
    waiting = sum(
        number for (kind, _key, day), number in series.items() if kind == Kind.BACKLOG and day == last
    )
    week = {last - timedelta(days=number) for number in range(1, RATE + 1)}
    known = len({day for kind, _key, day in series if kind == Kind.BACKLOG and day in week})
    if not known:
        return Forecast(waiting, None, None, None)
    came, went = (
        sum(number for (kind, _key, day), number in series.items() if kind == wanted and day in week) / known
        for wanted in (Kind.OPENED, Kind.CLOSED)
    )
    return Forecast(waiting, came, went, waiting / (went - came) if went > came else None)


def _agreements(counted: dict[str, tuple[int, int]]) -> dict[Chosen, Agreement]:
    tables: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for key, (_hits, count) in counted.items():
        chosen, first, second = key.split(":")
        tables[chosen][first, second] = count
    return {chosen: agree(tables[chosen]) for chosen in Chosen}


def _handles_of(keys: Iterable[str]) -> dict[str, str]:
    ids = {int(key) for key in keys}
    return {str(pk): handle for pk, handle in User.objects.filter(pk__in=ids).values_list("pk", "handle")}
