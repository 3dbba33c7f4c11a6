"""Carrying what a file holds into the rooms, in one transaction of the caller's.

`carry` begins with the character that the file makes, updates or belongs to, with its picture and
source; what hangs on it is carried in by `companions.py`.
"""

from tzurot.errors import PersonalityNeeded
from tzurot.formats import detection
from tzurot.formats.found import Character, Container, Found, Kind
from tzurot.formats.unreadable import Unreadable
from tzurot.personality import sources
from tzurot.personality.characters import Characters, Personality
from tzurot.personality.fields import OWNERS_TO_CHANGE, Value
from tzurot.personality.names import resolving
from tzurot.personality.sources import Imported, Origin
from tzurot.transfer import homecoming, merging, portraits
from tzurot.transfer.companions import Companions
from tzurot.transfer.homecoming import Homecoming
from tzurot.transfer.moving import Moving, size_of
from tzurot.transfer.plans import Action

_WHOLE_FILE = (Container.PNG, Container.CHARX, Container.JPEG)  # more than a document


class Arriving:
    """The rooms, as a file is carried into them."""

    def __init__(self, characters: Characters, companions: Companions) -> None:
        self._characters = characters
        self._companions = companions
        self._homecoming = Homecoming(characters, companions)

    async def carry(self, moving: Moving) -> None:
        """Store all that the file holds.

        Raises:
            PersonalityNotFound, NotEditor, PersonalityNeeded: by their names.
        """
        if moving.options.personality is None and homecoming.names_characters(moving.found):
            await self._homecoming.carry(moving)
            return
        if moving.found.character is not None:
            here = await self._character(moving, moving.found.character)
        else:
            here = await self._meant(moving)
        if here is None and _needs_character(moving.found):
            if not moving.rehearsed:
                raise PersonalityNeeded(moving.found.kind)
            moving.arrived.warnings.append("It does not say for which character it is: name one.")
        if here is not None:
            moving.arrived.personality_id, moving.arrived.slug = here.id, here.slug
        await self._companions.carry(moving, here)

    async def _character(self, moving: Moving, character: Character) -> Personality:
        here, source = await self._made_before(moving, character)
        values = merging.values_of(character)
        if here is None:
            here = await self._characters.take_in(
                moving.tx, moving.who.person_id, values, character.slug
            )
            moving.arrived.say(Action.CREATE, "personality", here.name, size_of(values.values()))
        else:
            await self._update(moving, here, source, values)
        avatar_sha256 = await portraits.carry(
            moving, here, source=source, before=_character_of(source)
        )
        await _keep_source(moving, here, avatar_sha256)
        return here

    async def _made_before(
        self, moving: Moving, character: Character
    ) -> tuple[Personality | None, Imported | None]:
        """The character that this source made before, or that the person names; and its source."""
        owner, options = moving.who.person_id, moving.options
        if options.personality is not None:
            named = await self._characters.editable(moving.tx, owner, options.personality)
            return named, await sources.of(moving.tx, named.id)
        if options.as_copy:
            return None, None
        origin = Origin(character.origin, moving.file_sha256, character.name)
        for personality, source in await sources.made_from(moving.tx, owner, origin):
            if _is_from(personality, source, moving, character):
                return personality, source
        return None, None

    async def _meant(self, moving: Moving) -> Personality | None:
        """Of a file without a character of its own: the one that is named, or that it names."""
        person, ref = moving.who.person_id, moving.options.personality
        if ref is not None and _changes_character(moving.found):
            return await self._characters.editable(moving.tx, person, ref)
        if ref is not None:
            return (await self._characters.seen(moving.tx, person, ref)).personality
        names = {history.character_name for history in moving.found.histories}
        return await resolving.only_one(moving.tx, person, names)

    async def _update(
        self,
        moving: Moving,
        here: Personality,
        source: Imported | None,
        values: dict[str, Value],
    ) -> None:
        not_theirs = OWNERS_TO_CHANGE if here.owner_id != moving.who.person_id else ()
        merged = merging.merge(
            _brought(source) if source else merging.BLANK,
            {name: value for name, value in values.items() if name not in not_theirs},
            {name: getattr(here, name) for name in merging.FIELDS},
            overwrite=moving.options.overwrite_own_edits,
        )
        moving.arrived.own_edits += merged.own_edits
        action = Action.UPDATE if merged.values else Action.KEEP
        size = size_of(merged.values.values())
        moving.arrived.say_of(here, action, "personality", size)
        if merged.values:
            await self._characters.give(moving.tx, here, merged.values)


async def _keep_source(moving: Moving, here: Personality, avatar_sha256: str | None) -> None:
    found = moving.found
    whole = found.container in _WHOLE_FILE or found.kind is Kind.TZUROT_CHARACTER
    await sources.keep(
        moving.tx,
        here.id,
        Imported(
            kind=found.kind,
            format=str(found.details.get("source_format") or found.format),
            origin=found.character.origin if found.character else "",
            file_sha256=moving.file_sha256,
            document=found.document,
            file=moving.upload.content if whole else None,
            avatar_sha256=avatar_sha256,
        ),
    )


def _brought(source: Imported | None) -> dict[str, Value]:
    """The fields as the last import brought them; nothing if that was none.

    One that did not say whether it is only for adults left it as it was: open.
    """
    character = _character_of(source)
    return {"age_restricted": False} | (merging.values_of(character) if character else {})


def _character_of(source: Imported | None) -> Character | None:
    """The character as the last import brought it."""
    if source is None:
        return None
    own = source.kind == Kind.TZUROT_CHARACTER and source.file
    data = source.file if own else source.document
    try:
        return detection.read(data).character if data else None
    except Unreadable:
        return None  # it came inside another file, which said so


_LONG = ("description", "traits", "greeting", "system_prompt")


def _is_from(here: Personality, source: Imported, moving: Moving, character: Character) -> bool:
    """Whether a character came from this source: by id, by file, else by name and long texts.

    A name alone is not enough: two different characters may have the same one. A file of another
    kind must have all of them, as an export has: else it may be somebody else's work, and what its
    kind has no words for would be taken from the character.
    """
    if character.origin or source.file_sha256 == moving.file_sha256:
        return True
    before, now = _brought(source), merging.values_of(character)
    if source.kind == moving.found.kind:
        return any(now[name] and now[name] == before.get(name) for name in _LONG)
    return all(now[name] in (before.get(name), getattr(here, name)) for name in _LONG)


def _needs_character(found: Found) -> bool:
    facing = any(face.for_character for face in found.personas)
    told = found.memories or found.facts or found.histories
    return bool(found.documents or told or facing)


def _changes_character(found: Found) -> bool:
    """Whether what is carried in changes the character for everybody."""
    unclaimed = any(memory.senders for memory in found.memories)
    return bool(found.documents or found.lorebooks or unclaimed) and found.kind is not Kind.CHAT
