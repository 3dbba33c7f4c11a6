"""The vendor's published schema as the judge of every request and of the fake's own replies.

The schemas stay open (unknown fields pass): closing them gives false alarms on what discord.py
itself sends. What the schema misses is in `rules.py`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import quote

from jsonschema import Draft202012Validator
from jsonschema import exceptions as complaints
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.fakes.discord.trim import METHODS
from tests.fakes.discord.wire import Json

DOCUMENT = Path(__file__).parents[2] / "data" / "discord" / "openapi.json"
MAX_SENTENCE = 200  # characters
_OF_CONSTANTS = {"const", "title", "description"}
URN = "urn:discord:openapi"

# POST's body is "create or update", and the lenient update would let anything pass.
CREATE_WEBHOOK_MESSAGE: Json = {"$ref": f"{URN}#/components/schemas/IncomingWebhookRequestPartial"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document and where its parts lie in it."""

    method: str
    template: str
    id: str
    query_names: frozenset[str]
    document: Json

    @property
    def pointer(self) -> str:
        return f"{URN}#/paths/{_escaped(self.template)}/{self.method.lower()}"

    @property
    def body_required(self) -> bool:
        return bool(self.document.get("requestBody", {}).get("required"))

    @property
    def status_codes(self) -> frozenset[str]:
        return frozenset(self.document["responses"])


class Oracle:
    """Finds the operation of a path and says what is wrong with a body, in sentences."""

    def __init__(self, document: Json) -> None:
        resource = Resource[Any].from_contents(document, DRAFT202012)
        self._registry = Registry[Any]().with_resource(URN, resource)
        self._document = document
        self._validators: dict[str, Draft202012Validator] = {}
        self.operations = sorted(_operations(document), key=lambda one: one.template.count("{"))

    @classmethod
    def load(cls) -> Self:
        document: Json = json.loads(DOCUMENT.read_text(encoding="utf-8"))
        # The document knows no forwards; Discord "Message Reference Types" does.
        kinds = document["components"]["schemas"]["MessageReferenceType"]["oneOf"]
        kinds.append({"title": "FORWARD", "const": 1})
        _enumerate(document)
        return cls(document)

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and its path parameters; the template with the fewest parameters wins."""
        for operation in self.operations:
            if operation.method != method:
                continue
            parameters = _parameters(operation.template, path)
            if parameters is not None:
                return operation, parameters
        return None

    def request_faults(
        self, operation: Operation, query: Mapping[str, str], body: Any
    ) -> list[str]:
        """What the published schema has against this request."""
        faults = [
            f"query parameter {name!r} is unknown to {operation.id}"
            for name in query
            if name not in operation.query_names
        ]
        if "requestBody" not in operation.document:
            return faults if body is None else [*faults, f"{operation.id} takes no body"]
        if body is None:
            return [*faults, f"{operation.id} needs a body"] if operation.body_required else faults
        where = f"{operation.pointer}/requestBody/content/application~1json/schema"
        schema = CREATE_WEBHOOK_MESSAGE if operation.id == "execute_webhook" else {"$ref": where}
        return faults + self._faults(schema, _with_string_ids(body))

    def reply_faults(self, operation: Operation, status: int, body: Any) -> list[str]:
        """What the published schema has against this answer of ours."""
        code = next(
            (c for c in (str(status), f"{status // 100}XX") if c in operation.status_codes), ""
        )
        if not code:
            return [f"{operation.id} never answers {status}"]
        response = operation.document["responses"][code]
        where = f"{operation.pointer}/responses/{code}"
        if "$ref" in response:
            where = f"{URN}{response['$ref']}"
            response = self._document["components"]["responses"][response["$ref"].split("/")[-1]]
        if "content" not in response:
            return [] if body is None else [f"{operation.id} answers {status} without a body"]
        return self._faults({"$ref": f"{where}/content/application~1json/schema"}, body)

    def _faults(self, schema: Json, body: Any) -> list[str]:
        key = schema["$ref"]
        if key not in self._validators:
            self._validators[key] = Draft202012Validator(schema, registry=self._registry)
        validator: Any = self._validators[key]  # its own types leave what it yields open
        error: complaints.ValidationError | None = _most_telling(validator.iter_errors(body))
        if error is None:
            return []
        told = error.message
        if len(told) > MAX_SENTENCE:  # the offending value itself, at length
            told = f"{told[:40]}… breaks {error.validator}: {error.validator_value!r:.80}"
        return [f"{error.json_path}: {told}"]


def _enumerate(part: Any) -> None:
    """Write choices between constants as one list: each would be a schema of its own to try."""
    if isinstance(part, list):
        for one in cast("list[Any]", part):
            _enumerate(one)
    elif isinstance(part, dict):
        schema = cast("Json", part)
        choices = schema.get("oneOf")
        if isinstance(choices, list) and all(map(_is_constant, cast("list[Any]", choices))):
            schema["enum"] = [one["const"] for one in schema.pop("oneOf")]
        for one in schema.values():
            _enumerate(one)


def _is_constant(schema: Any) -> bool:
    return isinstance(schema, dict) and "const" in schema and schema.keys() <= _OF_CONSTANTS


def _most_telling(errors: Iterator[Any]) -> Any:
    """The error nearest to the cause, inside alternatives too; None if there is none."""
    return cast("Any", complaints).best_match(errors)


def _operations(document: Json) -> Iterator[Operation]:
    for template, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method in METHODS & item.keys():
            operation = item[method]
            names = frozenset(
                parameter["name"]
                for parameter in [*shared, *operation.get("parameters", [])]
                if parameter["in"] == "query"
            )
            yield Operation(method.upper(), template, operation["operationId"], names, operation)


def _parameters(template: str, path: str) -> dict[str, str] | None:
    pattern, parts = template.split("/"), path.split("/")
    if len(pattern) != len(parts):
        return None
    parameters: dict[str, str] = {}
    for expected, part in zip(pattern, parts, strict=True):
        if expected.startswith("{"):
            parameters[expected[1:-1]] = part
        elif expected != part:
            return None
    return parameters


def _escaped(template: str) -> str:
    """A path as one segment of a JSON pointer in a URI fragment (RFC 6901 §6)."""
    return quote(template.replace("~", "~0").replace("/", "~1"), safe="~@")


def _with_string_ids(body: Any) -> Any:
    """The body with ids as strings in the few places where the API takes integers as well.

    The document says "string" there, discord.py sends integers, Discord accepts both.
    """
    if not isinstance(body, dict):
        return body
    message = cast("Json", body)
    tolerant = dict(message)
    for name in ("message_reference", "allowed_mentions"):
        if message.get(name):
            tolerant[name] = {key: _as_text(key, value) for key, value in message[name].items()}
    if message.get("attachments"):
        tolerant["attachments"] = [one | {"id": str(one["id"])} for one in message["attachments"]]
    if message.get("recipient_id"):
        tolerant["recipient_id"] = str(message["recipient_id"])
    if message.get("data"):  # an interaction callback wraps a message
        tolerant["data"] = _with_string_ids(message["data"])
    return tolerant


def _as_text(key: str, value: Any) -> Any:
    if key in ("users", "roles"):
        return [str(one) for one in cast("list[Any]", value or [])]
    return str(value) if key.endswith("_id") and isinstance(value, int) else value
