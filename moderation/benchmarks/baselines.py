"""What the scanner's speed is compared with in the same run: a list of words, and a textbook classifier."""

import importlib
import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import ahocorasick_rs

from moderation.scanning.deciphering import HIDDEN

Stage = Callable[[Sequence[str]], object]

_LETTERS = re.compile(r"\w")


def keyword_list() -> Stage:
    """Looks for violent words in lower-cased texts, as whole words, with one automaton; no views, no frames, no offsets."""
    automaton = ahocorasick_rs.AhoCorasick(sorted(HIDDEN))

    def is_listed(text: str) -> bool:
        lowered = text.lower()
        return any(
            _is_word(lowered, start, end) for _, start, end in automaton.find_matches_as_indexes(lowered)
        )

    return lambda batch: [is_listed(text) for text in batch]


def _is_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not _LETTERS.match(before) and not _LETTERS.match(after)


def tf_idf(texts: Sequence[str], labels: Sequence[int]) -> Stage | None:
    """Weighted words with a logistic regression, learned from the very texts; None where scikit-learn is not installed.

    It belongs to the tools of testing and training, which a server does not have.
    """
    if find_spec("sklearn") is None:
        return None
    words = importlib.import_module("sklearn.feature_extraction.text").TfidfVectorizer(ngram_range=(1, 2))
    model = importlib.import_module("sklearn.linear_model").LogisticRegression()
    model.fit(words.fit_transform(texts), labels)
    return lambda batch: model.predict_proba(words.transform(batch))
