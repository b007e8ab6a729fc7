"""Labelled texts: reading them, and keeping what is measured apart from what is learned."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from moderation.scanning.languages import LANGUAGES
from moderation.scanning.normalising import fold
from moderation.scanning.rulesets import Ruleset

NATURAL, TALK_PAGES, SYNTHETIC = "train_natural.jsonl", "train_jigsaw.jsonl", "train_synth_v1.jsonl"
LEARNED_FROM = (NATURAL, TALK_PAGES, SYNTHETIC)
WRITTEN_HERE = tuple(Path(__file__).with_name(f"contrasts_{language}.txt") for language in LANGUAGES)
OWN = "own"
"""The name that what was written for this project goes by instead of a file's."""
MEASURED_ON = ("dev_natural.jsonl", "stream.jsonl")

# What collectors put into texts: no author wrote these, so nothing may be learned from them.
_TRACES = re.compile(r"\|LBR\||\[@?[A-Z]{3,}\]|\bRT @\w+:?|\(link\)|\* \* \*(?: \*)*|_x0019_")


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    label: int
    lang: str
    source: str
    licence: str
    file: str
    kind: str = ""

    @property
    def is_background(self) -> bool:
        """Whether it was drawn from what people post, not looked for because of its words."""
        return self.kind.startswith(("background:", "nothing"))


def read_examples(path: Path) -> Iterator[Example]:
    """The texts of one JSON-lines file as `data/README.md` of the corpus describes it."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Example(
                text=row["text"],
                label=int(row["label"]),
                lang=row["lang"],
                source=row.get("source", ""),
                licence=row.get("licence", ""),
                file=path.name,
                kind=str(row.get("kind", "")),
            )


def read_own_examples(ruleset: Ruleset) -> Iterator[Example]:
    """What was written for this project: the examples of the rules, and everyday talk beside what it is taken for."""
    for rule in ruleset.rules:
        for label, texts in ((1, rule.positive), (0, rule.negative)):
            for text in texts:
                yield Example(text, label, rule.language, "rule examples", "MIT", OWN)
    for path in WRITTEN_HERE:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                lang, digit, text = line.split(" ", 2)
                yield Example(text, int(digit), lang, "contrasts", "MIT", OWN)


def without_traces(text: str) -> str:
    return _TRACES.sub(lambda found: " @user " if found.group()[0] in "[R" else " ", text)


def read_corpus(folder: Path, *, excluded_sources: Collection[str] = ()) -> list[Example]:
    """Everything to learn from: no excluded source, no text twice, and no text that figures are measured on."""
    seen = {fold(example.text) for name in MEASURED_ON for example in read_examples(folder / name)}
    corpus = []
    for name in LEARNED_FROM:
        for example in read_examples(folder / name):
            key = fold(example.text)
            if example.source not in excluded_sources and key not in seen:
                seen.add(key)
                corpus.append(example)
    return corpus
