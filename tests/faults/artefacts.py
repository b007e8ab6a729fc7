"""Scanner files for the tests: a ruleset of one rule and a model that finds everything harmless, in the real formats."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from moderation.scanning.calibrating import thresholds_version
from moderation.scanning.classifying import SPECIFICATION
from moderation.scanning.hashing import BUCKETS
from moderation.scanning.languages import LANGUAGES
from moderation.scanning.scanner import DEFAULT_MODEL

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
CALIBRATION: dict[str, Any] = {
    # What a rule hits is read by the second stage as well, which counts nothing here.
    "gate": 100.0,
    "both": {"intercept": 0.0, "first": 1.0, "second": 0.0, "mid": 2.0, "high": 4.0},
    "first_alone": {"intercept": 0.0, "first": 1.0, "mid": 2.0, "high": 4.0},
    "threshold": 0.0,
    "strict_threshold": 0.0,
}


def write_ruleset(path: Path, *rules: str) -> None:
    """Write a sealed ruleset."""
    content = "\n".join(['version = "test"', *rules]).encode()
    path.write_bytes(content)
    path.with_name(path.name + ".sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  {path.name}\n")


def write_model(path: Path, *, bias: float = -6.0) -> None:
    """Write a model whose first stage has no weights but `bias`, with the network of the shipped one, and its manifest."""
    with path.open("wb") as file:
        np.savez(file, weights=np.zeros((2, BUCKETS), np.float16), bias=np.float64(bias), **_second_stage())
    calibration = dict.fromkeys(LANGUAGES, CALIBRATION)
    manifest = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "features": SPECIFICATION,
        "calibration": calibration,
        "thresholds_version": thresholds_version(calibration),
    }
    path.with_suffix(".json").write_text(json.dumps(manifest))


@cache
def _second_stage() -> dict[str, Any]:
    with np.load(DEFAULT_MODEL) as shipped:
        return {name: shipped[name] for name in ("encoder", "vocabulary")}
