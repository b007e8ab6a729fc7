"""What a text consists of: length as people count it, mentions, hashtags and links, and its HTML.

A text is tokenised once, when it is submitted; what is found is stored with the revision.
"""

from dataclasses import dataclass
from functools import cache
from html import escape

import nh3
import regex
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from linkify_it import LinkifyIt

from accounts import handles

MAX_CHARACTERS = 1000
MAX_WARNING_CHARACTERS = 200
# Longest real grapheme clusters (family emoji with skin tones) stay under this; stacked marks do not.
MAX_CODE_POINTS_A_CHARACTER = 24
MAX_TOKENS = 50

_GRAPHEME = regex.compile(r"\X")
_MENTION = regex.compile(rf"(?<![\w@/])@({handles.PATTERN})(?!\w|@)")
_HASHTAG = regex.compile(r"(?<![\w#&/])#(\w{1,64})(?!\w|#)")
_FORBIDDEN = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK_LINES = regex.compile(r"\n{3,}")
_LANGUAGE = regex.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]{1,32})?")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a text mentions: handles and hashtags in lower case, each once, in order of appearance."""

    handles: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()


def count_characters(text: str) -> int:
    """The number of characters as people see them (extended grapheme clusters, UAX 29)."""
    return sum(1 for _match in _GRAPHEME.finditer(text))


def clean(text: str, *, limit: int = MAX_CHARACTERS) -> str:
    """The text with uniform line ends and without outer blanks.

    Raises ValidationError for what cannot be stored or shown: control characters, halves of surrogate pairs, more than
    `limit` characters, or marks stacked so high that they cover other people's text.
    """
    if len(text) > limit * MAX_CODE_POINTS_A_CHARACTER:
        raise ValidationError(
            _("The text is too long: at most %(limit)d characters.") % {"limit": limit}, code="too_long"
        )
    text = _BLANK_LINES.sub("\n\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    if _FORBIDDEN.search(text):
        raise ValidationError(
            _("The text has control characters that cannot be shown."), code="control_characters"
        )
    if any(len(match.group()) > MAX_CODE_POINTS_A_CHARACTER for match in _GRAPHEME.finditer(text)):
        raise ValidationError(_("The text stacks too many marks on one character."), code="stacked_marks")
    length = count_characters(text)
    if length > limit:
        raise ValidationError(
            _("The text has %(length)d characters; at most %(limit)d are possible.")
            % {"length": length, "limit": limit},
            code="too_long",
        )
    return text


def clean_language(code: str) -> str:
    """The language of a code such as "de" or "pt-BR" without region and script; empty for what is no such code.

    Others read it beside the text and nobody checks it: nothing may fit in that could say something.
    """
    match = _LANGUAGE.fullmatch(code)
    return match.group(1).lower() if match else ""


def tokenise(text: str) -> Tokens:
    """Find the mentions and hashtags of a text, at most MAX_TOKENS of each."""
    mentioned = dict.fromkeys(match.group(1).lower() for match in _MENTION.finditer(text))
    tagged = dict.fromkeys(
        match.group(1).lower() for match in _HASHTAG.finditer(text) if not match.group(1).isdigit()
    )
    return Tokens(handles=tuple(mentioned)[:MAX_TOKENS], hashtags=tuple(tagged)[:MAX_TOKENS])


@cache
def _linkifier() -> LinkifyIt:
    linkifier = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for schema in ("ftp:", "mailto:", "//"):
        linkifier.add(schema, None)
    return linkifier


def _anchor(url: str, label: str, **attributes: str) -> str:
    extra = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<a href="{escape(url)}"{extra}>{escape(label)}</a>'


def _links(text: str) -> list[tuple[int, int, str]]:
    return [
        (
            match.index,
            match.last_index,
            _anchor(match.url, match.raw, rel="nofollow noopener ugc", target="_blank"),
        )
        for match in _linkifier().match(text) or ()
    ]


def _mentions(text: str, known_handles: frozenset[str]) -> list[tuple[int, int, str]]:
    return [
        (match.start(), match.end(), _anchor(f"/@{match.group(1)}", match.group(), **{"class": "mention"}))
        for match in _MENTION.finditer(text)
        if match.group(1).lower() in known_handles
    ]


def _hashtags(text: str) -> list[tuple[int, int, str]]:
    return [
        (
            match.start(),
            match.end(),
            _anchor(f"/tags/{match.group(1).lower()}", match.group(), **{"class": "hashtag"}),
        )
        for match in _HASHTAG.finditer(text)
        if not match.group(1).isdigit()
    ]


def render(text: str, *, known_handles: frozenset[str] = frozenset()) -> str:
    """The text as safe HTML: paragraphs, line breaks, and anchors for links, hashtags and the mentions of known handles."""
    if not text:
        return ""
    pieces: list[str] = []
    position = 0
    for start, end, anchor in sorted(_links(text) + _mentions(text, known_handles) + _hashtags(text)):
        if start < position:
            continue
        pieces += [escape(text[position:start]), anchor]
        position = end
    pieces.append(escape(text[position:]))
    paragraphs = "".join(pieces).split("\n\n")
    html = "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)
    return nh3.clean(
        html,
        tags={"p", "br", "a"},
        attributes={"a": {"href", "class", "target", "rel"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )
