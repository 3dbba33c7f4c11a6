"""What Discord refuses although its published schema lets it pass: messages and webhooks.

Each rule yields sentences; no sentence, no breach. Commands and answers to interactions have theirs
in `command_rules.py`. Numbers: Discord "Create Message", "Embed Limits", "Component Reference".
"""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.discord.command_rules import callback_breaches, command_breaches, select_breaches
from tests.fakes.discord.wire import File, Json, inner, items

EMPTY_MESSAGE = "message: empty"
MAX_CONTENT = 2000  # characters, for bots; the schema says 4000, which is for paying people
MAX_EMBED_TOTAL = 6000  # characters over all embeds of a message
MAX_ROWS = 5
MAX_EMOJI_BYTES = 256 * 1024
COMPONENTS_V2 = 1 << 15
FORWARD = 1  # message reference type
ACTION_ROW = 1
BUTTON = 2
V2_ONLY = frozenset({9, 10, 11, 12, 13, 14, 17})  # section … container
WEBHOOK_NAME_TABOO = re.compile(r"discord|clyde", re.IGNORECASE)
EMOJI_NAME = re.compile(r"[A-Za-z0-9_]{2,32}")
IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})

CALLBACK_CREATES, CALLBACK_EDITS = 4, 7  # Discord "Interaction Callback Type"


def breaches(operation_id: str, body: Any, files: Mapping[str, File]) -> list[str]:
    """What is wrong with this request that the schema doesn't tell."""
    match operation_id:
        case "create_message" | "execute_webhook":
            found = [*_content(body), *_empty(body, files), *_message(body), *_webhook_face(body)]
        case "update_message" | "update_webhook_message" | "update_original_webhook_message":
            found = [*_content(body), *_message(body)]
        case "create_interaction_response":
            found = [*_callback_message(body, files), *callback_breaches(body)]
        case "bulk_set_application_commands":
            found = [*command_breaches(body or [])]
        case "create_webhook":
            found = [*_webhook_name("name", body["name"])]
        case "create_application_emoji":
            found = [*_emoji(body)]
        case _:
            found = []
    return found


def _callback_message(body: Json, files: Mapping[str, File]) -> Iterator[str]:
    if body["type"] not in (CALLBACK_CREATES, CALLBACK_EDITS):
        return
    data = inner(body, "data")
    yield from _content(data)
    yield from _message(data)
    if body["type"] == CALLBACK_CREATES:
        yield from _empty(data, files)


def _content(body: Json) -> Iterator[str]:
    if len(body.get("content") or "") > MAX_CONTENT:
        yield f"content: more than {MAX_CONTENT} characters"


def _empty(body: Json, files: Mapping[str, File]) -> Iterator[str]:
    forwarded = inner(body, "message_reference").get("type") == FORWARD
    something = ("embeds", "components", "sticker_ids", "poll", "attachments")
    if not ((body.get("content") or "").strip() or files or forwarded) and not any(
        body.get(part) for part in something
    ):
        yield EMPTY_MESSAGE


def _message(body: Json) -> Iterator[str]:
    yield from _embeds(items(body, "embeds"))
    yield from _components(body)
    yield from _allowed_mentions(inner(body, "allowed_mentions"))


def _embeds(embeds: list[Json]) -> Iterator[str]:
    total = 0
    for embed in embeds:
        fields = items(embed, "fields")
        if any(not (one.get("name") or "").strip() for one in fields):
            yield "embeds: a field without a name"
        if any(not (one.get("value") or "").strip() for one in fields):
            yield "embeds: a field without a value"
        texts = [embed.get("title"), embed.get("description")]
        if not fields and not any((text or "").strip() for text in texts):
            yield "embeds: an empty one"
        texts += [one.get(part) for one in fields for part in ("name", "value")]
        texts += [inner(embed, "footer").get("text"), inner(embed, "author").get("name")]
        total += sum(len(text) for text in texts if text)
    if total > MAX_EMBED_TOTAL:
        yield f"embeds: {total} characters in total, more than {MAX_EMBED_TOTAL}"


def _components(body: Json) -> Iterator[str]:
    components: list[Json] = items(body, "components")
    second_version = bool((body.get("flags") or 0) & COMPONENTS_V2)
    everything = list(nested(components))
    if not second_version and any(one.get("type") in V2_ONLY for one in everything):
        yield "components: version 2 without its flag"
    if not second_version and sum(one.get("type") == ACTION_ROW for one in components) > MAX_ROWS:
        yield f"components: more than {MAX_ROWS} action rows"
    if second_version and (body.get("content") or body.get("embeds")):
        yield "components: version 2 together with content or embeds"
    for one in everything:
        yield from select_breaches(one)
        if one.get("type") == BUTTON and not ((one.get("label") or "").strip() or one.get("emoji")):
            yield "components: a button without label and emoji"
        if one.get("type") == ACTION_ROW and not one.get("components"):
            yield "components: an empty action row"
    ids = Counter(one["custom_id"] for one in everything if one.get("custom_id"))
    if any(count > 1 for count in ids.values()):
        yield "components: a custom_id used twice"


def _allowed_mentions(allowed: Json) -> Iterator[str]:
    for kind in ("users", "roles"):
        if kind in items(allowed, "parse") and allowed.get(kind):
            yield f"allowed_mentions: {kind} both parsed and listed"


def _webhook_face(body: Json) -> Iterator[str]:
    name: str | None = body.get("username")
    address: str | None = body.get("avatar_url")
    if name is not None:
        yield from _webhook_name("username", name)
    if address is not None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            yield "avatar_url: not a URL"


def _webhook_name(field: str, name: str) -> Iterator[str]:
    if WEBHOOK_NAME_TABOO.search(name):
        yield f"{field}: contains discord or clyde"
    if not name.strip():
        yield f"{field}: blank"


def _emoji(body: Json) -> Iterator[str]:
    if not EMOJI_NAME.fullmatch(body["name"]):
        yield "name: 2 to 32 letters, digits and underscores"
    image = data_uri(body["image"])
    if image is None:
        yield "image: not a data URI of an image"
    elif len(image[1]) > MAX_EMOJI_BYTES:
        yield f"image: more than {MAX_EMOJI_BYTES} bytes"


def data_uri(text: str) -> tuple[str, bytes] | None:
    """Content type and bytes of `data:image/png;base64,…`; None if it isn't one (RFC 2397)."""
    head, _, encoded = text.partition(";base64,")
    kind = head.removeprefix("data:")
    if kind == head or kind not in IMAGE_TYPES:
        return None
    try:
        return kind, base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return None


def nested(components: list[Json]) -> Iterator[Json]:
    """These components and all inside them."""
    for one in components:
        yield one
        yield from nested(items(one, "components"))
        yield from nested([one[part] for part in ("component", "accessory") if one.get(part)])
