"""The OpenAPI description: answers from the types of `entities`, permissions from the `needs` of views."""

import types
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from parler.api.access import Asker, Need
from parler.oauth import scopes

Schema = dict[str, Any]

_BASIC: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    None: {"type": "null"},
    type(None): {"type": "null"},
    Any: {},
}
_described: dict[str, Any] = {}


def answers(hint: Any) -> Schema:
    """The schema of an answer that is a typed dictionary, a list of such, or a plain type."""
    if hint in _BASIC:
        return _BASIC[hint]
    if is_typeddict(hint):
        if hint.__name__ not in _described:
            _described[hint.__name__] = hint
            for inner in get_type_hints(hint).values():
                answers(inner)
        return {"$ref": f"#/components/schemas/{hint.__name__}"}
    return _composed(hint)


def _composed(hint: Any) -> Schema:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        return {"type": "array", "items": answers(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": answers(arguments[1])}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [answers(argument) for argument in arguments]}
    raise TypeError(f"{hint!r} has no schema")


def _describe(entity: Any) -> Schema:
    described: Schema = {
        "type": "object",
        "properties": {name: answers(hint) for name, hint in get_type_hints(entity).items()},
        "required": sorted(entity.__required_keys__),
    }
    return described | ({"description": entity.__doc__} if entity.__doc__ else {})


def add_entities(result: Schema, generator: Any, request: Any, public: bool) -> Schema:  # noqa: FBT001  drf-spectacular's signature.
    """Put the entities that answers refer to among the components."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for name, entity in sorted(_described.items()):
        schemas[name] = _describe(entity)
    return result


def add_errors(result: Schema, generator: Any, request: Any, public: bool) -> Schema:  # noqa: FBT001  As above.
    """Every address refuses in the same form."""
    components = result["components"]
    components["schemas"]["Error"] = {
        "type": "object",
        "properties": {"error": {"type": "string"}},
        "required": ["error"],
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    components["responses"] = {"Refusal": {"description": "A refusal, in words.", "content": content}}
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["4XX"] = {"$ref": "#/components/responses/Refusal"}
    return result


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # Registers itself.
    """How a token is got."""

    target_class = "parler.api.authentication.BearerAuthentication"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        return {"oauth2": list(_need_of(auto_schema).scopes)}

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:
        every = {scope: str(text) for scope, text in scopes.Scopes().get_all_scopes().items()}
        token = {"tokenUrl": "/oauth/token", "scopes": every}
        return {
            "type": "oauth2",
            "flows": {
                "authorizationCode": {"authorizationUrl": "/oauth/authorize", **token},
                "clientCredentials": token,
            },
        }


def _need_of(auto_schema: AutoSchema) -> Need:
    needs = getattr(auto_schema.view, "needs", {})
    found: Need = needs.get(auto_schema.method, Need(Asker.ANYBODY))
    return found


class ApiSchema(AutoSchema):
    """Names operations after what is done where, and lets the needs of the view say who may."""

    def get_operation_id(self) -> str:
        words = self.path.removeprefix("/api/").replace("{", "").replace("}", "").replace("/", "_")
        return f"{self.method.lower()}_{words}"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/").removeprefix("parler/").split("/")[1]]

    def get_description(self) -> str:  # type: ignore[override]  # As drf-spectacular declares it, against DRF's.
        """The docstring of the method; the class says what its methods share."""
        action = getattr(self.view, self.method.lower())
        return (action.__doc__ or self.view.__doc__ or "").strip()

    def get_auth(self) -> list[Schema]:
        optional: list[Schema] = [{}] if _need_of(self).asker == Asker.ANYBODY else []
        return [*super().get_auth(), *optional]
