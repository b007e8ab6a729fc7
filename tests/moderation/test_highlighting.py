"""Spans in a text: nothing is lost, nothing stands twice; and what the page of a case says of them, in words that people know."""

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from moderation import queueing
from moderation.highlighting import Part, Role, compare, highlight
from moderation.models import Case, Origin, Scan
from moderation.models.scans import Verdict
from moderation.scanning import matching
from posts import publishing
from tests import factories

SPANS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["rule", "classifier", "known_bad", "error"]),
            "name": st.text(max_size=5),
            "start": st.integers(-5, 30),
            "end": st.integers(-5, 30),
            "role": st.sampled_from(["", "target", "method", "mood", "strange"]),
        }
    ),
    max_size=8,
)


@pytest.fixture(autouse=True)
def _in_english():
    """A request before this one may have left another language behind."""
    with translation.override("en"):
        yield


def rule(start, end, role="", name="r"):
    return {"kind": "rule", "name": name, "start": start, "end": end, "score": 1.0, "role": role}


def test_a_span_is_cut_out():
    assert highlight("burn it down", [rule(5, 7, "target")]) == [
        Part("burn "),
        Part("it", "target", "r (target)"),
        Part(" down"),
    ]


def test_where_spans_overlap_both_are_named_and_the_act_gives_the_colour():
    parts = highlight("kill them all", [rule(0, 13), rule(0, 4, "method"), rule(5, 9, "target")])
    assert [(part.text, part.role) for part in parts] == [
        ("kill", "method"),
        (" ", "rule"),
        ("them", "target"),
        (" all", "rule"),
    ]
    assert parts[0].title == "r, r (method)"


def test_every_role_that_a_rule_may_name_has_its_words():
    assert set(matching.ROLES) <= set(Role.values)
    (part,) = highlight("burn", [rule(0, 4, "mood")])
    assert part == Part("burn", "mood", "r (mood)")


def test_a_title_says_what_was_found_and_not_how_a_stage_is_called():
    reasons = [
        {"kind": "classifier", "name": "linear and encoder", "start": 0, "end": 4, "score": 0.9, "role": ""},
        {"kind": "known_bad", "name": "near copy", "start": 0, "end": 4, "score": 0.9, "role": ""},
    ]
    (part,) = highlight("burn", reasons)
    assert part == Part("burn", "classifier", "what weighed most for the model, copy of a known text")
    with translation.override("de"):
        (part,) = highlight("burn", reasons[1:])
    assert part.title == "Kopie eines bekannten Textes"


def test_an_error_marks_nothing():
    assert highlight("text", [{"kind": "error", "name": "model", "start": 0, "end": 4}]) == [Part("text")]


@given(st.text(max_size=25), SPANS)
def test_the_text_stays_what_it_is(text, spans):
    parts = highlight(text, spans)
    assert "".join(part.text for part in parts) == text
    assert all(part.text for part in parts)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_comparison_holds_both_texts(old, new):
    parts = compare(old, new)
    assert "".join(part.text for part in parts if part.role != "added") == old
    assert "".join(part.text for part in parts if part.role != "removed") == new


@pytest.fixture
def case_page(author, moderator, client_for):
    """The page of a case whose scan found these names, in the moderator's language."""

    def show(kind, *names, is_capped=False, language="en"):
        post = factories.make_pending_post(author=author, text="Burn it down")
        (held,) = publishing.hold_pending([post.get_latest_revision()])
        scan = Scan.objects.create(
            revision=held,
            sha256=held.sha256,
            verdict=Verdict.HOLD,
            score=0.6,
            violation="V1",
            is_capped=is_capped,
            reasons=[
                {"kind": kind, "name": name, "start": 0, "end": 4, "score": 0.6, "role": ""} for name in names
            ],
        )
        queueing.open_case(held, origin=Origin.SCAN, violation="V1", scan=scan)
        moderator.language = language
        moderator.save()
        address = reverse("admin:moderation_case_change", args=[Case.objects.get().pk])
        return client_for(moderator).get(address).content.decode()

    return show


@pytest.mark.parametrize(
    ("kind", "name", "english", "german"),
    [
        (
            "known_bad",
            "exact copy",
            "exact copy of a known text",
            "genaue Kopie eines bekannten Textes",
        ),
        (
            "known_bad",
            "near copy",
            "slightly changed copy of a known text",
            "leicht geänderte Kopie eines bekannten Textes",
        ),
        (
            "classifier",
            "linear",
            "the model, after its first reading",
            "das Modell, nach dem ersten Durchgang",
        ),
        (
            "classifier",
            "linear and encoder",
            "the model, after both readings",
            "das Modell, nach beiden Durchgängen",
        ),
        (
            "classifier",
            "over the cap",
            "the model, after its first reading alone",
            "das Modell, allein nach dem ersten Durchgang",
        ),
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_says_who_found_it_in_words(case_page, kind, name, english, german, language):
    page = case_page(kind, name, language=language)
    assert f"<strong>{english if language == 'en' else german}</strong>" in page
    assert name not in page.replace(english, "")


def test_the_page_says_when_the_second_reading_was_not_possible(case_page):
    assert "the second reading was not possible" in case_page("classifier", "over the cap", is_capped=True)


def test_the_page_is_silent_about_it_otherwise(case_page):
    assert "Judged more strictly" not in case_page("classifier", "linear and encoder")
