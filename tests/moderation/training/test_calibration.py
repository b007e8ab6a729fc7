"""Gates, weights and thresholds do what their names promise, on texts whose logits are known."""

from collections.abc import Sequence

import numpy as np
import pytest

from moderation.scanning.calibrating import logistic, read_calibration
from moderation.training.calibration import (
    ASKED_SHARE,
    HOLDS_PER_1000,
    RECALL_TARGET,
    STRICT_HOLDS_PER_1000,
    Logits,
    calibrate,
    gates,
)
from moderation.training.corpus import NATURAL, Example
from tests.moderation.scanning.stages import NO_RULES

BACKGROUND, VIOLENT, QUOTING = 4_000, 200, 200


def examples(count: int, *, label: int, kind: str) -> list[Example]:
    return [Example(f"{kind} {n}", label, "en", "test", "CC0", NATURAL, kind) for n in range(count)]


def make_corpus() -> list[Example]:
    return examples(BACKGROUND, label=0, kind="background: talk") + examples(VIOLENT, label=1, kind="violent")


def make_logits(corpus: Sequence[Example], gate: float = -np.inf) -> Logits:
    """Two stages that see the label through noise, the second one better than the first."""
    generator = np.random.default_rng(1)
    labels = np.array([example.label for example in corpus])
    first = 4.0 * labels - 5.0 + generator.normal(size=len(corpus))
    second = 7.0 * labels - 4.0 + generator.normal(size=len(corpus))
    second[first < gate] = np.nan
    return Logits(first, second, np.full(len(corpus), np.nan))


CORPUS = make_corpus()
GATE = gates(CORPUS, make_logits(CORPUS).first, ["en"])["en"]
LOGITS = make_logits(CORPUS, GATE)
ENTRY = calibrate("en", CORPUS, LOGITS, NO_RULES, GATE)
CALIBRATION = read_calibration(ENTRY)


def combined(number: int) -> float:
    return CALIBRATION.combined({"first": LOGITS.first[number], "second": LOGITS.second[number]})


def test_the_gate_passes_its_share_of_the_background() -> None:
    assert np.mean(LOGITS.first[:BACKGROUND] >= GATE) == pytest.approx(ASKED_SHARE["en"], abs=0.001)


def test_the_gate_does_not_look_at_texts_that_were_looked_for() -> None:
    only_background = CORPUS[:BACKGROUND]
    assert gates(only_background, LOGITS.first[:BACKGROUND], ["en"])["en"] == GATE


def test_no_more_background_texts_are_held_than_are_allowed() -> None:
    asked = np.flatnonzero(LOGITS.first[:BACKGROUND] >= GATE)
    held = sum(combined(int(number)) >= CALIBRATION.threshold for number in asked)
    assert held <= HOLDS_PER_1000 * BACKGROUND / 1000


def test_without_the_second_stage_more_are_held_and_still_no_more_than_allowed() -> None:
    held = int(np.sum(LOGITS.first[:BACKGROUND] >= CALIBRATION.strict_threshold))
    assert held == pytest.approx(STRICT_HOLDS_PER_1000 * BACKGROUND / 1000, abs=1)


def test_most_violent_texts_are_held() -> None:
    held = sum(combined(number) >= CALIBRATION.threshold for number in range(BACKGROUND, len(CORPUS)))
    assert held > 0.9 * VIOLENT


def test_the_mean_probability_of_texts_that_were_asked_is_their_share_of_violent_ones() -> None:
    asked = np.flatnonzero(~np.isnan(LOGITS.second))
    probabilities = [logistic(combined(int(number))) for number in asked]
    share = np.mean([CORPUS[number].label for number in asked])
    assert np.mean(probabilities) == pytest.approx(share, abs=0.01)


def test_both_stages_count_for_a_hold() -> None:
    assert CALIBRATION.both["second"] > 0
    assert CALIBRATION.first_alone["first"] > 0
    assert CALIBRATION.both["hidden"] > 0


def test_an_entry_is_what_the_scanner_reads() -> None:
    assert set(ENTRY) == {"gate", "both", "first_alone", "threshold", "strict_threshold"}


def quoted_weight(*, label_of_quotations: int | None) -> float:
    """The weight of quotations when the harmless (or no) texts are those that only quote."""
    labels = [n % 2 if label_of_quotations is None else label_of_quotations for n in range(QUOTING)]
    quoting = [Example(f"quote {n}", label, "en", "test", "CC0", "other") for n, label in enumerate(labels)]
    own = [Example(f"own {n}", n % 2, "en", "test", "CC0", "other") for n in range(QUOTING)]
    generator = np.random.default_rng(2)
    second = np.concatenate(
        [
            3.0 + generator.normal(size=QUOTING),
            np.array([3.0 if one.label else -3.0 for one in own]) + generator.normal(size=QUOTING),
        ]
    )
    unquoted = second - np.concatenate([np.full(QUOTING, 6.0), np.zeros(QUOTING)])
    logits = Logits(
        np.concatenate([LOGITS.first, np.zeros(2 * QUOTING)]),
        np.concatenate([LOGITS.second, second]),
        np.concatenate([LOGITS.unquoted, unquoted]),
    )
    weight: float = calibrate("en", [*CORPUS, *quoting, *own], logits, NO_RULES, GATE)["both"]["quoted"]
    return weight


def test_where_quoted_threats_are_harmless_quotations_count_against_a_hold() -> None:
    assert -CALIBRATION.both["second"] <= quoted_weight(label_of_quotations=0) < 0


def test_where_quoted_threats_are_violent_quotations_never_count_for_a_hold() -> None:
    assert quoted_weight(label_of_quotations=1) == 0


def test_without_quotations_to_learn_from_they_count_nothing() -> None:
    assert CALIBRATION.both["quoted"] == 0


def test_the_threshold_reaches_the_recall_target_where_the_budget_allows_it() -> None:
    asked = [n for n in range(len(CORPUS)) if not np.isnan(LOGITS.second[n])]
    held = {n for n in asked if combined(n) >= CALIBRATION.threshold}
    violent = range(BACKGROUND, BACKGROUND + VIOLENT)
    assert len(held & set(violent)) >= RECALL_TARGET * VIOLENT
    assert len(held - set(violent)) <= HOLDS_PER_1000 * BACKGROUND / 1000
