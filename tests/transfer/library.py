"""A small data folder of SillyTavern, made of samples and of words of our own."""

import base64
import json
import struct
import zlib
from pathlib import Path
from typing import Any

from tests.transfer.handing import sample

BELLS = "The bells ring at noon."
SETTINGS = {
    "firstRun": False,
    "username": "User",
    "main_api": "openai",
    "world_info_settings": {"world_info": {"globalSelect": []}},
    "oai_settings": {"reverse_proxy": "https://proxy.invalid/secret"},
    "power_user": {
        "personas": {"user-default.png": "Mira", "1700000000000-Kael.png": "Kael"},
        "default_persona": "user-default.png",
        "persona_descriptions": {
            "user-default.png": {"description": "A diver.", "position": 0, "lorebook": "Harbor"},
            "1700000000000-Kael.png": "Old form: plain text.",
        },
    },
}


def row(name: str, text: str, day: int, **more: Any) -> dict[str, Any]:
    """A message; a day of March 2024 for its date."""
    user = name == "Mira"
    date = f"2024-03-{day:02}T10:00:00.000Z"
    return {
        "name": name,
        "is_user": user,
        "is_system": False,
        "send_date": date,
        "mes": text,
    } | more


def jsonl(*rows: Any) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


HEADER = {"user_name": "Mira", "character_name": "Marta", "create_date": "2024-3-1"}
FIRST = [
    row("Marta", "Ahoy.", 1),
    row("Mira", "Do the bells ring?", 2),
    row("Marta", "At noon.", 3, swipes=["Never.", "At noon."], swipe_id=1),
    row("Mira", "And at night?", 4),
    row("Marta", "No.", 5),
]
BRANCH = [*FIRST[:3], row("Mira", "Who rings them?", 6), row("Marta", "Nobody knows.", 7)]
GROUP = [
    row("Mira", "Who is here?", 8, is_group=True),
    row("Marta", "I am.", 9, original_avatar="Marta.png"),
    row("Nobu", "So am I.", 10, original_avatar="Nobu.png"),
]


def card(name: str, **extensions: Any) -> bytes:
    """A PNG with a card of a character with this name."""
    data = {"name": name, "description": f"{name} keeps a lighthouse.", "first_mes": "Ahoy."}
    whole = {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}
    data["extensions"] = extensions  # type: ignore[assignment] - a card is any JSON
    text = base64.b64encode(json.dumps(whole).encode())
    return picture(b"tEXt", b"chara\0" + text)


def picture(*extra: bytes, gray: int = 128) -> bytes:
    """A PNG of one gray pixel, with one more chunk."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))]
    chunks += [(extra[0], extra[1])] if extra else []
    chunks += [(b"IDAT", zlib.compress(bytes([0, gray]))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def build(root: Path) -> Path:
    """The folder, with a broken picture and a chat of nobody; its path."""
    user = root / "data" / "default-user"
    for name in ("worlds", "characters", "chats/Marta", "chats/Gone", "groups", "group chats"):
        (user / name).mkdir(parents=True)
    entry = {"uid": 0, "key": ["bell"], "keysecondary": [], "comment": "Bells", "content": BELLS}
    world = {"entries": {"0": entry | {"order": 100, "position": 0, "disable": False}}}
    (user / "worlds" / "Harbor.json").write_text(json.dumps(world))
    (user / "worlds" / "World One.json").write_bytes(sample("lorebooks/tk_world_one.json"))
    (user / "characters" / "Marta.png").write_bytes(card("Marta", world="Harbor"))
    (user / "characters" / "Nobu.png").write_bytes(card("Nobu"))
    (user / "characters" / "Broken.png").write_bytes(picture()[:40])
    chats = user / "chats" / "Marta"
    (chats / "Marta - 2024-3-1.jsonl").write_text(jsonl(HEADER, *FIRST))
    told = HEADER | {"chat_metadata": {"main_chat": "Marta - 2024-3-1"}}
    (chats / "Branch #1 - 2024-3-6.jsonl").write_text(jsonl(told, *BRANCH))
    (user / "chats" / "Gone" / "Gone.jsonl").write_text(jsonl(HEADER, *FIRST))
    group = {"id": "1", "name": "All", "members": ["Marta.png", "Nobu.png"], "chats": ["night"]}
    (user / "groups" / "1.json").write_text(json.dumps(group))
    (user / "group chats" / "night.jsonl").write_text(
        jsonl({"chat_metadata": {}, "user_name": "unused", "character_name": "unused"}, *GROUP)
    )
    (user / "settings.json").write_text(json.dumps(SETTINGS))
    return root
