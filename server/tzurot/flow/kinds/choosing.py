"""How a person says which character a flow is about."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from tzurot.errors import PersonalityNotFound
from tzurot.flow.kind import Argument
from tzurot.flow.views import MAX_CHOICES, Choice, line
from tzurot.personality.characters import Characters, Label, Personality
from tzurot.personality.sharing.sharing import Access
from tzurot.transport.subject import Caller

CHARACTER = Argument("character", "Which character: its name or slug.", completes=True)
NEEDED_CHARACTER = Argument(
    "character", "Which character: its name or slug.", required=True, completes=True
)

_LOOKED_AT = 200  # of the characters that begin like this, to find those of the person
_NAME = 30  # characters of it in a label, which then has room for any slug


async def offered(characters: Characters, who: Caller, typed: str) -> list[Choice]:
    """The characters that the person sees and that are called what was typed, or begin like it."""
    matches = await characters.complete(who.person_id, typed, MAX_CHOICES)
    return await _choices(characters, who, [it.access for it in matches])


async def offered_own(characters: Characters, who: Caller, typed: str) -> list[Choice]:
    """The same of those that the person may change."""
    return await offered_if(characters, who, typed, lambda it: it.edits)


async def offered_if(
    characters: Characters, who: Caller, typed: str, fits: Callable[[Access], bool]
) -> list[Choice]:
    """The same of those that fit."""
    matches = await characters.complete(who.person_id, typed, _LOOKED_AT)
    fitting = [it.access for it in matches if fits(it.access)]
    return await _choices(characters, who, fitting[:MAX_CHOICES])


async def meant(characters: Characters, who: Caller, text: str) -> Personality:
    """The character that `text` means, by the order that holds everywhere (resolving.py).

    Raises:
        PersonalityNotFound: the person sees none that is called so.
    """
    found = await characters.meant(who.person_id, text, limit=1)
    if not found:
        raise PersonalityNotFound(text[:80])
    return found[0].personality


async def own(characters: Characters, who: Caller, ref: UUID | str) -> Personality:
    """A character that the person may change.

    Raises:
        PersonalityNotFound, NotEditor: by their names.
    """
    found = await characters.get(who.person_id, ref)
    found.require_editor()
    return found.personality


async def owned(characters: Characters, who: Caller, ref: UUID | str) -> Personality:
    """A character that is the person's.

    Raises:
        PersonalityNotFound, NotOwner: by their names.
    """
    found = await characters.get(who.person_id, ref)
    found.require_owner()
    return found.personality


async def _choices(characters: Characters, who: Caller, found: Sequence[Access]) -> list[Choice]:
    """Characters to choose from; those that share a name show their slugs and owners."""
    if not found:
        return []
    names = Counter(it.personality.folded_name for it in found)
    handles = await characters.handles(who.person_id, found)
    owners = await characters.owners([it for it in found if names[it.personality.folded_name] > 1])
    return [
        Choice(
            handles[it.personality.id],
            _label(it, owners.get(it.personality.id)),
            it.personality.slug,
        )
        for it in found
    ]


def _label(it: Access, owner_name: str | None) -> str:
    """Its name, and what tells it apart if an owner is given."""
    if owner_name is None:
        return it.personality.name
    return str(replace(Label.of(it, owner_name), name=line(it.personality.name, _NAME)))
