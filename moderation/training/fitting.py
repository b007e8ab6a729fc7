"""Fitting the linear classifier, its calibration and its thresholds; the same corpus gives the same bytes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from moderation.scanning.classifying import FEATURES, SEGMENT, Calibration, thresholds_version
from moderation.scanning.hashing import BUCKETS, gate_text, hash_batch
from moderation.scanning.languages import LANGUAGES
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views, fold
from moderation.scanning.policy import worst_severity
from moderation.training.corpus import NATURAL, SYNTHETIC, TALK_PAGES, WRITTEN_HERE, Example, without_traces

Numbers = npt.NDArray[np.float64]

INVERSE_REGULARISATION = 40.0
WEIGHTS = {
    (NATURAL, 1): 5.0,
    (TALK_PAGES, 1): 3.0,
    (SYNTHETIC, 0): 2.0,
    (WRITTEN_HERE.name, 0): 4.0,
    (WRITTEN_HERE.name, 1): 3.0,
}
"""How much an example of a file and label counts; all others count 1. Chosen on dev_natural."""

HOLDS_PER_1000 = 3.5
"""Where the thresholds are put: holds by the classifier alone per 1,000 natural texts labelled harmless."""

FOLDS = 3
_CHUNK = 2_000
ITERATIONS = 250
"""Enough to converge on the whole corpus; tests on a handful of texts need only a few."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted artefact: the bytes of the weights and the manifest that belongs to them."""

    content: bytes
    manifest: dict[str, Any]

    def write(self, path: Path) -> None:
        path.write_bytes(self.content)
        path.with_suffix(".json").write_text(json.dumps(self.manifest, indent=2, sort_keys=True) + "\n")


def fit(corpus: Sequence[Example], matcher: Matcher, *, iterations: int = ITERATIONS) -> Fitted:
    """Learns weights from the whole corpus, and calibration from predictions for texts that did not teach their model."""
    with threadpool_limits(limits=1):
        matrix = build_matrix([example.text for example in corpus])
        labels = np.array([example.label for example in corpus])
        costs = np.array([WEIGHTS.get((example.file, example.label), 1.0) for example in corpus])
        unseen = _logits_out_of_fold(matrix, labels, costs, iterations)
        model = _regression(iterations).fit(matrix, labels, sample_weight=costs)
    content = _pack(model.coef_[0], float(model.intercept_[0]))
    calibration = {language: asdict(_calibrate(language, corpus, unseen, matcher)) for language in LANGUAGES}
    return Fitted(content, _manifest(corpus, content, calibration, matcher.version))


def build_matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    """The features of `hashing` as a sparse matrix: words in the first block of columns, characters in the second."""
    pieces = [gate_text(fold(without_traces(text))[: 4 * SEGMENT]) for text in texts]
    return sparse.vstack(
        [_chunk(pieces[start : start + _CHUNK]) for start in range(0, len(pieces), _CHUNK)]
    ).tocsr()


def _chunk(pieces: list[str]) -> sparse.csr_matrix:
    rows, columns, values = [], [], []
    for number, block in enumerate(hash_batch(pieces)):
        sizes = np.sqrt(np.maximum(block.counts(len(pieces)), 1))
        rows.append(block.owners)
        columns.append(block.buckets.astype(np.int64) + number * BUCKETS)
        values.append((1.0 / sizes[block.owners]).astype(np.float32))
    coordinates = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), coordinates), shape=(len(pieces), 2 * BUCKETS))


def _regression(iterations: int) -> LogisticRegression:
    return LogisticRegression(C=INVERSE_REGULARISATION, max_iter=iterations, tol=1e-6)


def _logits_out_of_fold(
    matrix: sparse.csr_matrix, labels: npt.NDArray[np.int64], costs: Numbers, iterations: int
) -> Numbers:
    """The logit of every text by a model that did not see it."""
    folds = np.random.default_rng(0).permutation(len(labels)) % FOLDS
    logits = np.zeros(len(labels))
    for fold_number in range(FOLDS):
        held_out = folds == fold_number
        model = _regression(iterations).fit(
            matrix[~held_out], labels[~held_out], sample_weight=costs[~held_out]
        )
        logits[held_out] = model.decision_function(matrix[held_out])
    return logits


def _calibrate(language: str, corpus: Sequence[Example], logits: Numbers, matcher: Matcher) -> Calibration:
    """Platt scaling with what the rules found as a second input, on natural texts at natural prevalence."""
    chosen = [
        index for index, example in enumerate(corpus) if example.file == NATURAL and example.lang == language
    ]
    labels = np.array([corpus[index].label for index in chosen])
    severities = [worst_severity(matcher.find(Views(corpus[index].text))) for index in chosen]
    inputs = np.column_stack(
        [logits[chosen], [s == "mid" for s in severities], [s == "high" for s in severities]]
    )
    scaling = LogisticRegression(C=100.0, max_iter=1000).fit(inputs, labels)
    slope, mid, high = scaling.coef_[0]
    harmless = np.sort(logits[chosen][labels == 0])
    threshold = harmless[len(harmless) - 1 - int(len(harmless) * HOLDS_PER_1000 / 1000)]
    figures = (slope, scaling.intercept_[0], mid, high, threshold)
    return Calibration(*(round(float(figure), 6) for figure in figures))


def _pack(weights: Numbers, bias: float) -> bytes:
    buffer = BytesIO()
    np.savez_compressed(
        buffer, weights=weights.reshape(2, BUCKETS).astype(np.float16), bias=np.float64(round(bias, 9))
    )
    return buffer.getvalue()


def _manifest(
    corpus: Sequence[Example], content: bytes, calibration: dict[str, Any], ruleset: str
) -> dict[str, Any]:
    sources: dict[str, dict[str, Any]] = {}
    for example in corpus:
        entry = sources.setdefault(example.source, {"licence": example.licence, "texts": 0, "positives": 0})
        entry["texts"] += 1
        entry["positives"] += example.label
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "features": FEATURES,
        "calibration": calibration,
        "thresholds_version": thresholds_version(calibration),
        "criterion": f"at most {HOLDS_PER_1000:g} holds per 1,000 natural harmless texts by the classifier alone",
        "calibrated_with_ruleset": ruleset,
        "learned_from": sources,
    }
