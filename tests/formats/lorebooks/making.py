"""Lorebooks for tests: read from values, and one in each format."""

import json
from collections.abc import Mapping
from pathlib import Path

from tzurot.formats import documents, lorebooks
from tzurot.formats.found import Found, Lorebook

DATA = Path(__file__).parents[1] / "data" / "lorebooks"

# The same two entries in every program's words, each with something that we know nothing of.
ST: dict[str, object] = {
    "entries": {
        "7": {
            "uid": 7,
            "key": ["bell"],
            "keysecondary": ["night"],
            "comment": "Bell",
            "content": "The bell is bronze.",
            "order": 20,
            "probability": 50,
            "unheardOf": {"a": [1]},
        },
        "3": {"uid": 3, "key": ["sea"], "content": "Salt.", "order": 10, "disable": True},
    },
    "name": "Varn",
    "unheardOf": 1,
}
BOOK: dict[str, object] = {
    "name": "Varn",
    "unheardOf": 1,
    "entries": [
        {
            "id": 7,
            "keys": ["bell"],
            "secondary_keys": ["night"],
            "selective": True,
            "comment": "Bell",
            "content": "The bell is bronze.",
            "insertion_order": 20,
            "enabled": True,
            "extensions": {"unheardOf": {"a": [1]}, "probability": 50},
            "unheardOf": "x",
        },
        {"keys": ["sea"], "content": "Salt.", "insertion_order": 10, "enabled": False},
    ],
}
V3: dict[str, object] = {"spec": "lorebook_v3", "data": BOOK, "unheardOf": 1}
RISU: dict[str, object] = {
    "type": "risu",
    "ver": 1,
    "data": [
        {"key": "\uf000folder:a", "mode": "folder", "comment": "Folder"},
        {
            "key": "bell, chime",
            "secondkey": "night",
            "selective": True,
            "comment": "Bell",
            "content": "The bell is bronze.",
            "insertorder": 20,
            "activationPercent": 50,
            "folder": "a",
        },
        {"key": "sea", "content": "Salt.", "insertorder": 10, "unheardOf": 1},
    ],
}
AGNAI: dict[str, object] = {
    "kind": "memory",
    "name": "Varn",
    "description": "A coast.",
    "entries": [
        {
            "name": "Bell",
            "entry": "The bell is bronze.",
            "keywords": ["bell"],
            "priority": 5,
            "weight": 20,
            "enabled": True,
            "unheardOf": 1,
        },
        {"name": "", "entry": "Salt.", "keywords": ["sea"], "weight": 10, "enabled": False},
    ],
}
NOVELAI: dict[str, object] = {
    "lorebookVersion": 5,
    "settings": {"orderByKeyLocations": False},
    "entries": [
        {
            "text": "The bell is bronze.",
            "displayName": "Bell",
            "keys": ["bell", "/chimes?/i"],
            "enabled": True,
            "forceActivation": False,
            "searchRange": 1000,
            "contextConfig": {"budgetPriority": 20, "tokenBudget": 2048},
        },
        {"text": "Salt.", "displayName": "", "keys": ["sea"], "forceActivation": True},
    ],
}
BARE_LIST: list[object] = [
    {"keys": ["bell"], "content": "The bell is bronze.", "insertion_order": 20, "unheardOf": 1},
    {"keys": ["sea"], "content": "Salt.", "insertion_order": 10},
]
EVERY: Mapping[str, object] = {
    "st_world_info": ST,
    "v2_character_book": BOOK,
    "lorebook_v3": V3,
    "risu": RISU,
    "agnai": AGNAI,
    "novelai": NOVELAI,
    "bare list": BARE_LIST,
}


def found(data: bytes) -> Found:
    """What the readers find in a file, which must be a lorebook."""
    read = lorebooks.read(data, documents.loads(data))
    assert read is not None
    return read


def book(value: object) -> Lorebook:
    """The book that a document is."""
    (only,) = found(json.dumps(value).encode()).lorebooks
    return only


def reread(written: bytes) -> Lorebook:
    """The book in a file."""
    (only,) = found(written).lorebooks
    return only
