"""Learning an artefact: both stages, their calibration and thresholds; the same corpus and seed give the same model."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from moderation.scanning.calibrating import thresholds_version
from moderation.scanning.classifying import SPECIFICATION
from moderation.scanning.hashing import BUCKETS
from moderation.scanning.languages import LANGUAGES
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.training import fitting_encoder
from moderation.training.calibration import CRITERION, Logits, calibrate, gates
from moderation.training.corpus import NATURAL, Example
from moderation.training.fitting_encoder import EPOCHS, FOLD_EPOCHS, Report, read_vocabulary
from moderation.training.fitting_linear import Numbers, fit_linear

_LINEAR_FOLDS, _ENCODER_FOLDS = 3, 2


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted artefact: the bytes of the weights and the manifest that belongs to them."""

    content: bytes
    manifest: dict[str, Any]

    def write(self, path: Path) -> None:
        path.write_bytes(self.content)
        path.with_suffix(".json").write_text(json.dumps(self.manifest, indent=2, sort_keys=True) + "\n")


def fit(corpus: Sequence[Example], matcher: Matcher, report: Report) -> tuple[Fitted, Logits]:
    """Learns from the whole corpus, and calibrates on logits for texts that did not teach their model."""
    report("First stage: three folds to calibrate, then everything.")
    weights, bias, first = fit_linear(corpus, _folds(len(corpus), _LINEAR_FOLDS))
    logits = _encoder_logits(corpus, first, matcher, report)
    report("Second stage: everything.")
    chosen = fitting_encoder.choose(corpus, first)
    network = fitting_encoder.tune(corpus, chosen, epochs=EPOCHS, report=report)
    content = _pack(weights, bias, fitting_encoder.export(network))
    return Fitted(content, make_manifest(corpus, content, logits, matcher)), logits


def _folds(count: int, folds: int) -> Any:
    return np.random.default_rng(0).permutation(count) % folds


def _encoder_logits(
    corpus: Sequence[Example], first: Numbers, matcher: Matcher, report: Report
) -> Logits:
    """What networks say that learned from the other half: of natural texts that the gate passes, and of quotations."""
    chosen, folds = fitting_encoder.choose(corpus, first), _folds(len(corpus), _ENCODER_FOLDS)
    unquoted = [Views(example.text).unquoted for example in corpus]
    asked = _asked(corpus, first, matcher)
    wanted = [n for n in range(len(corpus)) if n in asked or unquoted[n] is not None]
    second, without = np.full(len(corpus), np.nan), np.full(len(corpus), np.nan)
    for number in range(_ENCODER_FOLDS):
        report(f"Second stage: fold {number + 1} of {_ENCODER_FOLDS}, to calibrate.")
        network = fitting_encoder.tune(
            corpus, [n for n in chosen if folds[n] != number], epochs=FOLD_EPOCHS, report=report
        )
        unseen = [n for n in wanted if folds[n] == number]
        quoting = [n for n in unseen if unquoted[n] is not None]
        second[unseen] = fitting_encoder.score(network, [corpus[n].text for n in unseen])
        without[quoting] = fitting_encoder.score(network, [unquoted[n] or "" for n in quoting])
    return Logits(first, second, without)


def _asked(corpus: Sequence[Example], first: Numbers, matcher: Matcher) -> set[int]:
    """The natural texts that the second stage reads: over the gate of their language, or hit by a rule."""
    gate = gates(corpus, first, LANGUAGES)
    return {
        n
        for n, one in enumerate(corpus)
        if one.file == NATURAL
        and (first[n] >= gate.get(one.lang, np.inf) or matcher.find(Views(one.text)))
    }


def _pack(weights: Numbers, bias: float, network: bytes) -> bytes:
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        weights=weights.reshape(2, BUCKETS).astype(np.float16),
        bias=np.float64(round(bias, 9)),
        encoder=np.frombuffer(network, dtype=np.uint8),
        vocabulary=np.frombuffer(read_vocabulary().encode(), dtype=np.uint8),
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
