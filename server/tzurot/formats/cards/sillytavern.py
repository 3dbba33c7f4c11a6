"""What SillyTavern keeps in a card's extensions that has a place here, read and written.

`depth_prompt` is a note that is told between the last messages; `regex_scripts` are rules that
rewrite what is said, kept as their rows. Nonsense stays in the card.
"""

from collections.abc import Iterable, Iterator, Mapping

from tzurot.formats import caps, documents, narrowing
from tzurot.formats.cards import scripts
from tzurot.formats.cards.notes import Notes
from tzurot.formats.cards.outline import Outline
from tzurot.formats.cards.values import text
from tzurot.formats.documents import Json
from tzurot.formats.found import Character
from tzurot.formats.narrowing import is_empty, is_list, is_object

NAMES = frozenset({"depth_prompt", "regex_scripts"})
"""The extensions that are told of here."""

DEPTH = 4  # messages after the note, where nothing says how many
MAX_DEPTH = 10_000
ROLE = "system"
_ROLES = (ROLE, "user", "assistant")  # in the order of SillyTavern's numbers
_DEPTH_PROMPT: Mapping[str, str] = {
    "prompt": "depth_prompt",
    "depth": "depth_prompt_depth",
    "role": "depth_prompt_role",
}
_MAX_ROW = caps.TEXT  # bytes of one script's JSON
_MAX_JUDGED = 50_000  # characters of patterns; each is compiled to say whether it can be read


def depth_prompt(found: Outline, notes: Notes) -> tuple[str, int, str]:
    """The note, how many messages come after it, and who says it.

    Raises:
        Unreadable: TOO_LARGE.
    """
    source, value = _at(found, "depth_prompt")
    if not is_object(value):
        notes.keep(source, value, "It is no object.")
        return "", DEPTH, ROLE
    said, depth, role = (
        value.get("prompt"),
        depth_of(value.get("depth")),
        role_of(value.get("role")),
    )
    if narrowing.text(said):
        prompt = text(said, f"{source}.prompt", notes.warnings)
    else:
        prompt = ""
        notes.keep(f"{source}.prompt", said, "It is no text.")
    for key, field in _DEPTH_PROMPT.items():
        if prompt.strip() and not is_empty(value.get(key)):
            notes.map(f"{source}.{key}", field)
    for key in value.keys() - _DEPTH_PROMPT.keys():
        notes.keep(f"{source}.{key}", value[key], "An unknown field; it stays in the card.")
    return prompt, depth, role


def depth_of(value: Json) -> int:
    """A number of messages, 0 to MAX_DEPTH, or the usual one."""
    count = narrowing.count(value)
    return DEPTH if count is None else min(count, MAX_DEPTH)


def role_of(value: Json) -> str:
    """`system`, `user` or `assistant`, also as its number; or else the usual one."""
    if isinstance(value, str) and value.strip().lower() in _ROLES:
        return value.strip().lower()
    count = narrowing.count(value)
    return _ROLES[count] if count is not None and count < len(_ROLES) else ROLE


def regex_scripts(found: Outline, notes: Notes) -> tuple[Mapping[str, object], ...]:
    """The rows of the scripts; of those that don't run here is warned."""
    source, value = _at(found, "regex_scripts")
    if not is_list(value):
        notes.keep(source, value, "It is no list.")
        return ()
    kept = _kept(value)
    if kept:
        notes.map(source, "regex_scripts")
    for number, row in enumerate(value):
        if number not in kept:
            notes.keep(f"{source}[{number}]", row, _why_not_kept(row, number, kept))
    notes.warnings.extend(warnings(kept.values()))
    return tuple(kept.values())


def rows_of(value: Json) -> tuple[Mapping[str, object], ...]:
    """The rows in a list of scripts that can be kept."""
    return tuple(_kept(narrowing.items(value)).values())


def warnings(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """A sentence on each script that is switched on and does not run here."""
    left = _MAX_JUDGED
    for row in rows:
        left -= len(narrowing.text(row.get("findRegex")))
        if left < 0 or narrowing.flag(row.get("disabled")):
            continue
        if reason := scripts.wont_run(row):
            yield f"The regex script `{scripts.title(row)}` won't run here: {reason}."


def differ(current: Character, before: Character) -> bool:
    """Whether the two say something else of what is written here."""
    names = (*_DEPTH_PROMPT.values(), "regex_scripts")
    return any(getattr(current, name) != getattr(before, name) for name in names)


def put(extensions: Json, current: Character, before: Character) -> dict[str, Json]:
    """Extensions with what differs between the two."""
    put_in = {**narrowing.members(extensions)}
    said = {key: getattr(current, field) for key, field in _DEPTH_PROMPT.items()}
    news = {k: it for k, it in said.items() if it != getattr(before, _DEPTH_PROMPT[k])}
    if news:
        was = put_in.get("depth_prompt")
        put_in["depth_prompt"] = {**was, **news} if is_object(was) else said
    if current.regex_scripts != before.regex_scripts:
        put_in["regex_scripts"] = _merged(narrowing.items(put_in.get("regex_scripts")), current)
    return put_in


def _at(found: Outline, name: str) -> tuple[str, Json]:
    extensions = narrowing.members(found.data.get("extensions"))
    return f"{found.path('extensions')}.{name}", extensions.get(name)


def _kept(rows: list[Json]) -> dict[int, Mapping[str, object]]:
    """Those rows that become scripts here, by their number in the card."""
    kept: dict[int, Mapping[str, object]] = {}
    for number, row in enumerate(rows):
        if len(kept) == scripts.MAX_SCRIPTS:
            break
        if is_object(row) and len(documents.dumps(row)) <= _MAX_ROW:
            plain = narrowing.plain(row)
            kept[number] = narrowing.members(plain)
    return kept


def _why_not_kept(row: Json, number: int, kept: Mapping[int, Mapping[str, object]]) -> str:
    if len(kept) == scripts.MAX_SCRIPTS and number > max(kept):
        return f"There can be {scripts.MAX_SCRIPTS} scripts."
    return "A script that is too long." if is_object(row) else "It is no object."


def _merged(rows: list[Json], current: Character) -> list[Json]:
    """The scripts, each as the card spells it if it says the same, then what are none here."""
    kept = _kept(rows)
    spelled: list[Json] = []
    for script in current.regex_scripts:
        same = (rows[number] for number, row in kept.items() if row == script)
        spelled.append(next(same, dict(script)))
    return [*spelled, *(row for number, row in enumerate(rows) if number not in kept)]
