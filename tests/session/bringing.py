"""What characters of the tests bring besides their cards: books and documents."""

from uuid import UUID

from sqlalchemy import text

from tests.session.stage import Stage, until
from tzurot.formats.found import Document, Lorebook
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge import learning
from tzurot.personality.knowledge.knowledge import EMBED_JOB
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot_client.gen.tzurot.personality.v1 import Personality


async def learns(stage: Stage, who: Personality, *documents: Document) -> None:
    """Let a character know these documents, by their words and their meaning."""
    parts = stage.server.parts
    async with parts.database.transaction() as tx:
        await learning.take_in(tx, UUID(who.id), documents)
        await parts.jobs.defer(tx, EMBED_JOB)

    async def known() -> bool:
        return not await stage.rows("SELECT 1 FROM passages WHERE embedding IS NULL")

    await until(known)


async def takes_up(stage: Stage, who: Personality, *books: Lorebook) -> None:
    """Let a character use these books, after the ones before."""
    database = stage.server.parts.database
    rooms = Lorebooks(database, Characters(database))
    async with database.transaction() as tx:
        owner = text("SELECT owner_id FROM personalities WHERE id = :id")
        owner_id = await tx.scalar(owner, {"id": who.id})
        for position, book in enumerate(books):
            lorebook_id, _ = await rooms.arrive(tx, owner_id, book)
            await rooms.use(tx, UUID(who.id), lorebook_id, position=position)
