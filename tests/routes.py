"""Every address that the URL configuration lists, with its arguments filled in.

A route whose arguments are unknown here makes the tests fail, so that no new page escapes the search for uncleared text.
"""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

Arguments = Mapping[str, str]

_CONVERTER = re.compile(r"<(?:[a-z_]+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
# What regular expressions of routes consist of besides groups: anchors, optional slashes, escapes.
_OPTIONAL = re.compile(r"\(\?:[^()]*\)\?|/\?|\\/\?|\\?/\?")


class UnknownArgument(Exception):
    """A route has an argument that the test cannot fill."""


def every_route(prefix: str = "") -> list[str]:
    """The patterns below `prefix`, as `path()` and `re_path()` wrote them, joined from the root."""
    return sorted({route for route in _walk(get_resolver().url_patterns, "") if route.startswith(prefix)})


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        here = before + _text(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield here


def _text(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if isinstance(pattern.pattern, RoutePattern):
        return text
    text = _GROUP.sub(lambda match: f"<{match.group(1)}>", text)
    return (
        _OPTIONAL.sub(lambda match: "/" if match.group().endswith("/?") else "", text)
        .lstrip("^")
        .rstrip("$\\Z")
        .replace("\\.", ".")
    )


def fill(route: str, arguments: Arguments) -> str:
    """The address of a route. Raises UnknownArgument."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in arguments:
            raise UnknownArgument(f"{route}: tell tests/routes.py what “{name}” can be")
        return arguments[name]

    return "/" + _CONVERTER.sub(value, route).lstrip("/")


def takes(route: str, name: str) -> bool:
    """Whether the route has an argument of this name."""
    return name in _CONVERTER.findall(route)
