"""Small rulesets and corpora for the scanner's tests."""

import hashlib
import json
from pathlib import Path

RULE = """
version = "test.1"
[macros]
you = "(?:you|u)"
[frames.quoted]
scope = "quoted"
patterns = ["wrote"]
[frames.negated]
scope = "near"
patterns = ["never"]
[[rule]]
name = "kill_you"
class = "V3"
severity = "high"
language = "en"
pattern = '''PATTERN'''
exceptions = ["quoted", "negated"]
positive = ["kill you", "i kill you", "kill u now"]
negative = ["hello", "never kill you", "he wrote \\"kill you\\""]
"""

BANK = """
[[phrases]]
name = "farewells"
class = "V5"
severity = "mid"
language = "en"
phrases = ["say your prayers", "they'll never find you", "schöne Grüße vom Henker", "say your prayers traitor"]
exceptions = ["quoted", "negated"]
positive = ["say your prayers", "now say your prayers", "they'll never find you"]
negative = ["say your lines", "never say your prayers", "find you there"]
"""

DEFAULT_PATTERN = "kill {you:target}"


def seal(path: Path) -> Path:
    path.with_name(path.name + ".sha256").write_text(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
    )
    return path


def write_ruleset(
    folder: Path, *, pattern: str = DEFAULT_PATTERN, bank: str = "", replaced: tuple[str, str] = ("", "")
) -> Path:
    """A sealed ruleset of one rule and perhaps a bank, with one piece of its text exchanged where a test needs it."""
    path = folder / "ruleset.toml"
    content = RULE.replace("PATTERN", pattern) + bank
    path.write_text(content.replace(*replaced) if replaced[0] else content)
    return seal(path)


def write_corpus(folder: Path) -> Path:
    """A corpus in the shape that training reads: threats against small talk, with a little of everything."""
    threats = [
        f"i will kill you and your {word} number {n}"
        for n in range(12)
        for word in ("dog", "friends", "boss")
    ]
    talk = [
        f"i will meet you and your {word} at {n} for tea"
        for n in range(12)
        for word in ("dog", "friends", "boss")
    ]
    drohungen = [
        f"ich werde dich und deinen {word} umbringen {n}"
        for n in range(12)
        for word in ("hund", "chef", "freund")
    ]
    plausch = [
        f"ich werde dich und deinen {word} um {n} abholen"
        for n in range(12)
        for word in ("hund", "chef", "freund")
    ]
    groups = [("en", 1, threats), ("en", 0, talk), ("de", 1, drohungen), ("de", 0, plausch)]
    rows = [
        {
            "text": text,
            "label": label,
            "lang": lang,
            "source": "test",
            "licence": "CC0",
            "kind": "violent" if label else "background: talk",
        }
        for lang, label, texts in groups
        for text in texts
    ]
    for name, chosen in (
        ("train_natural.jsonl", rows),
        ("train_jigsaw.jsonl", rows[:1]),
        ("train_synth_v1.jsonl", rows[:2]),
        ("dev_natural.jsonl", [{**rows[0], "text": "a text to measure on"}]),
        ("stream.jsonl", [{**rows[5], "text": rows[5]["text"]}]),
    ):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in chosen))
    return folder
