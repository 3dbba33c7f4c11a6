"""An entry as Risu, Agnai and NovelAI write it: a few words each."""

from collections.abc import Mapping

from tzurot.formats.documents import Json
from tzurot.formats.found import LoreEntry
from tzurot.formats.lorebooks.v3 import digits, is_regex
from tzurot.formats.narrowing import flag, members, number, plain, text, texts

RISU = {
    "keys": "key",
    "content": "content",
    "secondary_keys": "secondkey",
    "name": "comment",
    "constant": "alwaysActive",
    "selective": "selective",
    "use_regex": "useRegex",
    "insertion_order": "insertorder",
}
AGNAI = {
    "keys": "keywords",
    "content": "entry",
    "name": "name",
    "enabled": "enabled",
    "insertion_order": "weight",
    "priority": "priority",
}
NOVELAI = {
    "keys": "keys",
    "content": "text",
    "name": "displayName",
    "enabled": "enabled",
    "constant": "forceActivation",
    "insertion_order": "contextConfig",
}
_BUDGET = "budgetPriority"


def is_folder(row: Mapping[str, Json]) -> bool:
    """Whether a row of Risu is a folder: its key begins with U+F000, and it tells nothing."""
    return row.get("mode") == "folder" or text(row.get("key")).startswith("\uf000folder:")


def read_risu(row: Mapping[str, Json]) -> LoreEntry:
    """What a row of Risu says: keys are a comma list, or one pattern."""
    use_regex = flag(row.get("useRegex"))
    key = text(row.get("key"))
    percent = row.get("activationPercent")
    return LoreEntry(
        keys=((key,) if key.strip() else ()) if use_regex else texts(key),
        content=text(row.get("content")),
        secondary_keys=texts(text(row.get("secondkey"))),
        name=text(row.get("comment")),
        constant=flag(row.get("alwaysActive")) or row.get("mode") == "constant",
        selective=flag(row.get("selective")),
        use_regex=use_regex,
        insertion_order=number(row.get("insertorder")) or 0.0,
        extensions={} if percent is None else {"probability": plain(percent)},
    )


def put_risu(row: dict[str, Json], name: str, entry: LoreEntry) -> None:
    """Make one field of the row say what the entry says."""
    match name:
        case "keys" | "use_regex":
            row["useRegex"] = entry.use_regex
            row["key"] = ", ".join(entry.keys)
        case "secondary_keys":
            row["secondkey"] = ", ".join(entry.secondary_keys)
        case "constant":
            row["alwaysActive"] = entry.constant
            if row.get("mode") == "constant":
                row["mode"] = "normal"
        case "extensions":
            if "probability" in entry.extensions:
                row["activationPercent"] = entry.extensions["probability"]
            else:
                row.pop("activationPercent", None)
        case _ if name in RISU:
            row[RISU[name]] = _written(entry, name)
        case _:
            return  # a word that Risu doesn't have


def blank_risu() -> dict[str, Json]:
    """The row of an entry with nothing in it."""
    return {
        "key": "",
        "secondkey": "",
        "comment": "",
        "content": "",
        "mode": "normal",
        "insertorder": 0,
        "alwaysActive": False,
        "selective": False,
    }


def read_agnai(row: Mapping[str, Json]) -> LoreEntry:
    """What a row of Agnai says."""
    return LoreEntry(
        keys=texts(row.get("keywords")),
        content=text(row.get("entry")),
        name=text(row.get("name")),
        enabled=flag(row.get("enabled"), True),
        use_regex=False,
        insertion_order=number(row.get("weight")) or 0.0,
        priority=number(row.get("priority")),
    )


def put_agnai(row: dict[str, Json], name: str, entry: LoreEntry) -> None:
    """Make one field of the row say what the entry says."""
    if name in AGNAI:
        row[AGNAI[name]] = _written(entry, name)


def blank_agnai() -> dict[str, Json]:
    """The row of an entry with nothing in it."""
    return {"name": "", "entry": "", "keywords": [], "priority": None, "weight": 0, "enabled": True}


def read_novelai(row: Mapping[str, Json]) -> LoreEntry:
    """What a row of NovelAI says: its keys may be patterns."""
    keys = texts(row.get("keys"))
    return LoreEntry(
        keys=keys,
        content=text(row.get("text")),
        name=text(row.get("displayName")),
        enabled=flag(row.get("enabled"), True),
        constant=flag(row.get("forceActivation")),
        use_regex=any(map(is_regex, keys)),
        insertion_order=number(members(row.get("contextConfig")).get(_BUDGET)) or 0.0,
    )


def put_novelai(row: dict[str, Json], name: str, entry: LoreEntry) -> None:
    """Make one field of the row say what the entry says."""
    if name == "insertion_order":
        budget = digits(entry.insertion_order)
        row["contextConfig"] = {**members(row.get("contextConfig")), _BUDGET: budget}
    elif name in NOVELAI:
        row[NOVELAI[name]] = _written(entry, name)


def blank_novelai() -> dict[str, Json]:
    """The row of an entry with nothing in it."""
    return {"text": "", "displayName": "", "keys": [], "enabled": True, "forceActivation": False}


def _written(entry: LoreEntry, name: str) -> Json:
    value: object = getattr(entry, name)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return digits(float(value))
    return list(entry.keys) if name == "keys" else value
