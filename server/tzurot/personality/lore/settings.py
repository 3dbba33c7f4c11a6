"""SillyTavern's settings of an entry, as its extensions hold them: values of any kind.

What is not of the kind that it should be counts as not set. Names are those of SillyTavern's cards
(`formats/lorebooks/sillytavern.py`), older spellings beside them.
"""

from collections.abc import Mapping
from enum import IntEnum

from tzurot.formats.narrowing import flag, is_list, is_object, number, text

MAX_SCAN_DEPTH = 1_000  # messages; SillyTavern's MAX_SCAN_DEPTH
WEIGHT = 100.0  # of an entry in its group; SillyTavern's DEFAULT_WEIGHT
_MOST = 2**31  # messages, levels: more is nonsense


class Logic(IntEnum):
    """What the secondary keys must be, by SillyTavern's `selectiveLogic`."""

    AND_ANY = 0
    NOT_ALL = 1
    NOT_ANY = 2
    AND_ALL = 3


class CharacterFilter:
    """For which characters an entry is, or is not."""

    def __init__(self, value: object) -> None:
        said = value if is_object(value) else {}
        self.excludes = flag(said.get("isExclude"))
        self.names = _folded(said.get("names"))
        self.tags = _folded(said.get("tags"))

    def lets(self, names: frozenset[str], tags: frozenset[str]) -> bool:
        """Whether a character of these names and tags (both case-folded) may use the entry."""
        for wanted, given in ((self.names, names), (self.tags, tags)):
            if wanted and bool(wanted & given) is self.excludes:
                return False
        return True


class Settings:
    """What an entry's extensions say. Read when asked for: most entries say little."""

    __slots__ = ("_said",)

    def __init__(self, said: Mapping[str, object]) -> None:
        self._said = said

    def says(self, name: str) -> bool:
        """Whether a setting is switched on."""
        value = self._said.get(name)
        return value is True or (bool(value) and flag(value))

    def count(self, name: str) -> int:
        """A whole number from 1 on; 0 if none is set."""
        value = self._said.get(name)
        found = _number(value) if value else None
        return int(found) if found is not None and 0 < found < _MOST else 0

    @property
    def chance(self) -> float:
        """In percent, 0..100; 100 where none is set."""
        value = self._said.get("probability")
        if value is None or value == 100 or self._said.get("useProbability") is False:
            return 100.0
        found = _number(value)
        if found is None or not flag(self._said.get("useProbability"), True):
            return 100.0
        return min(100.0, max(0.0, found))

    @property
    def scan_depth(self) -> int | None:
        """In messages; None if it doesn't say."""
        value = self._said.get("scan_depth")
        found = _number(value) if value is not None else None
        return int(min(found, MAX_SCAN_DEPTH)) if found is not None and found >= 0 else None

    @property
    def depth(self) -> int:
        """Messages from the newest at which it is told; SillyTavern's DEFAULT_DEPTH is 4."""
        found = _number(self._said.get("depth"))
        return int(found) if found is not None and 0 <= found < _MOST else 4

    @property
    def level(self) -> int:
        """From which wave of being called up by others on it comes up; 0: needs no call."""
        value = self._said.get("delay_until_recursion")
        return 1 if value is True else self.count("delay_until_recursion")

    @property
    def logic(self) -> Logic | None:
        """How secondary keys count; None if it doesn't say."""
        value = self._said.get("selectiveLogic")
        if value is None:
            return None
        found = _number(value)
        return next((logic for logic in Logic if logic == found), Logic.AND_ANY)

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of which one entry is told."""
        value = self._said.get("group")
        if not isinstance(value, str) or not value:
            return ()
        return tuple(dict.fromkeys(name for part in value.split(",") if (name := part.strip())))

    @property
    def weight(self) -> float:
        """In a group, 0 or more."""
        found = _number(self._said.get("group_weight"))
        return WEIGHT if found is None else max(0.0, found)

    @property
    def triggers(self) -> frozenset[str]:
        """For which kinds of answers it is; none: all."""
        value = self._said.get("triggers")
        return _folded(value) if value else frozenset()

    @property
    def character_filter(self) -> CharacterFilter | None:
        """For which characters it is; None: all."""
        value = self._said.get("characterFilter") or self._said.get("character_filter")
        return CharacterFilter(value) if value else None

    @property
    def position(self) -> int | None:
        """SillyTavern's number of a place; None if it doesn't say."""
        found = _number(self._said.get("position"))
        return int(found) if found is not None and found.is_integer() else None

    @property
    def role(self) -> int | None:
        """SillyTavern's number of a role; None if it doesn't say."""
        found = _number(self._said.get("role"))
        return int(found) if found is not None and found.is_integer() else None

    @property
    def outlet(self) -> str:
        """The name by which a text asks for it."""
        return text(self._said.get("outlet_name")).strip()

    @property
    def automation(self) -> str:
        """The id by which SillyTavern finds a script to run."""
        value = self._said.get("automation_id")
        return text(value).strip() if value else ""

    def looks_through(self) -> tuple[str, ...]:
        """The texts besides messages that it is looked up in, by the names of `Scene.texts`."""
        return tuple(
            name.removeprefix("match_")
            for name, value in self._said.items()
            if name in _MATCHED and flag(value)
        )


_MATCHED = frozenset(
    {
        "match_persona_description",
        "match_character_description",
        "match_character_personality",
        "match_character_depth_prompt",
        "match_scenario",
        "match_creator_notes",
    }
)


def _number(value: object) -> float | None:
    """A finite number; quickly for what most entries say: this is asked a dozen times of each."""
    if value is None:
        return None
    return float(value) if type(value) is int and -_MOST < value < _MOST else number(value)


def _folded(value: object) -> frozenset[str]:
    if not is_list(value):
        return frozenset()
    return frozenset(name.casefold() for item in value if (name := text(item).strip()))
