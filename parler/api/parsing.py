"""What clients send: JSON, forms with nested keys in Ruby's style, query parameters, and all of them together."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

_KEY = re.compile(r"\A([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
_PART = re.compile(r"\[([^\[\]]*)\]")
_MAX_DEPTH = 4


def read(request: Request) -> dict[str, Any]:
    """Everything that was sent with a request, nested; the body overrides the query. null means absent."""
    sent = nest(_pairs(request.query_params))
    if request.method not in ("GET", "HEAD"):
        body = request.data
        sent |= nest(_pairs(body)) if isinstance(body, QueryDict) else _object(body)
    return {key: value for key, value in sent.items() if value is not None}


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ParseError("The body must be a JSON object")
    _refuse_unstorable(body)
    return body


def _refuse_unstorable(value: Any) -> None:
    """NUL and halves of surrogate pairs come through JSON escapes; no database takes them."""
    match value:
        case str():
            if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
                raise ParseError("The text has characters that cannot be stored")
        case dict():
            for key, inner in value.items():
                _refuse_unstorable(key)
                _refuse_unstorable(inner)
        case list():
            for inner in value:
                _refuse_unstorable(inner)


def _pairs(data: QueryDict) -> Iterator[tuple[str, Any]]:
    for key, values in data.lists():
        _refuse_unstorable(key)
        for value in values:
            _refuse_unstorable(value)
            yield key, value


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """`a[b]=1` becomes {"a": {"b": 1}}, `a[]=1` becomes {"a": [1]}. A key that fits no pattern stays as it is."""
    nested: dict[str, Any] = {}
    for key, value in pairs:
        match = _KEY.match(key)
        parts = [match.group(1), *_PART.findall(match.group(2))] if match else [key]
        if len(parts) > _MAX_DEPTH:
            raise ParseError(f"{key} is nested too deeply")
        _put(nested, parts, value)
    return nested


def _put(target: dict[str, Any], parts: list[str], value: Any) -> None:
    """Store `value` under the path; where earlier keys made something else of a step, the later one wins."""
    *path, last = parts
    is_list = last == "" and bool(path)
    if is_list:
        *path, last = path
    for part in path:
        if not isinstance(target.get(part), dict):
            target[part] = {}
        target = target[part]
    if not is_list:
        target[last] = value
    elif isinstance(target.get(last), list):
        target[last].append(value)
    else:
        target[last] = [value]
