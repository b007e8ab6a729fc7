"""Scanner files for the tests: a ruleset of one rule and a model that finds everything harmless, in the real formats."""

import hashlib
import json
from pathlib import Path

import numpy as np

from moderation.scanning.classifying import FEATURES, thresholds_version
from moderation.scanning.hashing import BUCKETS
from moderation.scanning.languages import LANGUAGES

HELD_WORD = "burnitdown"
# What the pattern engine of a fragile worker dies of, and hangs at.
DEADLY_WORD = "deadlyword"
LINGERING_WORD = "lingering"
RULE = """
[[rule]]
name = "{name}"
class = "V1"
severity = "high"
language = "en"
pattern = '{pattern}'
positive = ["{word}", "please {word} now", "{word} today"]
negative = ["good morning", "bread", "a long walk"]
"""
GOOD_RULE = RULE.format(name="marker", pattern=HELD_WORD, word=HELD_WORD)
BAD_RULE = RULE.format(name="broken", pattern="(unclosed", word="unclosed")


def write_ruleset(path: Path, *rules: str) -> None:
    """Write a sealed ruleset."""
    content = "\n".join(['version = "test"', *rules]).encode()
    path.write_bytes(content)
    path.with_name(path.name + ".sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  {path.name}\n")


def write_model(path: Path, *, bias: float = -6.0) -> None:
    """Write a model whose weights are all zero, with its manifest; `bias` makes versions differ."""
    with path.open("wb") as file:
        np.savez_compressed(file, weights=np.zeros((2, BUCKETS), np.float16), bias=np.float64(bias))
    one = {"slope": 1.0, "intercept": 0.0, "mid": 2.0, "high": 4.0, "threshold": 0.0}
    calibration = dict.fromkeys(LANGUAGES, one)
    manifest = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "features": FEATURES,
        "calibration": calibration,
        "thresholds_version": thresholds_version(calibration),
    }
    path.with_suffix(".json").write_text(json.dumps(manifest))
