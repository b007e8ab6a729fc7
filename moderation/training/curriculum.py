"""Which examples the second stage learns from, and how long: all violent texts, and the harmless ones hardest to tell from them."""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from moderation.training.corpus import NATURAL, OWN, TALK_PAGES, Example

Numbers = npt.NDArray[np.float64]

HARDEST = {"en": 9_000, "de": 4_500}
"""Harmless natural texts by language that the first stage finds most violent; they are what the second stage is asked about."""
RANDOM = 5_000
"""Harmless natural texts of any kind beside them, so that the network does not forget what everyday talk is."""
TALK_SHARE = 0.4
REPEATED = 3
"""How often an epoch shows a violent text that somebody really wrote."""
OWN_REPEATED = 2
"""How often it shows what was written for this project: pairs that differ in what they mean more than in their words."""

EPOCHS = 2.0
FOLD_EPOCHS = 1.4
"""Networks that only serve to calibrate see half of the texts, a little less often."""


def choose(corpus: Sequence[Example], first_logits: Numbers, *, seed: int = 0) -> list[int]:
    """The examples that the network learns from, as indices; some stand in the list several times."""
    generator = random.Random(seed)  # noqa: S311  Drawing examples, not secrets.
    harmless = [n for n, one in enumerate(corpus) if one.file == NATURAL and not one.label]
    kept: set[int] = set()
    for language, count in HARDEST.items():
        own = [n for n in harmless if corpus[n].lang == language]
        kept.update(sorted(own, key=lambda n: -first_logits[n])[:count])
    others = [n for n in harmless if n not in kept]
    kept.update(generator.sample(others, min(RANDOM, len(others))))
    chosen: list[int] = []
    for number, example in enumerate(corpus):
        if example.file == OWN:
            chosen += [number] * OWN_REPEATED
        elif example.label:
            chosen += [number] * (REPEATED if example.file in {NATURAL, TALK_PAGES} else 1)
        elif example.file == NATURAL:
            chosen += [number] * (number in kept)
        elif example.file != TALK_PAGES or generator.random() < TALK_SHARE:
            chosen.append(number)
    return chosen
