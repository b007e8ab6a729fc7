"""Which chart and which table show which of the figures, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.formats import date_format, number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from moderation.figures import charting
from moderation.figures.agreeing import Agreement
from moderation.figures.charting import LineChart, RangeChart
from moderation.figures.estimating import Share
from moderation.figures.reading import Figures, Forecast, LaneFigures

MOST_ROWS = 10
"""A chart shows what was counted most; the table beside it has the rest."""
MINUTE, HOUR, DAY = 60, 3600, 86400
LONGEST = 28 * DAY
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class ShareRow:
    name: str
    hits: int
    count: int
    percent: str
    interval: str


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares as a table, and as a chart where there is anything to draw."""

    rows: list[ShareRow]
    chart: RangeChart | None


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date
    opened: int
    closed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class LaneRow:
    """How one lane stands, in words."""

    name: str
    waiting: int
    oldest: datetime | None
    decided: int
    median: str
    p95: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    name: str
    pairs: int
    same: int
    kappa: str
    interval: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Everything on the page, in its order."""

    backlog: LineChart
    flow: LineChart
    days: list[DayRow]
    forecast: str
    times: RangeChart | None
    lanes: list[LaneRow]
    samples: Rates
    agreements: list[AgreementRow]
    rules: Rates
    models: Rates
    deciders: Rates
    looked_at: Rates


def picture(figures: Figures) -> Pictures:
    days = figures.lanes[0].days
    backlog = {str(lane.lane.label): lane.backlog for lane in figures.lanes}
    opened = _add_up([lane.opened for lane in figures.lanes])
    closed = _add_up([lane.closed for lane in figures.lanes])
    rows = map(DayRow, days, opened, closed, _add_up(list(backlog.values())))
    return Pictures(
        backlog=charting.draw_lines(days, backlog, _tell_day),
        flow=charting.draw_lines(days, {_("opened"): opened, _("closed"): closed}, _tell_day),
        days=list(rows)[::-1],
        forecast=_tell_forecast(figures.forecast),
        times=_draw_times(figures.lanes),
        lanes=[_tell_lane(lane) for lane in figures.lanes],
        samples=_rates({_name_sample(key): share for key, share in figures.samples.items()}),
        agreements=[_tell_agreement(str(key.label), one) for key, one in figures.agreements.items()],
        rules=_rates(figures.rules),
        models=_rates(figures.models),
        deciders=_rates({f"@{handle}": share for handle, share in figures.deciders.items()}),
        looked_at=_rates({f"@{handle}": share for handle, share in figures.looked_at.items()}),
    )


def _add_up(series: list[list[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*series, strict=True)]


def _rates(shares: Mapping[str, Share]) -> Rates:
    rows = [
        ShareRow(
            name,
            share.hits,
            share.count,
            _percent(share.value),
            f"{_percent(share.low)} – {_percent(share.high)}",
        )
        for name, share in shares.items()
    ]
    drawn = {name: (share.low, share.value or 0.0, share.high) for name, share in shares.items()}
    return Rates(rows, _draw_shares(dict(list(drawn.items())[:MOST_ROWS])))


def _draw_shares(rows: Mapping[str, tuple[float, float, float]]) -> RangeChart | None:
    """On a scale that ends at a round share above the largest."""
    if not rows:
        return None
    largest = max(high for _low, _value, high in rows.values())
    end = next(end for end in (0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 1.0) if end >= largest)
    ticks = {end * step / 4: _percent(end * step / 4) for step in range(5)}
    return charting.draw_ranges(rows, ticks, charting.up_to(end))


def _draw_times(lanes: list[LaneFigures]) -> RangeChart | None:
    """From the median to what 95 % do not exceed, on a scale of ratios from a minute to four weeks."""
    rows = {
        str(lane.lane.label): (lane.median, lane.median, lane.p95)
        for lane in lanes
        if lane.median is not None and lane.p95 is not None
    }
    ticks: dict[float, str] = {
        MINUTE: _("1 min"),
        HOUR: _("1 h"),
        DAY: _("1 d"),
        7 * DAY: _("7 d"),
        LONGEST: _("28 d"),
    }
    scale = charting.logarithmic(MINUTE, LONGEST)
    return charting.draw_ranges(rows, ticks, scale) if rows else None


def _tell_lane(lane: LaneFigures) -> LaneRow:
    return LaneRow(
        str(lane.lane.label),
        lane.backlog[-1],
        lane.oldest,
        lane.decided,
        _tell_time(lane.median),
        _tell_time(lane.p95),
    )


def _tell_agreement(name: str, found: Agreement) -> AgreementRow:
    if found.kappa is None:
        return AgreementRow(name, found.pairs, found.same, NOTHING, NOTHING)
    interval = f"{_decimal(found.low)} – {_decimal(found.high)}"
    return AgreementRow(name, found.pairs, found.same, _decimal(found.kappa), interval)


def _tell_forecast(forecast: Forecast) -> str:
    if forecast.waiting == 0:
        return _("Nothing waits.")
    if forecast.opened is None or forecast.closed is None:
        return _("How it goes on cannot be said before the first whole day.")
    rates = {"opened": _decimal(forecast.opened, 1), "closed": _decimal(forecast.closed, 1)}
    said = _("In the last week %(opened)s cases a day were opened and %(closed)s closed.") % rates
    if forecast.days is None:
        return f"{said} " + _("At this rate the queue does not become empty: it grows, or stays as it is.")
    end = _("At this rate the queue is empty in %(days)s days.") % {"days": _decimal(forecast.days, 1)}
    return f"{said} {end}"


def _tell_time(seconds: float | None) -> str:
    """In words; less than a minute counts as one."""
    if seconds is None:
        return NOTHING
    start = datetime(2001, 1, 1, tzinfo=UTC)
    return timesince(start, start + timedelta(seconds=max(seconds, MINUTE)))


def _tell_day(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def _name_sample(key: str) -> str:
    return _("posts and comments") if key == "post" else _("profiles")


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{_decimal(100 * share, 1)}\N{NO-BREAK SPACE}%"


def _decimal(value: float | None, places: int = 2) -> str:
    """Rounded here: Django cuts off what is too long."""
    return NOTHING if value is None else number_format(round(value, places), places)
