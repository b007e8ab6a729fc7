"""What the second stage learns from: every violent text, and the harmless ones that are hardest to tell from them."""

import numpy as np

from moderation.training.corpus import NATURAL, OWN, SYNTHETIC, TALK_PAGES, Example
from moderation.training.curriculum import HARDEST, RANDOM, REPEATED, choose


def examples(count: int, *, label: int = 0, file: str = NATURAL, lang: str = "de") -> list[Example]:
    return [Example(f"{file} {label} {n}", label, lang, "test", "CC0", file) for n in range(count)]


def test_every_violent_text_is_learned_from_and_real_ones_more_often() -> None:
    corpus = examples(2, label=1) + examples(2, label=1, file=SYNTHETIC)
    chosen = choose(corpus, np.zeros(len(corpus)))
    assert [chosen.count(n) for n in range(4)] == [REPEATED, REPEATED, 1, 1]


def test_of_many_harmless_texts_the_hardest_are_kept_and_some_others() -> None:
    corpus = examples(HARDEST["de"] + 2 * RANDOM)
    logits = -np.arange(len(corpus), dtype=np.float64)
    chosen = choose(corpus, logits)
    assert set(range(HARDEST["de"])) <= set(chosen)
    assert len(chosen) == len(set(chosen)) == HARDEST["de"] + RANDOM


def test_the_same_corpus_gives_the_same_choice() -> None:
    corpus = examples(300, file=TALK_PAGES) + examples(20, file=OWN)
    assert choose(corpus, np.zeros(320)) == choose(corpus, np.zeros(320))


def test_some_of_the_talk_pages_and_all_of_our_own_are_learned_from() -> None:
    corpus = examples(300, file=TALK_PAGES) + examples(20, file=OWN)
    chosen = choose(corpus, np.zeros(320))
    assert 60 < sum(n < 300 for n in chosen) < 180
    assert set(range(300, 320)) <= set(chosen)
