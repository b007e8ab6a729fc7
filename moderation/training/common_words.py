"""Counting the words that posts are made of, for `scanning.common_words`."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from moderation.scanning.deciphering import ADDRESS, HIDDEN
from moderation.scanning.languages import LANGUAGES
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
    "# Common words of posts, folded, and how often they were counted in English and in German ones.\n"
    "# Made by `manage.py make_common_words`; do not edit.\n"
)

_WORD = re.compile(r"(?<![\w'])[a-z]+(?:'[a-z]+)?(?![\w'])")
_ONE_LETTER = re.compile(r"([a-z])\1+")


def count_words(corpus: Iterable[Example]) -> dict[str, tuple[int, ...]]:
    """How often the common words occur, by language in the order of LANGUAGES.

    Every hidden word is common, and so is what examples written for this project repeat.
    """
    counts = {language: Counter(dict.fromkeys(HIDDEN, FEWEST)) for language in LANGUAGES}
    sources: dict[str, set[str]] = defaultdict(set)
    for example in corpus:
        if example.file in {NATURAL, TALK_PAGES, OWN} and example.lang in counts:
            words = _WORD.findall(ADDRESS.sub(" ", fold(without_traces(example.text))))
            counts[example.lang].update(words)
            for word in words:
                sources[word].add(OWN if example.file == OWN else example.source)
    totals = sum(counts.values(), Counter[str]())
    return {
        word: tuple(counts[language][word] for language in LANGUAGES)
        for word in sorted(totals)
        if (word in HIDDEN or _is_common(totals[word], sources[word])) and _is_word(word)
    }


def _is_common(count: int, sources: set[str]) -> bool:
    return (OWN in sources and count >= FEWEST_WRITTEN) or (
        count >= FEWEST and len(sources) >= FEWEST_SOURCES
    )


def _is_word(word: str) -> bool:
    return (len(word) > 1 or word in SINGLE_LETTERS) and not _ONE_LETTER.fullmatch(word)
