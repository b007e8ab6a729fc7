"""Learning an artefact: both stages, their calibration and thresholds; the same corpus and seed give the same model."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from moderation.scanning.calibrating import thresholds_version
from moderation.scanning.classifying import SPECIFICATION
from moderation.scanning.hashing import BUCKETS
from moderation.scanning.languages import LANGUAGES
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.training.calibration import CRITERION, Logits, calibrate, gates
from moderation.training.corpus import NATURAL, Example
from moderation.training.curriculum import EPOCHS, FOLD_EPOCHS, choose
from moderation.training.fitting_linear import ITERATIONS, Numbers, fit_linear

_LINEAR_FOLDS, _ENCODER_FOLDS = 3, 2

Report = Callable[[str], None]


class SecondStage(Protocol):
    """How the second stage is learned; `fitting_encoder` is the one, and stays apart because of what it needs installed."""

    def tune(self, corpus: Sequence[Example], chosen: Sequence[int], *, epochs: float, report: Report) -> Any:
        """A network that learned from the chosen examples."""

    def score(self, network: Any, texts: Sequence[str]) -> Numbers:
        """Its logits for texts as they were written."""

    def export(self, network: Any) -> bytes:
        """What `scanning.encoding` loads."""

    def read_vocabulary(self) -> str:
        """The JSON of its tokenizer."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted artefact: the bytes of the weights and the manifest that belongs to them."""

    content: bytes
    manifest: dict[str, Any]

    def write(self, path: Path) -> None:
        path.write_bytes(self.content)
        path.with_suffix(".json").write_text(json.dumps(self.manifest, indent=2, sort_keys=True) + "\n")


def fit(
    corpus: Sequence[Example],
    matcher: Matcher,
    second_stage: SecondStage,
    report: Report,
    *,
    iterations: int = ITERATIONS,
) -> tuple[Fitted, Logits]:
    """Learns from the whole corpus, and calibrates on logits for texts that did not teach their model."""
    report("First stage: three folds to calibrate, then everything.")
    weights, bias, first = fit_linear(corpus, _folds(len(corpus), _LINEAR_FOLDS), iterations=iterations)
    logits = _encoder_logits(corpus, first, matcher, second_stage, report)
    report("Second stage: everything.")
    network = second_stage.tune(corpus, choose(corpus, first), epochs=EPOCHS, report=report)
    content = _pack(weights, bias, second_stage.export(network), second_stage.read_vocabulary())
    return Fitted(content, make_manifest(corpus, content, logits, matcher)), logits


def _folds(count: int, folds: int) -> Any:
    return np.random.default_rng(0).permutation(count) % folds


def _encoder_logits(
    corpus: Sequence[Example], first: Numbers, matcher: Matcher, second_stage: SecondStage, report: Report
) -> Logits:
    """What networks say that learned from the other half: of natural texts that the gate passes, and of quotations."""
    chosen, folds = choose(corpus, first), _folds(len(corpus), _ENCODER_FOLDS)
    unquoted = [Views(example.text).unquoted for example in corpus]
    asked = _asked(corpus, first, matcher)
    wanted = [n for n in range(len(corpus)) if n in asked or unquoted[n] is not None]
    second, without = np.full(len(corpus), np.nan), np.full(len(corpus), np.nan)
    for number in range(_ENCODER_FOLDS):
        report(f"Second stage: fold {number + 1} of {_ENCODER_FOLDS}, to calibrate.")
        network = second_stage.tune(
            corpus, [n for n in chosen if folds[n] != number], epochs=FOLD_EPOCHS, report=report
        )
        unseen = [n for n in wanted if folds[n] == number]
        quoting = [n for n in unseen if unquoted[n] is not None]
        second[unseen] = second_stage.score(network, [corpus[n].text for n in unseen])
        without[quoting] = second_stage.score(network, [unquoted[n] or "" for n in quoting])
    return Logits(first, second, without)


def _asked(corpus: Sequence[Example], first: Numbers, matcher: Matcher) -> set[int]:
    """The natural texts that the second stage reads: over the gate of their language, or hit by a rule."""
    gate = gates(corpus, first, LANGUAGES)
    return {
        n
        for n, one in enumerate(corpus)
        if one.file == NATURAL and (first[n] >= gate.get(one.lang, np.inf) or matcher.find(Views(one.text)))
    }


def _pack(weights: Numbers, bias: float, network: bytes, vocabulary: str) -> bytes:
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        weights=weights.reshape(2, BUCKETS).astype(np.float16),
        bias=np.float64(round(bias, 9)),
        encoder=np.frombuffer(network, dtype=np.uint8),
        vocabulary=np.frombuffer(vocabulary.encode(), dtype=np.uint8),
    )
    return buffer.getvalue()


def make_manifest(
    corpus: Sequence[Example], content: bytes, logits: Logits, matcher: Matcher
) -> dict[str, Any]:
    """What stands beside the weights: their digest, what they were learned for and from, calibration and thresholds."""
    gate = gates(corpus, logits.first, LANGUAGES)
    calibration = {
        language: calibrate(language, corpus, logits, matcher, gate[language]) for language in LANGUAGES
    }
    sources: dict[str, dict[str, Any]] = {}
    for example in corpus:
        entry = sources.setdefault(example.source, {"licence": example.licence, "texts": 0, "positives": 0})
        entry["texts"] += 1
        entry["positives"] += example.label
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "features": SPECIFICATION,
        "calibration": calibration,
        "thresholds_version": thresholds_version(calibration),
        "criterion": CRITERION,
        "calibrated_with_ruleset": matcher.version,
        "learned_from": sources,
    }
