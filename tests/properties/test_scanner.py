"""Whatever is written: the scanner gives a verdict, says where in the text its reasons are, and heeds no neighbour."""

from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.scanning.policy import Verdict
from moderation.scanning.scanner import Circumstances, Scanner
from tests.moderation.scanning.stages import NO_RULES, make_classifier
from tests.properties.texts import written

SCANNER = Scanner.load()
circumstances = st.builds(Circumstances, is_new_account=st.booleans(), is_heated_thread=st.booleans())
languages = st.sampled_from([None, "en", "de", "fr"])


def is_sound(text: str, verdict: Verdict) -> bool:
    """No error, a probability, and reasons that lie in the text and are there exactly when it is held."""
    return (
        not verdict.is_error
        and 0 <= verdict.score <= 1
        and (verdict.verdict == "hold") == bool(verdict.reasons)
        and all(0 <= reason.start < reason.end <= len(text) for reason in verdict.reasons)
        and all(0 <= reason.score <= 1 for reason in verdict.reasons)
    )


@given(st.lists(written, max_size=5), languages)
@settings(max_examples=100, deadline=None)
def test_no_text_raises_and_every_reason_lies_in_its_text(texts: list[str], language: str | None) -> None:
    verdicts = SCANNER.scan(texts, langs=[language] * len(texts))
    assert all(is_sound(text, verdict) for text, verdict in zip(texts, verdicts, strict=True))


@given(written, st.floats(-10, 10))
@settings(max_examples=200, deadline=None)
def test_what_the_classifier_holds_is_shown_in_the_text(text: str, logit: float) -> None:
    classifier = make_classifier(first=lambda piece: 1.0, second=lambda piece: logit)
    (verdict,) = Scanner(NO_RULES, classifier).scan([text])
    assert is_sound(text, verdict)


@given(st.lists(written, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_verdict_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    assert SCANNER.scan(texts) == [SCANNER.scan([text])[0] for text in texts]


@given(written, circumstances)
@settings(max_examples=60, deadline=None)
def test_what_is_held_in_calm_is_held_in_any_circumstances(text: str, around: Circumstances) -> None:
    calm, careful = SCANNER.scan([text] * 2, circumstances=[Circumstances(), around])
    assert calm.verdict == "clear" or careful.verdict == "hold"
    assert calm.score == careful.score


@given(st.lists(written, max_size=5), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_any_budget_gives_sound_verdicts(texts: list[str], budget: int) -> None:
    verdicts = SCANNER.scan(texts, budget=budget)
    assert all(is_sound(text, verdict) for text, verdict in zip(texts, verdicts, strict=True))
    assert sum(verdict.stage == "linear and encoder" for verdict in verdicts) <= budget
