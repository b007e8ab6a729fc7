"""The page of figures: what stands there for whom, that it counts nothing itself, and that everybody can read its charts."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from moderation import deciding
from moderation.admin.figures_page import RANGES
from moderation.figures import charting, reading, rolling_up
from moderation.measures import Measure
from moderation.models import Case, DailyFigure, Kind, RolledDay
from tests import factories

FIGURES = reverse("admin:moderation_dailyfigure_changelist")
CSV = reverse("admin:moderation_dailyfigure_download")
LAST = date(2026, 3, 10)
SVG = "{http://www.w3.org/2000/svg}"


def put(kind, key, count, *, hits=0, bucket=0, day=LAST):
    DailyFigure.objects.create(day=day, kind=kind, key=key, bucket=bucket, count=count, hits=hits)


@pytest.fixture
def rolled(moderator, other):
    """Made-up figures of two weeks: from 40 waiting cases on, five a day are opened and seven closed."""
    for number in range(14):
        day = LAST - timedelta(days=number)
        RolledDay.objects.create(day=day, is_final=number > 0)
        put(Kind.OPENED, "2", 5, day=day)
        put(Kind.CLOSED, "2", 7, day=day)
        put(Kind.BACKLOG, "2", 12 + 2 * number, day=day)
        put(Kind.DECIDER, str(moderator.pk), 10, hits=1, day=day)
        put(Kind.DECIDER, str(other.pk), 20, hits=0, day=day)
        put(Kind.RULE, "threat", 4, hits=1, day=day)
        put(Kind.ACTION, "2", 3, bucket=75, day=day)
        put(Kind.AGREEMENT, "decided:clear:clear", 2, day=day)
        put(Kind.AGREEMENT, "decided:take_down:take_down", 2, day=day)
        put(Kind.AGREEMENT, "decided:take_down:clear", 1, day=day)
        put(Kind.SAMPLE, "post", 50, hits=1, day=day)
    put(Kind.OLDEST, "2", int(datetime(2026, 3, 4, tzinfo=UTC).timestamp()))


def test_before_the_first_roll_up_it_says_so(client_for, moderator):
    shown = client_for(moderator).get(FIGURES)
    assert shown.status_code == 200
    assert b"Nothing was counted yet. Figures come once an hour" in shown.content
    assert list(csv.reader(io.StringIO(b"".join(client_for(moderator).get(CSV)).decode()))) == [
        ["day", "kind", "key", "bucket", "count", "hits"]
    ]


def test_days_are_added_up(rolled):
    week, month = reading.read(7), reading.read(28)
    assert week is not None
    assert month is not None
    assert (week.rules["threat"].hits, week.rules["threat"].count) == (7, 28)
    assert (month.rules["threat"].hits, month.rules["threat"].count) == (14, 56)
    assert (week.first, week.last) == (LAST - timedelta(days=6), LAST)
    lane = month.lanes[1]
    assert (lane.decided, lane.backlog[-1], len(lane.days)) == (42, 12, 28)
    assert lane.median == pytest.approx(lane.p95)
    assert lane.oldest == datetime(2026, 3, 4, tzinfo=UTC)
    agreement = next(iter(month.agreements.values()))
    assert (agreement.pairs, agreement.same) == (70, 56)


def test_the_end_of_the_backlog_is_forecast_from_the_last_week(rolled):
    """Twelve wait; two more a day are closed than opened."""
    for days in RANGES:
        figures = reading.read(days)
        assert figures is not None
        assert figures.forecast == reading.Forecast(12, 5.0, 7.0, 6.0)


def test_a_backlog_that_grows_has_no_end(rolled, client_for, moderator):
    DailyFigure.objects.filter(kind=Kind.CLOSED).update(count=5)
    figures = reading.read(7)
    assert figures is not None
    assert figures.forecast.days is None
    assert b"does not become empty" in client_for(moderator).get(FIGURES).content


def test_moderators_read_their_own_figures_and_seniors_all(client_for, rolled, moderator, other, senior):
    own = client_for(moderator).get(FIGURES).content.decode()
    assert "@moderator_m" in own
    assert "@other_moderator" not in own
    everybodys = client_for(senior).get(FIGURES).content.decode()
    for handle in ("@moderator_m", "@other_moderator"):
        assert handle in everybodys


def test_the_file_has_no_more_than_the_page(client_for, rolled, moderator, other, senior):
    def keys(user, query=""):
        response = client_for(user).get(f"{CSV}{query}")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(b"".join(response).decode())))
        return {row["key"] for row in rows if row["kind"] == "decider"}, len({row["day"] for row in rows})

    assert keys(moderator) == ({str(moderator.pk)}, 14)
    assert keys(senior, "?days=7") == ({str(moderator.pk), str(other.pk)}, 7)


def test_the_file_holds_no_formulas(client_for, rolled, moderator):
    put(Kind.RULE, "=HYPERLINK(1)", 1)
    assert "'=HYPERLINK(1)" in b"".join(client_for(moderator).get(CSV)).decode()


@pytest.mark.parametrize(
    ("query", "days"), [("", 28), ("?days=7", 7), ("?days=90", 90), ("?days=8", 28), ("?days=x'", 28)]
)
def test_a_range_without_sense_is_the_usual_one(client_for, rolled, moderator, query, days):
    shown = client_for(moderator).get(f"{FIGURES}{query}")
    assert shown.context["days"] == days
    assert f'href="?days={days}" aria-current="page"' in shown.content.decode()


def count_queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return captured.captured_queries


def test_the_page_takes_as_many_queries_however_much_was_counted_and_asks_no_table_of_cases(
    client_for, rolled, senior, author, moderator
):
    client = client_for(senior)
    few = count_queries(client, FIGURES)
    for number in range(30):
        put(Kind.RULE, f"rule {number}", 3, hits=1)
        put(Kind.ACTION, "1", 1, bucket=number)
        put(Kind.DECIDER, str(factories.make_user().pk), 3)
    many = count_queries(client, f"{FIGURES}?days=90")
    assert len(many) == len(few)
    aggregating = [query["sql"] for query in many if "moderation_decision" in query["sql"]]
    assert aggregating == []
    # What one was shown oneself is asked through the index of the own acts.
    cases = [query["sql"] for query in many if "moderation_case" in query["sql"]]
    assert all("moderation_auditrow" in sql for sql in cases)


def test_real_work_is_shown(client_for, author, senior, moderator):
    factories.make_held_post(author=author)
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    rolling_up.roll_up_due()
    shown = client_for(senior).get(FIGURES).content.decode()
    for words in ("threat", "@moderator_m", "Nothing waits."):
        assert words in shown


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_chart_is_whole_has_words_and_a_table_beside_it(client_for, rolled, senior, language):
    senior.language = language
    senior.save()
    with translation.override(language):  # What a request switches on stays on for whoever comes next.
        page = client_for(senior).get(FIGURES).content.decode()
    charts = page.split('<svg class="chart"')[1:]
    assert len(charts) >= 6
    for chart in charts:
        picture, rest = chart.split("</svg>", 1)
        svg = ElementTree.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg"{picture}</svg>')  # noqa: S314  Our own page.
        title, says = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        assert title is not None
        assert says is not None
        assert title.text
        assert says.text
        assert svg.get("aria-labelledby") == f"{title.get('id')} {says.get('id')}"
        assert svg.get("role") == "img"
        numbers = [
            value
            for shape in svg.iter()
            for name, value in shape.items()
            if name in ("x", "y", "x1", "cx", "cy")
        ]
        assert all(0 <= float(number) <= 1000 for number in numbers)
        assert '<table class="numbers">' in rest.split("</section>")[0]
    assert " style=" not in page
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("largest", "top"),
    [(0, 4), (3, 4), (5, 8), (9, 10), (11, 20), (40, 40), (41, 80), (801, 1000), (26000, 40000)],
)
def test_scales_end_at_round_numbers(largest, top):
    assert charting.find_top(largest) == top


def test_a_line_begins_at_the_left_and_ends_at_the_right():
    days = [LAST + timedelta(days=number) for number in range(3)]
    chart = charting.draw_lines(days, {"open": [0, 4, 2]}, str)
    assert chart.lines[0].points == "38.0,166.0 194.0,10.0 350.0,88.0"
    assert [tick.label for tick in chart.across] == ["0", "1", "2", "3", "4"]
    assert [tick.label for tick in chart.days] == [str(day) for day in days]


def test_one_day_is_a_chart_too():
    chart = charting.draw_lines([LAST], {"open": [2]}, str)
    assert chart.lines[0].points == "350.0,88.0"
    assert len(chart.days) == 1


def test_readers_stay_out(client_for, rolled, reader):
    for address in (FIGURES, CSV):
        assert client_for(reader).get(address, follow=True).status_code == 403
