"""Spans in a text, pure: nothing is lost, nothing stands twice."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.highlighting import Part, compare, highlight

SPANS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["rule", "classifier", "known_bad", "error"]),
            "name": st.text(max_size=5),
            "start": st.integers(-5, 30),
            "end": st.integers(-5, 30),
            "role": st.sampled_from(["", "target", "method", "strange"]),
        }
    ),
    max_size=8,
)


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
