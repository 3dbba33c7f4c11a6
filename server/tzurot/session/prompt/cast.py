"""Who is called what in a prompt: everybody by one name, and no two by the same. Pure."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from tzurot.memory.venues import Venue
from tzurot.session.prompt import marks
from tzurot.session.turns import Line, Turn

_SOMEBODY = "User"
_SOMETHING = "Character"
_ROLES = ("System", "Assistant")


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and characters of a prompt."""

    people: Mapping[UUID | str, str]
    """What each is called: by the id of the face that speaks, or else of the person; who came with
    an imported chat by their name."""
    speaker: str
    """What the person is called who is answered."""
    others: Mapping[tuple[bool, str], str]
    """What each other character is called that speaks in the history: around, or as it was brought.

    Group chats that came from elsewhere have several.
    """
    own: tuple[str, ...]
    """What the character itself is called."""

    alike: Set[str]
    """All that a line could begin with as if somebody spoke in it, as `marks.folded` makes it."""

    labelled: bool
    """Whether what is said stands behind a name: several can speak."""

    @property
    def names(self) -> tuple[str, ...]:
        """What all but the character are called."""
        return tuple(dict.fromkeys((*self.people.values(), *self.others.values())))

    def name_of(self, line: Line) -> str:
        """What the person is called who said a line."""
        return self.people.get(_key(line), _SOMEBODY)

    def other(self, line: Line) -> str:
        """What the other character is called that said a line; empty: the character itself did."""
        return self.others.get((line.around, line.author_name), "")

    def unlabelled(self, text: str) -> str:
        """What nobody says, as it can stand between what people say."""
        return marks.unlabelled(text, self.alike) if self.labelled else text


def cast_of(turn: Turn) -> Cast:
    """The cast of a turn: two people of one name get a number, one of a character's a word.

    Numbers go by who came to this server first, not by who speaks: nobody's changes with the turn.
    Faces of a person, such as members of a system, have names of their own.
    """
    own = tuple(filter(None, (turn.called, turn.personality.name, turn.personality.nickname)))
    others = _others(turn, own)
    characters = {marks.folded(it) for it in (*own, *others.values(), *_ROLES)}
    taken: dict[str, int] = {}
    known: dict[tuple[str, str], str] = {}
    people: dict[UUID | str, str] = {}
    for who, name, key in sorted(_spoken(turn), key=lambda each: (each[0], str(each[2]))):
        if (who, name) not in known:  # one person under two faces of one name is one
            told = _apart(marks.name(name) or _SOMEBODY, "person", characters, taken)
            known[who, name] = told
        people[key] = known[who, name]
    spoken = {marks.folded(it) for it in (*people.values(), _SOMEBODY)}
    alike = frozenset((spoken | characters) - {""})
    faces = {called for key, called in people.items() if isinstance(key, UUID)}
    labelled = turn.said.place.venue is not Venue.DIRECT or bool(others) or len(faces) > 1
    return Cast(people, people[turn.persona_id], others, own, alike, labelled)


def _spoken(turn: Turn) -> Iterator[tuple[str, str, UUID | str]]:
    """Who speaks or spoke: the person, the name, and the key of the face.

    A face has the name that it has now, else the first that it had in the history.
    """
    # What is known of the person alone was said under the usual face.
    usual = () if turn.face.speaks_as else (turn.person_id,)
    names: dict[UUID | str, str] = dict.fromkeys((turn.persona_id, *usual), turn.speaker_name)
    for key in names:
        yield str(turn.person_id), turn.speaker_name, key
    for line in turn.history:
        key = _key(line)
        if line.by_person and key not in names:
            names[key] = line.author_name
            yield str(line.person_id or key), line.author_name, key


def _key(line: Line) -> UUID | str:
    return line.persona_id or line.person_id or f"~{line.author_name.casefold()}"  # behind all ids


def _apart(called: str, what: str, characters: Set[str], taken: dict[str, int]) -> str:
    """The name, with something behind it if somebody else has it; it is taken then.

    `what`: who is called so, where a character is, too. `taken`: how many have each name.
    """
    folded = marks.folded(called)
    if folded in characters:
        called, folded = f"{called} ({what})", f"{folded} ({what}"
    wanted = called
    while (alike := marks.folded(wanted)) in taken:
        taken[folded] = taken.get(folded, 1) + 1
        wanted = f"{called} ({taken[folded]})"
    taken[alike] = 1
    return wanted


def _others(turn: Turn, own: tuple[str, ...]) -> Mapping[tuple[bool, str], str]:
    spoken = [it for it in turn.history if not it.by_person]
    around = {it.author_name for it in spoken if it.around}
    brought = {it.author_name for it in spoken if it.turn_id is None and not it.around}
    if len(brought) < 2:  # alone it is this one, whatever it was called then
        brought = set[str]()
    apart, taken = {marks.folded(it) for it in (*own, *_ROLES)}, dict[str, int]()
    speak = [*((True, it) for it in around), *((False, it) for it in brought - {*own, ""})]
    return {
        (was_around, it): _apart(marks.name(it) or _SOMETHING, "another character", apart, taken)
        for was_around, it in sorted(speak)
    }
