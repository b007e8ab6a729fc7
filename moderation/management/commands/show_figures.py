"""`manage.py show_figures`: how well judging works, as tables in the terminal; all of it as it was rolled up."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from moderation.figures import reading
from moderation.figures.estimating import Share
from moderation.figures.reading import Figures, Forecast


class Command(BaseCommand):
    help = "Shows backlog, times, agreement and overruled decisions of the last days (28)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=28, help="how many days, up to the last one counted (28)"
        )

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        if days < 1:
            raise CommandError("At least one day.")
        figures = reading.read(days)
        if figures is None:
            raise CommandError("Nothing was counted yet. `manage.py roll_up_figures` does it.")
        console = Console(file=cast("IO[str]", self.stdout), width=120)
        console.print(
            f"{figures.first} to {figures.last} (UTC), counted last at {figures.rolled_at:%Y-%m-%d %H:%M}.",
            highlight=False,
        )
        console.print(_lanes(figures))
        console.print(_tell(figures.forecast), highlight=False)
        console.print(_agreement(figures))
        for title, shares in (
            ("Violations among sampled cleared texts", figures.samples),
            ("Holds overruled, by rule", figures.rules),
            ("Holds overruled, by model", figures.models),
            ("Decisions taken back, by moderator", figures.deciders),
            ("The same at a second look, by first moderator", figures.looked_at),
        ):
            console.print(_shares(title, shares))


def _lanes(figures: Figures) -> Table:
    table = Table("lane", title="Lanes")
    for name in ("open", "oldest opened", "closed", "median", "p95"):
        table.add_column(name, justify="right")
    for lane in figures.lanes:
        table.add_row(
            lane.lane.name.lower(),
            f"{lane.backlog[-1]:,}",
            f"{lane.oldest:%Y-%m-%d %H:%M}" if lane.oldest else "–",
            f"{lane.decided:,}",
            _time(lane.median),
            _time(lane.p95),
        )
    return table


def _tell(forecast: Forecast) -> str:
    if forecast.opened is None or forecast.closed is None:
        return f"{forecast.waiting:,} open cases; no whole day was counted yet."
    end = f"empty in {forecast.days:.1f} days" if forecast.days is not None else "not empty at this rate"
    return f"{forecast.waiting:,} open cases; {forecast.opened:.1f} opened and {forecast.closed:.1f} closed a day: {end}."


def _agreement(figures: Figures) -> Table:
    table = Table("second looks", title="Agreement (Cohen's kappa)")
    for name in ("looks", "same", "kappa", "95 % interval"):
        table.add_column(name, justify="right")
    for chosen, found in figures.agreements.items():
        if found.kappa is None:
            table.add_row(chosen.value, str(found.pairs), str(found.same), "–", "–")
        else:
            interval = f"{found.low:.2f} to {found.high:.2f}"
            table.add_row(chosen.value, str(found.pairs), str(found.same), f"{found.kappa:.2f}", interval)
    return table


def _shares(title: str, shares: dict[str, Share]) -> Table:
    table = Table("", title=title)
    for name in ("of", "hits", "share", "95 % interval"):
        table.add_column(name, justify="right")
    for name, share in shares.items():
        table.add_row(
            name,
            f"{share.count:,}",
            f"{share.hits:,}",
            f"{share.value or 0:.1%}",
            f"{share.low:.1%} to {share.high:.1%}",
        )
    return table


def _time(seconds: float | None) -> str:
    return "–" if seconds is None else str(timedelta(seconds=round(seconds)))
