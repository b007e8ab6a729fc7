"""Charts as shapes: everything that a template needs to draw them as SVG, in strings that no language changes. Pure.

Colours, dashes and sizes of letters belong to the style sheet; the numbers themselves stand in a table beside each chart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

WIDTH, HEIGHT = 360, 190
"""In units of the drawing: about the pixels of a narrow telephone, so that letters are never smaller than meant."""
LEFT, RIGHT, TOP, BOTTOM = 38, 10, 10, 24
ROW = 40
TICKS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid and what it says."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its name, and the points of its polyline; `dot` is where it ends."""

    name: str
    points: str
    dot: tuple[str, str]


@dataclass(frozen=True, slots=True)
class LineChart:
    lines: list[Line]
    across: list[Tick]
    days: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    label_x: int = LEFT - 6
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - 6


@dataclass(frozen=True, slots=True)
class Range:
    """One row: a mark between two ends, under its label."""

    label: str
    low: str
    mark: str
    high: str
    label_y: int
    y: int


@dataclass(frozen=True, slots=True)
class RangeChart:
    rows: list[Range]
    ticks: list[Tick]
    height: int
    bottom: int
    foot: int
    width: int = WIDTH


def draw_lines(
    days: Sequence[date], series: Mapping[str, Sequence[int]], tell_day: Callable[[date], str]
) -> LineChart:
    """How whole numbers went from day to day, on one scale from zero."""
    top = find_top(max((max(values, default=0) for values in series.values()), default=0))

    def x(number: int) -> str:
        return _text(LEFT + (WIDTH - LEFT - RIGHT) * (number / (len(days) - 1) if len(days) > 1 else 1))

    def y(value: float) -> str:
        return _text(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top)

    lines = [
        Line(
            name,
            " ".join(f"{x(number)},{y(value)}" for number, value in enumerate(values)),
            (x(len(values) - 1), y(values[-1])),
        )
        for name, values in series.items()
    ]
    across = [Tick(y(top * step / TICKS), _number(top * step / TICKS)) for step in range(TICKS + 1)]
    named = sorted({0, (len(days) - 1) // 2, len(days) - 1})
    return LineChart(lines, across, [Tick(x(number), tell_day(days[number])) for number in named])


def draw_ranges(
    rows: Mapping[str, tuple[float, float, float]],
    ticks: Mapping[float, str],
    scale: Callable[[float], float],
) -> RangeChart:
    """Each row a (low, mark, high); `scale` brings a value to its place between 0 and 1, and `ticks` are values with their words."""

    def x(value: float) -> str:
        return _text(RIGHT + (WIDTH - 2 * RIGHT) * min(1.0, max(0.0, scale(value))))

    drawn = [
        Range(name, x(low), x(mark), x(high), ROW * number + 14, ROW * number + 27)
        for number, (name, (low, mark, high)) in enumerate(rows.items())
    ]
    bottom = ROW * len(rows) + 4
    return RangeChart(
        drawn, [Tick(x(at), label) for at, label in ticks.items()], bottom + 20, bottom, bottom + 14
    )


def find_top(largest: float) -> float:
    """The end of a scale that begins at zero: 1, 2, 4 or 8 times a power of ten, so that its four steps are even; at least 4."""
    if largest <= TICKS:
        return TICKS
    power = 10.0 ** floor(log10(largest))
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= largest)


def logarithmic(shortest: float, longest: float) -> Callable[[float], float]:
    """A scale on which equal ratios are equally long."""
    return lambda value: log10(max(value, shortest) / shortest) / log10(longest / shortest)


def up_to(longest: float) -> Callable[[float], float]:
    """A scale from zero."""
    return lambda value: value / longest


def _text(coordinate: float) -> str:
    return f"{coordinate:.1f}"


def _number(value: float) -> str:
    """Few letters for large numbers: 2k for 2,000."""
    if value >= 1000:
        return f"{value / 1000:g}k"
    return f"{ceil(value * 100) / 100:g}"
