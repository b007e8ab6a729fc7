"""What the shipped scanner must be able to tell apart, class by class, on sentences that it never learned from.

`python3 manage.py test tests/moderation/scanning/test_functional.py -n0 -s` shows the figures.
"""

from dataclasses import dataclass

import pytest
from rich.console import Console
from rich.table import Table

from moderation.scanning.rulesets import read_ruleset
from moderation.scanning.scanner import DEFAULT_RULESET, Scanner
from moderation.taxonomy import Allowed, Violation
from moderation.training.corpus import read_own_examples
from tests.moderation.scanning.functional.reading import (
    LANGUAGES,
    Sentence,
    overlap,
    pair_up,
    read_sentences,
    words,
)

pytestmark = pytest.mark.parametrize("language", LANGUAGES)

AMBIGUOUS = Allowed.AMBIGUOUS.value
VIOLATIONS = tuple(Violation.values)
HARMLESS = tuple(klass for klass in Allowed.values if klass != AMBIGUOUS)
CLASSES = (*VIOLATIONS, *HARMLESS, AMBIGUOUS)

FEWEST_SENTENCES = 15
"""A class with fewer sentences than this would have a share that one sentence moves too far."""

LEAST_OVERLAP = 0.5
"""The share of words that the two of a pair have in common: below, topic alone would tell them apart."""

LEAST_HELD = {"en": 0.75, "de": 0.62}
"""The least share of all violations, V1 to V13, that is held."""

LEAST_CLEARED = {"en": 0.8, "de": 0.75}
"""The least share of harmless sentences, N1 to N9, that is cleared. N10 may be reviewed and is counted apart."""

LEAST_PAIRS = {"en": 0.57, "de": 0.38}
"""The least share of pairs with both sides right; who holds or clears everything gets none."""

LEAST_OF_A_CLASS = {"en": 0.55, "de": 0.5}
"""The least share right of every single class that is not named below."""

LEAST_OF_HARD_CLASSES = {
    ("de", Violation.THREAT_VEILED.value): 0.35,
    ("de", Violation.INSTRUCTIONS.value): 0.35,
    ("en", Violation.ADMISSION.value): 0.35,
    ("de", Violation.ADMISSION.value): 0.25,
}
"""The floors of classes that the scanner is weakest at: what is veiled, or told calmly as something done."""


@dataclass(frozen=True, slots=True)
class Results:
    """Which sentences of one language the scanner got right."""

    language: str
    right: dict[Sentence, bool]

    def share(self, sentences: list[Sentence]) -> float:
        return sum(self.right[sentence] for sentence in sentences) / len(sentences)

    def of(self, *classes: str) -> list[Sentence]:
        return [sentence for sentence in self.right if sentence.klass in classes]

    @property
    def pair_share(self) -> float:
        pairs = pair_up(self.right).values()
        return sum(all(self.right[sentence] for sentence in pair) for pair in pairs) / len(pairs)


def judge(scanner: Scanner, language: str) -> Results:
    sentences = read_sentences(language)
    verdicts = scanner.scan([sentence.text for sentence in sentences], langs=[language] * len(sentences))
    # An error holds: it must not count as a violation that was understood.
    assert not any(verdict.is_error for verdict in verdicts)
    right = {
        sentence: (verdict.verdict == "hold") is sentence.is_violation
        for sentence, verdict in zip(sentences, verdicts, strict=True)
    }
    return Results(language, right)


def report(all_results: dict[str, Results]) -> Table:
    table = Table(title="Functional suite: right by class")
    table.add_column("class")
    for language in all_results:
        for heading in ("sentences", "right", "share"):
            table.add_column(f"{language} {heading}", justify="right")
    rows = {klass: (klass,) for klass in CLASSES}
    for name, classes in {**rows, "V1-V13": VIOLATIONS, "N1-N9": HARMLESS}.items():
        cells = [cell for results in all_results.values() for cell in _cells(results, classes)]
        table.add_row(name, *cells)
    pairs = [
        cell
        for results in all_results.values()
        for cell in (str(len(pair_up(results.right))), "", f"{results.pair_share:.1%}")
    ]
    table.add_row("pairs", *pairs)
    return table


def _cells(results: Results, classes: tuple[str, ...]) -> tuple[str, str, str]:
    sentences = results.of(*classes)
    right = sum(results.right[sentence] for sentence in sentences)
    return str(len(sentences)), str(right), f"{results.share(sentences):.1%}"


@pytest.fixture(scope="module")
def all_results() -> dict[str, Results]:
    scanner = Scanner.load()
    results = {language: judge(scanner, language) for language in LANGUAGES}
    Console(width=100).print(report(results))
    return results


@pytest.fixture
def results(all_results: dict[str, Results], language: str) -> Results:
    return all_results[language]


def test_every_class_has_enough_sentences(language: str) -> None:
    classes = [sentence.klass for sentence in read_sentences(language)]
    assert set(classes) == set(CLASSES)
    assert [klass for klass in CLASSES if classes.count(klass) < FEWEST_SENTENCES] == []


def test_a_pair_is_one_violation_beside_one_harmless_sentence(language: str) -> None:
    kinds = {
        pair: sorted(one.is_violation for one in both)
        for pair, both in pair_up(read_sentences(language)).items()
    }
    assert {pair: kind for pair, kind in kinds.items() if kind != [False, True]} == {}


def test_the_two_of_a_pair_share_most_of_their_words(language: str) -> None:
    overlaps = {
        pair: overlap(one.text, other.text)
        for pair, (one, other) in pair_up(read_sentences(language)).items()
    }
    assert {pair: share for pair, share in overlaps.items() if share < LEAST_OVERLAP} == {}


def test_no_sentence_is_counted_twice(language: str) -> None:
    everything = [words(sentence.text) for sentence in read_sentences(language)]
    assert len(set(everything)) == len(everything)


def test_the_scanner_never_learned_from_a_sentence(language: str) -> None:
    learned = {words(example.text) for example in read_own_examples(read_ruleset(DEFAULT_RULESET))}
    assert [one.text for one in read_sentences(language) if words(one.text) in learned] == []


def test_enough_violations_are_held(results: Results) -> None:
    assert results.share(results.of(*VIOLATIONS)) >= LEAST_HELD[results.language]


def test_enough_harmless_sentences_are_cleared(results: Results) -> None:
    assert results.share(results.of(*HARMLESS)) >= LEAST_CLEARED[results.language]


def test_enough_pairs_are_told_apart(results: Results) -> None:
    assert results.pair_share >= LEAST_PAIRS[results.language]


def test_no_class_is_left_behind(results: Results) -> None:
    behind = {}
    for klass in CLASSES:
        share = results.share(results.of(klass))
        floor = LEAST_OF_HARD_CLASSES.get((results.language, klass), LEAST_OF_A_CLASS[results.language])
        if share < floor:
            behind[klass] = (share, floor)
    assert behind == {}
