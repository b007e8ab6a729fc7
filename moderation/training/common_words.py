"""Counting the words that posts are made of, for `scanning.common_words`."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from moderation.scanning.deciphering import ADDRESS, HIDDEN
from moderation.scanning.normalising import fold
from moderation.training.corpus import NATURAL, OWN, TALK_PAGES, Example, without_traces

FEWEST = 5
"""Times that a word must occur in what people wrote ..."""
FEWEST_SOURCES = 2
"""... in at least so many sources, so that what one collection is about does not count as common."""
FEWEST_WRITTEN = 2
"""The same for words of the examples that were written here: those that occur once may be slips."""
SINGLE_LETTERS = frozenset("aiu")

HEADER = (
    "# Common words of English and German posts, folded, and how often they were counted.\n"
    "# Made by `manage.py make_common_words`; do not edit.\n"
)

_WORD = re.compile(r"(?<![\w'])[a-z]+(?:'[a-z]+)?(?![\w'])")
_ONE_LETTER = re.compile(r"([a-z])\1+")


def count_words(corpus: Iterable[Example]) -> dict[str, int]:
    """How often the common words occur; every hidden one is common, and so is what examples written for this project repeat."""
    counts: Counter[str] = Counter(dict.fromkeys(HIDDEN, FEWEST))
    sources: dict[str, set[str]] = defaultdict(set)
    written: set[str] = set()
    for example in corpus:
        if example.file not in {NATURAL, TALK_PAGES, OWN}:
            continue
        words = _WORD.findall(ADDRESS.sub(" ", fold(without_traces(example.text))))
        counts.update(words)
        for word in words:
            sources[word].add(example.source)
        if example.file == OWN:
            written.update(words)
    kept = HIDDEN | {word for word in written if counts[word] >= FEWEST_WRITTEN}
    kept |= {word for word in counts if counts[word] >= FEWEST and len(sources[word]) >= FEWEST_SOURCES}
    return {
        word: counts[word]
        for word in sorted(kept)
        if (len(word) > 1 or word in SINGLE_LETTERS) and not _ONE_LETTER.fullmatch(word)
    }
