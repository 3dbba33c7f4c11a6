"""Files of shapes.inc as people have them, with invented content."""

import json
import zlib
from pathlib import Path

from tzurot.formats import documents, shapes
from tzurot.formats.found import Found

SHAPE = "3f0c2a9e-6b1d-4c58-9a77-1d2e3f405162"
IDA, JON = "a1a1a1a1-0000-4000-8000-000000000001", "b2b2b2b2-0000-4000-8000-000000000002"
SECRETS = (
    "1f5e-owner", "2f5e-blocked", "3f5e-favorite", "4f5e-former", "secret-handle", "x-access-key",
    "secret=6f", "ignored-person", "modr-8f", "verify-key-9f", "secret-owner", "secret-member",
    "900000000000000001",
)  # fmt: skip

_SAMPLE = Path(__file__).parent.parent / "data" / "shapes" / "marta_config.json"
_TEXT = _SAMPLE.read_text(encoding="utf-8")


def config(**changes: object) -> dict[str, object]:
    """The config of Marta, with all 240 fields."""
    return json.loads(_TEXT) | changes


def memory(text: object, *senders: str, **changes: object) -> dict[str, object]:
    """A memory as the private endpoint gave it."""
    number = zlib.crc32(repr(text).encode())
    return {
        "id": f"{number}a/{number}z",
        "shape_id": SHAPE,
        "senders": list(senders),
        "result": text,
        "summary_type": "automatic",
        "created_at": 1716701791.25,
        "deleted": False,
        "metadata": {
            "start_ts": 1716700000.0,
            "end_ts": 1716701000.0,
            "senders": list(senders),
            "discord_channel_id": "",
            "discord_guild_id": "77",
            "msg_ids": ["m1", "m2"],
        },
    } | changes


def story(content: object, **changes: object) -> dict[str, object]:
    """An entry of a shape's knowledge."""
    return {
        "id": "c3",
        "shape_id": SHAPE,
        "story_type": "general",
        "title": "",
        "content": content,
        "created_ts": 1716701791.5,
        "updated_ts": 1716701893.0,
        "deleted": False,
        "origin_url": None,
        "urls": None,
    } | changes


def chat_row(row_id: str, ts: object, message: object, reply: object, **changes: object) -> object:
    """A row of a chat with a shape: a message, its reply, or both."""
    return {
        "id": row_id,
        "message": message,
        "reply": reply,
        "ts": ts,
        "voice_reply_url": None,
        "attachment_url": None,
        "attachment_type": None,
        "regenerated_replies": [],
        "fallback_model_used": False,
    } | changes


def backup(folder: str = "marta-lamp/") -> dict[str, bytes]:
    """A whole backup: several people, deleted memories, placeholders, a chat told anew."""
    parts: dict[str, object] = {
        "marta-lamp.json": config(),
        "marta-lamp_memories.json": [
            memory("Ida brought oil.", IDA),
            memory("Jon asked about the fog.", JON),
            memory("Ida and Jon met at the stairs.", IDA, JON),
            memory("Ida brought oil.", IDA),
            memory("Jon left.", JON, deleted=True),
            memory("  ", IDA),
            memory("All of them sang.", IDA, group=True),
        ],
        "marta-lamp_knowledge.json": [
            story("The lamp was lit in 1871.", title="The lamp", origin_url="https://a.example/l"),
            story("Insert general knowledge here"),
            story("<p>{user} is {shape}'s niece.</p>", id="c4", story_type=None),
        ],
        "marta-lamp_training.json": [{"shape_id": SHAPE, "prompt": "Fog?", "answer": "Soon."}],
        "marta-lamp_user_personalization.json": {
            "backstory": "{user} repairs boats.",
            "preferred_name": "Ida",
            "pronouns": "she/her",
            "engine_temperature": 0.5,
            "user_id": "1f5e-owner-account",
        },
        "marta-lamp_chat_history.json": [
            chat_row("r2", 1716701800.0, None, "Bring oil.", regenerated_replies=["Oil?", "Well."]),
            chat_row("r1", 1716701700.0, "[Audio Message] hello <:lamp:1>", "Who goes?"),
        ],
        ".backup-metadata.json": {"lastBackup": "2026-01-01T00:00:00Z", "userId": "1f5e-owner-x"},
    }
    return {folder + name: documents.dumps(part) for name, part in parts.items()}


def read(value: object) -> Found | None:
    """What the reader makes of a JSON value, as from a file."""
    data = documents.dumps(value)
    return shapes.read(data, documents.loads(data))


def found(value: object) -> Found:
    """The same for a value that is of shapes.inc."""
    result = read(value)
    assert result is not None
    return result
