"""How flows name a character, so that nobody takes another one of its name for it.

Lists show slugs, and whose each is. A text shows the name alone unless the person sees another
character of that name.
"""

from uuid import UUID

from tzurot.flow.views import line
from tzurot.personality.characters import Characters, Label, Personality
from tzurot.personality.names import mentions
from tzurot.personality.sharing.sharing import Access
from tzurot.transport.subject import Caller


def listed(one: Label) -> str:
    """Its name, of which a long one leaves room, and its slug."""
    return f"{line(one.name, 60)} ({one.slug})"


async def told(characters: Characters, who: Caller, one: Personality) -> str:
    """Its name, with its slug if the person sees another one of that name."""
    return await called(characters, who, one.id, Label(one.name, one.slug))


async def called(characters: Characters, who: Caller, one_id: UUID, one: Label) -> str:
    """The same of one that the person may not see any more."""
    found = await characters.meant(who.person_id, one.name, limit=2)
    name = mentions.key(one.name)
    alike = {it.personality.id for it in found if mentions.key(it.personality.name) == name}
    return str(one) if alike - {one_id} else one.name


async def mention(characters: Characters, who: Caller, access: Access) -> str:
    """What behind an `@` means this one: its name if that does, else its slug or id."""
    one = access.personality
    name = line(one.name, 80)
    found = await characters.resolve(who.person_id, f"@{name} hello", limit=1)
    if [it.access.personality.id for it in found] == [one.id]:
        return name
    return (await characters.handles(who.person_id, [access]))[one.id]
