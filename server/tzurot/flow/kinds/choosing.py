"""How a person says which character a flow is about."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from tzurot.errors import NotEditor, PersonalityNotFound
from tzurot.flow.kind import Argument
from tzurot.flow.views import MAX_CHOICES, Choice
from tzurot.personality import mentions
from tzurot.personality.characters import Characters, Personality
from tzurot.transport.subject import Caller

CHARACTER = Argument("character", "Which character: its name or slug.", completes=True)
NEEDED_CHARACTER = Argument(
    "character", "Which character: its name or slug.", required=True, completes=True
)

_LOOKED_AT = 200  # of the characters that begin like this, to find those of the person


async def offered(characters: Characters, who: Caller, typed: str) -> list[Choice]:
    """The characters that the person sees and whose name or slug begins with what was typed."""
    matches = await characters.complete(who.person_id, typed, MAX_CHOICES)
    return choices(match.personality for match in matches)


async def offered_own(characters: Characters, who: Caller, typed: str) -> list[Choice]:
    """The same of those that the person may change."""
    matches = await characters.complete(who.person_id, typed, _LOOKED_AT)
    mine = [it.personality for it in matches if it.personality.owner_id == who.person_id]
    return choices(mine[:MAX_CHOICES])


def choices(found: Iterable[Personality]) -> list[Choice]:
    """Characters to choose from, each under its slug; one that shares its name shows the slug."""
    listed = list(found)
    names = Counter(it.name for it in listed)
    return [
        Choice(it.slug, it.name if names[it.name] == 1 else f"{it.name[:30]} ({it.slug})", it.slug)
        for it in listed
    ]


async def meant(characters: Characters, who: Caller, text: str) -> Personality:
    """The character that `text` names by its slug, id or name; of equal names an own one.

    Raises:
        PersonalityNotFound: the person sees none that is called so.
    """
    try:
        return await characters.get(who.person_id, _ref(text))
    except PersonalityNotFound:
        wanted = mentions.key(text)
        matches = await characters.complete(who.person_id, wanted, _LOOKED_AT)
        named = [m.personality for m in matches if m.personality.folded_name == wanted]
        if not named:
            raise PersonalityNotFound(text[:80]) from None
        return min(named, key=lambda it: (it.owner_id != who.person_id, it.id))


async def own(characters: Characters, who: Caller, ref: UUID | str) -> Personality:
    """A character that the person may change.

    Raises:
        PersonalityNotFound, NotEditor: by their names.
    """
    found = await characters.get(who.person_id, ref)
    if found.owner_id != who.person_id:
        raise NotEditor(found.slug)
    return found


def _ref(text: str) -> UUID | str:
    try:
        return UUID(text)
    except ValueError:
        return text
