"""`manage.py bench desk`: server time and queries of the queue page, the next case and the case page.

Requests go through `django.test.Client`: every middleware, view, query and template of a real request in this process, against
the database and the cache that are configured; only the socket and the web server are missing. Fill the queue with
`manage.py seed_backlog` first.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from rich.console import Console
from rich.table import Table

from accounts.models import User
from accounts.roles import Role
from moderation import appointing, claiming
from moderation.benchmarks.machine import describe_machine
from moderation.models import Case, Report, Skip

NAME = "desk"
MODERATOR = "bench_moderator"
WARMED_BY = 5
QUEUE = "admin:moderation_case_changelist"
Visit = Callable[[], HttpResponse]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--requests", type=int, default=200, help="requests to each page (200)")
    parser.add_argument(
        "--yes", action="store_true", help="also without DEBUG: it makes a moderator and claims cases"
    )


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Times each page one request after the other. Each claimed case is skipped, so that the next claim is another case."""
    if not (settings.DEBUG or options["yes"]):
        raise OSError("It makes a moderator and claims cases: that needs DEBUG=1, or --yes.")
    # In this process only: there is nobody here who could prove a second factor, and no log of queries is written, as by a server.
    with override_settings(STAFF_SECOND_FACTOR=False, DEBUG=False):
        pages = _measure_pages(_Desk(_moderator()), options["requests"])
    return {
        "benchmark": NAME,
        "machine": describe_machine(),
        "through": "django.test.Client with every middleware",
        "open_cases": Case.objects.open().count(),
        "reports": Report.objects.count(),
        "requests": options["requests"],
        "pages": pages,
    }


def _measure_pages(desk: "_Desk", requests: int) -> dict[str, dict[str, float]]:
    try:
        return {
            "queue page": _measure(desk.see_queue, requests),
            "queue page, one language and class": _measure(desk.see_filtered, requests),
            "next case": _measure(desk.take_next, requests, after=desk.skip),
            "next case, one language": _measure(desk.take_next_german, requests, after=desk.skip),
            "case page": _measure(desk.see_case, requests, before=desk.take_another, after=desk.skip),
        }
    finally:
        desk.leave()


def _moderator() -> User:
    existing = User.objects.named(MODERATOR).first()
    if existing is None:
        existing = User.objects.create_user(MODERATOR, f"{MODERATOR}@bench.invalid")
        appointing.appoint(existing, Role.MODERATOR, by=None)
    return existing


class _Desk:
    """A moderator at the desk, who does one thing at a time."""

    def __init__(self, moderator: User) -> None:
        self.moderator = moderator
        host = next((name for name in settings.ALLOWED_HOSTS if name.strip(".*")), "localhost")
        self.case_page = ""
        self.client = Client(headers={"host": host.lstrip(".")})
        self.client.force_login(moderator, backend=settings.AUTHENTICATION_BACKENDS[0])

    def see_queue(self) -> HttpResponse:
        return self._get(reverse(QUEUE))

    def see_filtered(self) -> HttpResponse:
        return self._get(f"{reverse(QUEUE)}?language=de&violation=V3")

    def take_next(self) -> HttpResponse:
        return self._post("next", language="", violation="")

    def take_next_german(self) -> HttpResponse:
        return self._post("next", language="de", violation="")

    def see_case(self) -> HttpResponse:
        return self._get(self.case_page)

    def take_another(self) -> None:
        self.case_page = self._post("next", language="", violation="").headers["Location"]

    def skip(self) -> None:
        claiming.skip(self._mine(), by=self.moderator)

    def leave(self) -> None:
        """Everything is as it was, but for the account and the audit trail."""
        for case in Case.objects.claimed_by_now(self.moderator):
            claiming.skip(case, by=self.moderator)
        Skip.objects.filter(moderator=self.moderator).delete()
        self.client.logout()

    def _mine(self) -> Case:
        mine = Case.objects.claimed_by_now(self.moderator).first()
        if mine is None:
            raise OSError("There is no case to take. Fill the queue with `manage.py seed_backlog`.")
        return mine

    def _get(self, address: str) -> HttpResponse:
        return _expect(200, self.client.get(address, secure=settings.SECURE_SSL_REDIRECT))

    def _post(self, act: str, **fields: str) -> HttpResponse:
        address = reverse(f"admin:moderation_case_{act}")
        return _expect(302, self.client.post(address, fields, secure=settings.SECURE_SSL_REDIRECT))


def _expect(status: int, response: Any) -> HttpResponse:
    if response.status_code != status:
        raise OSError(f"A page answered {response.status_code} instead of {status}.")
    answer: HttpResponse = response
    return answer


def _nothing() -> None:
    pass


def _measure(
    visit: Visit, number: int, *, before: Callable[[], None] = _nothing, after: Callable[[], None] = _nothing
) -> dict[str, float]:
    """Milliseconds of `visit`, without what comes before and after it; and its queries, counted apart, as counting costs time."""
    times, processor = [], []
    for turn in range(WARMED_BY + number):
        before()
        started, busy = time.perf_counter(), time.process_time()
        visit()
        if turn >= WARMED_BY:
            times.append(1000 * (time.perf_counter() - started))
            processor.append(1000 * (time.process_time() - busy))
        after()
    before()
    with CaptureQueriesContext(connection) as captured:
        visit()
    after()
    p50, p95 = np.percentile(times, [50, 95])
    return {
        "queries": len(captured),
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        # Of this process alone: what is left of the time on a machine that is busy with other things.
        "processor_p95_ms": round(float(np.percentile(processor, 95)), 1),
    }


def show(result: dict[str, Any], console: Console) -> None:
    table = Table("page", title="The desk", caption=result["through"])
    for name in ("queries", "p50, ms", "p95, ms", "processor p95, ms"):
        table.add_column(name, justify="right")
    for page, figures in result["pages"].items():
        table.add_row(
            page, *(f"{figures[name]}" for name in ("queries", "p50_ms", "p95_ms", "processor_p95_ms"))
        )
    console.print(table)
    console.print(
        f"{result['open_cases']:,} open cases, {result['reports']:,} reports; {result['requests']} requests to each page."
    )
    console.print(", ".join(f"{name} {value}" for name, value in result["machine"].items()), highlight=False)
