"""Memories and facts of our own files, on their way to the characters that they name.

A character is known by its slug, else by its name if only one has it. Of those that are not here
nothing is stored: they can be brought first, and the file again then.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from tzurot.errors import PersonalityNeeded, PersonalityNotFound
from tzurot.formats.found import Found, Known, KnownFact, Recollection
from tzurot.personality.characters import Characters, Personality
from tzurot.personality.names import resolving
from tzurot.transfer.companions import Companions
from tzurot.transfer.moving import Moving

_Called = tuple[str, str]  # slug and name of a character


def names_characters(found: Found) -> bool:
    """Whether the file says of some memories or facts which character they are of."""
    return any(any(_called(it)) for it in _known(found))


class Homecoming:
    """Lets each character remember again what it did."""

    def __init__(self, characters: Characters, companions: Companions) -> None:
        self._characters = characters
        self._companions = companions

    async def carry(self, moving: Moving) -> None:
        """Store what is of all characters that are here.

        Raises:
            PersonalityNeeded: none of them is.
        """
        homes: dict[_Called, Personality] = {}
        memories = _parted(moving.found.memories, lambda it: _called(it.known))
        facts = _parted(moving.found.facts, _called)
        for called in memories | facts:
            if found := await self._found(moving, *called):
                homes[called] = found
            else:
                for what, parted in (("Memories", memories), ("Facts", facts)):
                    if left_out := len(parted.get(called, ())):
                        moving.arrived.warnings.append(_missing(what, called, left_out))
        if not homes and not moving.rehearsed:
            raise PersonalityNeeded(moving.found.kind)
        for called, here in homes.items():
            await self._companions.bring_home(
                moving, here, memories.get(called, ()), facts.get(called, ())
            )
        if len({here.id for here in homes.values()}) == 1:
            (here, *_) = homes.values()
            moving.arrived.personality_id, moving.arrived.slug = here.id, here.slug

    async def _found(self, moving: Moving, slug: str, name: str) -> Personality | None:
        """The character that the caller sees under this slug, else the only one of this name."""
        person_id = moving.who.person_id
        try:
            return (await self._characters.seen(moving.tx, person_id, slug)).personality
        except PersonalityNotFound:
            return await resolving.only_one(moving.tx, person_id, [name])


_Told = TypeVar("_Told", Recollection, KnownFact)


def _parted(
    everything: Sequence[_Told], called: Callable[[_Told], _Called]
) -> dict[_Called, list[_Told]]:
    parted: dict[_Called, list[_Told]] = {}
    for it in everything:
        parted.setdefault(called(it), []).append(it)
    return parted


def _known(found: Found) -> Iterator[Known | KnownFact]:
    yield from (memory.known for memory in found.memories)
    yield from found.facts


def _called(it: Known | KnownFact) -> _Called:
    return it.character_slug, it.character_name


def _missing(what: str, called: _Called, count: int) -> str:
    slug, name = called
    who = f"`{slug or name}`" if slug or name else "no character"
    return (
        f"{what} of {who}, which is not here, are left out: {count:,}. Bring it first and"
        " this file again, or say which character they are for."
    )
