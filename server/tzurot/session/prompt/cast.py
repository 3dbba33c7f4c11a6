"""Who is called what in a prompt: everybody by one name, and no two by the same. Pure."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from tzurot.session.prompt import marks
from tzurot.session.turns import Line, Turn

_SOMEBODY = "User"
_ROLES = ("System", "Assistant")


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and characters of a prompt."""

    people: Mapping[UUID | str, str]
    """What each is called: a person by their id, who came with an imported chat by their name."""
    others: Set[str]
    """Other characters that speak in the history, as in group chats that came from elsewhere."""
    own: tuple[str, ...]
    """What the character itself is called."""

    alike: Set[str]
    """All that a line could begin with as if somebody spoke in it, as `marks.folded` makes it."""

    @property
    def names(self) -> tuple[str, ...]:
        """What all but the character are called."""
        return tuple(dict.fromkeys((*self.people.values(), *map(marks.name, sorted(self.others)))))

    def name_of(self, line: Line) -> str:
        """What the person is called who said a line."""
        return self.people.get(_key(line.person_id, line.author_name), _SOMEBODY)


def cast_of(turn: Turn) -> Cast:
    """The cast of a turn: two people of one name get a number, one of a character's a word.

    Numbers go by who came to this server first, not by who speaks: nobody's changes with the turn.
    """
    own = tuple(filter(None, (turn.called, turn.personality.name, turn.personality.nickname)))
    others = _others(turn, own)
    called: dict[UUID | str, str] = {turn.person_id: turn.speaker_name}
    for line in turn.history:
        if line.by_person:
            called.setdefault(_key(line.person_id, line.author_name), line.author_name)
    characters = {marks.folded(it) for it in (*own, *others, *_ROLES)}
    taken: dict[str, int] = {}
    people = {
        key: _apart(marks.name(called[key]) or _SOMEBODY, characters, taken)
        for key in sorted(called, key=str)
    }
    spoken = {marks.folded(it) for it in (*people.values(), _SOMEBODY)}
    return Cast(people, others, own, frozenset((spoken | characters) - {""}))


def _key(person_id: UUID | None, called: str) -> UUID | str:
    return person_id or f"~{called.casefold()}"  # behind all ids


def _apart(called: str, characters: Set[str], taken: dict[str, int]) -> str:
    """The name, with something behind it if somebody else has it; it is taken then.

    `taken`: how many have each name.
    """
    folded = marks.folded(called)
    if folded in characters:
        called, folded = f"{called} (person)", f"{folded} (person"
    wanted = called
    while (alike := marks.folded(wanted)) in taken:
        taken[folded] = taken.get(folded, 1) + 1
        wanted = f"{called} ({taken[folded]})"
    taken[alike] = 1
    return wanted


def _others(turn: Turn, own: tuple[str, ...]) -> Set[str]:
    spoken = [it for it in turn.history if not it.by_person]
    around = {it.author_name for it in spoken if it.around}
    brought = {it.author_name for it in spoken if it.turn_id is None and not it.around}
    if len(brought) < 2:  # alone it is this one, whatever it was called then
        brought = set[str]()
    return (around | brought) - {*own, ""}
