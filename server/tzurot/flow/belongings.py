"""How much goes with a character when it is deleted. It counts in the tables of two rooms."""

from uuid import UUID

from sqlalchemy import text

from tzurot.flow.kinds.character_delete import Belongings
from tzurot.storage.database import Database

_COUNT = text("""
    SELECT
        (SELECT count(*) FROM conversations WHERE personality_id = :personality_id),
        count(*), count(DISTINCT personas.person_id)
    FROM memories JOIN personas ON personas.id = memories.persona_id
    WHERE memories.personality_id = :personality_id
""")


class Counting:
    """Counts for one character, whose owner asks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, personality_id: UUID) -> Belongings:
        """What there is now, of all people."""
        async with self._database.transaction() as tx:
            row = (await tx.execute(_COUNT, {"personality_id": personality_id})).one()
        return Belongings(*row)
