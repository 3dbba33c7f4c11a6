"""The picture of a character that moves in.

One that lies in the file comes as it is there. One at an address is taken when the file names it
for the first time: what the address shows later is no news of the file's. A picture that was given
to the character here stays, like every own edit.
"""

from tzurot.formats.found import Character
from tzurot.personality.avatars import faces
from tzurot.personality.characters import Personality
from tzurot.personality.sources import Imported
from tzurot.transfer.moving import Moving
from tzurot.transfer.plans import Action, OwnEdit

FIELD = "avatar"  # what it is called among the changes and own edits


async def carry(
    moving: Moving,
    here: Personality,
    *,
    source: Imported | None,
    before: Character | None,
) -> str | None:
    """Give the character its picture; the hash of the one that its file brought.

    `source` and `before` are what it came from at the last import.
    """
    character = moving.found.character
    brought = source.avatar_sha256 if source else None
    address = character.avatar_url if character and not moving.picture else ""
    file_says = moving.picture.sha256 if moving.picture else address
    is_news = file_says not in ("", here.avatar_sha256)
    if address:
        is_news = here.avatar_sha256 is None or (before is None or before.avatar_url != address)
    if not file_says:
        return brought
    if not is_news:
        moving.arrived.say(Action.KEEP, FIELD, address)
        return moving.picture.sha256 if moving.picture else brought
    own = source is not None and here.avatar_sha256 not in (None, brought)
    if own and not moving.options.overwrite_own_edits:
        moving.arrived.own_edits.append(OwnEdit(FIELD, here.avatar_sha256 or "", file_says))
        return moving.picture.sha256 if moving.picture else brought
    moving.arrived.say(Action.UPDATE if here.avatar_sha256 else Action.CREATE, FIELD, address)
    picture = moving.picture or moving.fetched
    if picture is None:  # a preview fetches nothing, and an address may be dead
        return brought
    await faces.give(moving.tx, here, picture)
    return picture.sha256
