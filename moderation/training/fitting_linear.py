"""Learning the first stage: a logistic regression on the hashed features."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from moderation.scanning.hashing import BUCKETS, gate_text, hash_batch
from moderation.scanning.normalising import fold
from moderation.scanning.segmenting import SEGMENT
from moderation.training.corpus import NATURAL, OWN, SYNTHETIC, TALK_PAGES, Example, without_traces

Numbers = npt.NDArray[np.float64]

INVERSE_REGULARISATION = 15.0
WEIGHTS = {
    (NATURAL, 1): 5.0,
    (TALK_PAGES, 1): 3.0,
    (SYNTHETIC, 0): 2.0,
    (OWN, 0): 0.5,
    (OWN, 1): 0.5,
}
"""How much an example of a file and label counts; all others count 1. Chosen on dev_natural."""
GERMAN_WEIGHTS = {(SYNTHETIC, 0): 0.3, (SYNTHETIC, 1): 0.3}
"""The same for German, where natural texts are fewer and templates would drown them."""

ITERATIONS = 250
"""Enough to converge on the whole corpus; tests on a handful of texts need only a few."""

_CHUNK = 2_000


def fit_linear(
    corpus: Sequence[Example], folds: npt.NDArray[np.int64], *, iterations: int = ITERATIONS
) -> tuple[Numbers, float, Numbers]:
    """Weights and bias learned from everything, and for every text the logit by a model that did not learn from its fold."""
    with threadpool_limits(limits=1):
        matrix = build_matrix([example.text for example in corpus])
        labels = np.array([example.label for example in corpus])
        costs = np.array([_weight(example) for example in corpus])
        unseen = np.zeros(len(labels))
        for fold_number in np.unique(folds):
            held_out = folds == fold_number
            model = _regression(iterations).fit(
                matrix[~held_out], labels[~held_out], sample_weight=costs[~held_out]
            )
            unseen[held_out] = model.decision_function(matrix[held_out])
        model = _regression(iterations).fit(matrix, labels, sample_weight=costs)
    return model.coef_[0], float(model.intercept_[0]), unseen


def _weight(example: Example) -> float:
    key = (example.file, example.label)
    own = GERMAN_WEIGHTS.get(key) if example.lang == "de" else None
    return WEIGHTS.get(key, 1.0) if own is None else own


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
