"""Combining the stages and choosing thresholds, from logits for texts that did not teach the model that gave them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.policy import worst_severity
from moderation.training.corpus import NATURAL, Example

Numbers = npt.NDArray[np.float64]

ASKED_SHARE = {"en": 0.08, "de": 0.03}
"""Share of background texts that the second stage reads, by language: as many as 2,000 texts a second and core leave time for,
and more where it reads better."""
HOLDS_PER_1000 = 3.5
"""The most holds by the classifier per 1,000 background texts."""
STRICT_HOLDS_PER_1000 = 20.0
"""The same where the second stage could not be asked: rather too many than too few."""
MISS_COST = 30.0
"""A violent text that is shown is taken to be as bad as so many harmless ones that wait for a person."""
RECALL_TARGET = 0.75
"""The share of violent texts that is to be held, if that many holds of harmless ones allow it."""
FIRST_TO_SECOND = {"en": 0.7, "de": 3.0}
"""What the first logit counts beside the second one, by language. Chosen on dev_natural, not learned: the networks that give logits for
unseen texts learned from half of them, and would make the whole network count too little. The second stage reads English better."""
MOST_OF_A_RULE = 2.5
"""The most log-odds that a rule's hit adds. The rules were written beside the texts that calibrate, and look better there than they are."""
HIDDEN_WEIGHT = 0.05
"""What wholly hidden typing adds to the log-odds. Set, not learned: hardly any natural text does it, and no harmless one has
a reason to."""
_INVERSE_REGULARISATION = 100.0
CRITERION = (
    f"the classifier holds from the probability 1/{MISS_COST + 1:g} (a miss costs as much as {MISS_COST:g} needless holds), from a "
    f"lower one where {RECALL_TARGET:.0%} of violent texts are not held by that, but at most {HOLDS_PER_1000:g} of 1,000 background texts"
)


@dataclass(frozen=True, slots=True)
class Logits:
    """For every text of a corpus; NaN where the second stage was not asked, or where there is no quotation."""

    first: Numbers
    second: Numbers
    unquoted: Numbers


def gates(corpus: Sequence[Example], first: Numbers, languages: Sequence[str]) -> dict[str, float]:
    """By language the first logit that ASKED_SHARE of the background texts reach."""
    found = {}
    for language in languages:
        background = [n for n, one in enumerate(corpus) if one.is_background and one.lang == language]
        found[language] = round(float(np.quantile(first[background], 1 - ASKED_SHARE[language])), 6)
    return found


def calibrate(
    language: str, corpus: Sequence[Example], logits: Logits, matcher: Matcher, gate: float
) -> dict[str, Any]:
    """The entry of one language in a manifest (see `scanning.calibrating`)."""
    chosen = np.array([n for n, one in enumerate(corpus) if one.file == NATURAL and one.lang == language])
    labels = np.array([corpus[n].label for n in chosen])
    rules = _rule_columns([corpus[n].text for n in chosen], matcher)
    first, second = logits.first[chosen], logits.second[chosen]
    is_asked = ~np.isnan(second)
    mixed = FIRST_TO_SECOND[language] * first + second
    both = _weights("second", np.column_stack([mixed, rules])[is_asked], labels[is_asked])
    both["first"] = round(FIRST_TO_SECOND[language] * both["second"], 6)
    both["quoted"] = round(_quoted_share(language, corpus, logits) * both["second"], 6)
    combined = np.where(is_asked, both["intercept"] + both["second"] * np.nan_to_num(mixed), -np.inf)
    background = np.array([corpus[n].is_background for n in chosen])
    return {
        "gate": gate,
        "both": both,
        "first_alone": _weights("first", np.column_stack([first, rules]), labels),
        "threshold": round(_threshold(combined, labels, background), 6),
        "strict_threshold": round(_budgeted(first[background], STRICT_HOLDS_PER_1000), 6),
    }


def _weights(stage: str, inputs: Numbers, labels: npt.NDArray[np.int64]) -> dict[str, float]:
    """The weights of one combination: of what the stages say, as a logistic regression finds it, and of the rules."""
    intercept, of_stage, mid, high = _fit(inputs, labels)
    return {
        "intercept": intercept,
        stage: of_stage,
        "mid": min(mid, MOST_OF_A_RULE),
        "high": min(high, MOST_OF_A_RULE),
        "hidden": HIDDEN_WEIGHT,
    }


def _rule_columns(texts: Sequence[str], matcher: Matcher) -> Numbers:
    severities = [worst_severity(matcher.find(Views(text))) for text in texts]
    return np.array([[s == "mid", s == "high"] for s in severities], dtype=np.float64)


def _fit(inputs: Numbers, labels: npt.NDArray[np.int64]) -> list[float]:
    """Intercept and weights of a logistic regression at the prevalence of its texts (Platt scaling)."""
    scaling = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=1000).fit(inputs, labels)
    return [round(float(figure), 6) for figure in (scaling.intercept_[0], *scaling.coef_[0])]


def _threshold(combined: Numbers, labels: npt.NDArray[np.int64], background: npt.NDArray[np.bool_]) -> float:
    """What the cost of a miss and the recall target ask for, as far as the budget of holds goes."""
    by_recall = float(np.quantile(combined[labels == 1], 1 - RECALL_TARGET, method="lower"))
    return max(min(-math.log(MISS_COST), by_recall), _budgeted(combined[background], HOLDS_PER_1000))


def _budgeted(background: Numbers, per_1000: float) -> float:
    """The lowest threshold that no more than so many of 1,000 background texts reach."""
    allowed = int(len(background) * per_1000 / 1000)
    return float(np.nextafter(np.sort(background)[len(background) - 1 - allowed], np.inf))


def _quoted_share(language: str, corpus: Sequence[Example], logits: Logits) -> float:
    """How much of what only the quotation says is to be taken off again, as a share from 0 to -1.

    Learned on every text with a quotation, because natural ones are few: what a quotation is worth does not depend on how
    common violent texts are.
    """
    quoting = [n for n, one in enumerate(corpus) if one.lang == language and not np.isnan(logits.unquoted[n])]
    labels = np.array([corpus[n].label for n in quoting])
    if len(set(labels.tolist())) < 2:
        return 0.0
    second = logits.second[quoting]
    drop = np.maximum(0.0, second - logits.unquoted[quoting])
    _, of_second, of_drop = _fit(np.column_stack([second, drop]), labels)
    return min(0.0, max(-1.0, of_drop / of_second)) if of_second > 0 else 0.0
