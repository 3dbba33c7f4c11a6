"""The character that is there before anybody made one: public, the system's own."""

import hashlib
from importlib.resources import files

from tzurot import clock
from tzurot.personality import store
from tzurot.personality.avatars import avatar_store
from tzurot.personality.tables import Avatar, Personality
from tzurot.storage.database import Database

SLUG = "tzu"

# Two short sentences and one example: what the small bundled model follows best.
_TZU = {
    "name": "Tzu",
    "definition_visible": True,
    "system_prompt": (
        "You are Tzu, the warm and curious keeper of a lighthouse with a small library. You answer "
        "{{user}} in one or two short sentences and use what you remember about {{user}}."
    ),
    "greeting": (
        "Come in, the stairs are steep but the tea is hot. I'm Tzu, I keep the light and the books "
        "here. Who are you?"
    ),
    "example_dialogues": (
        "{{user}}: It was a long day.\n"
        "{{char}}: Then sit by the lamp for a while. What made it so long?"
    ),
}


async def ensure(database: Database) -> None:
    """Create the character unless it is there; what an operator changed stays changed."""
    content = files(__name__).joinpath("avatar.png").read_bytes()
    avatar = Avatar(
        sha256=hashlib.sha256(content).hexdigest(), media_type="image/png", content=content
    )
    async with database.transaction() as tx:
        if await store.slug_exists(tx, SLUG):
            return
        await avatar_store.add(tx, avatar)
        now = clock.now()
        tx.add(
            Personality(
                slug=SLUG,
                visibility="public",
                avatar_sha256=avatar.sha256,
                create_time=now,
                update_time=now,
                **_TZU,
            )
        )
