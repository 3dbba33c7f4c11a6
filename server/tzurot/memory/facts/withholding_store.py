"""The SQL of exchanges that do not come to mind any more. Their person still sees them.

Of such an exchange nothing is told, whatever path its conversation takes, and its summaries and
what was gathered from it go, by triggers.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.facts import fact_store
from tzurot.memory.facts.fact import FactId
from tzurot.memory.remembering import MemoryId, Owner

# With those that have the same words, such as of another answer to them. The triggers pass over
# it, so they are taken off the list of what is to be looked at here.
_WITHHOLD = text("""
    WITH hidden AS (
        UPDATE memories SET withheld = true, answer_withheld = false, dormant = true WHERE id IN (
            SELECT m.id FROM memories m WHERE m.id IN (
                SELECT alike.id FROM memories said
                JOIN memories alike ON (alike.persona_id, alike.personality_id, alike.person_text)
                    = (said.persona_id, said.personality_id, said.person_text)
                WHERE said.id = ANY(CAST(:ids AS uuid[]))
                    OR said.id IN (SELECT memory_id FROM fact_sources
                        WHERE fact_id = ANY(CAST(:fact_ids AS uuid[]))))
            ORDER BY m.id FOR UPDATE)
        RETURNING id
    ), taken AS (
        DELETE FROM unlearnt_memories WHERE memory_id IN (SELECT id FROM hidden)
    )
    SELECT 1 FROM hidden
""")

# As long as it says what was looked at. What its person said is still to be learnt.
_WITHHOLD_ANSWER = text("""
    UPDATE memories SET withheld = true, answer_withheld = true, dormant = true
    WHERE id = :id AND NOT withheld AND person_text = :said AND personality_text = :answered
    RETURNING 1
""")

_SPOKEN = """
    SELECT m.id, m.persona_id, m.personality_id, m.person_name, m.person_text, m.personality_name,
        m.personality_text
    FROM memories m WHERE m.id = ANY(CAST(:ids AS uuid[])) AND NOT m.dormant {}
    ORDER BY m.id
"""
_SPOKEN_AT_ALL = text(_SPOKEN.format(""))
_SPOKEN_TO_FORGETFUL = text(
    _SPOKEN.format("""AND EXISTS (SELECT 1 FROM forgotten_facts f
        WHERE f.persona_id = m.persona_id AND f.personality_id = m.personality_id)""")
)

_LOOK_AGAIN = text("""
    INSERT INTO index_outbox (memory_id, persona_id, create_time)
    SELECT id, persona_id, now() FROM memories
    WHERE persona_id = :persona_id AND personality_id = :personality_id AND id > :after
        AND NOT dormant
""")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What both said in an exchange."""

    memory_id: MemoryId
    owner: Owner
    person_name: str
    person_text: str
    personality_name: str
    personality_text: str

    @property
    def by_person(self) -> str:
        """What the person said; what the character noted of them is the character's."""
        return "" if self._is_note else self.person_text

    @property
    def by_character(self) -> str:
        """What the character said, or noted."""
        return self.person_text if self._is_note else self.personality_text

    @property
    def _is_note(self) -> bool:
        return bool(self.personality_name) and not self.personality_text  # as Remembered.is_note


async def withhold(
    tx: AsyncSession, facts: Collection[FactId], memory_ids: Collection[MemoryId]
) -> bool:
    """Never recall memories that say facts again, nor these others; whether there are any."""
    asked = {"fact_ids": list(facts), "ids": list(memory_ids)}
    return bool((await tx.execute(_WITHHOLD, asked)).all())


async def withhold_answers(tx: AsyncSession, spoken: Iterable[Spoken]) -> int:
    """Never recall exchanges again for what was answered in them; how many those are."""
    return sum([await _withhold_answer(tx, it) for it in sorted(spoken, key=_by_id)])


async def _withhold_answer(tx: AsyncSession, it: Spoken) -> bool:
    asked = {"id": it.memory_id, "said": it.person_text, "answered": it.personality_text}
    return bool((await tx.execute(_WITHHOLD_ANSWER, asked)).first())


async def spoken(tx: AsyncSession, memory_ids: Collection[MemoryId]) -> Sequence[Spoken]:
    """What was said in those of these memories that can come to mind."""
    rows = await tx.execute(_SPOKEN_AT_ALL, {"ids": list(memory_ids)})
    return [_spoken(row) for row in rows]


async def spoken_to_forgetful(
    tx: AsyncSession, memory_ids: Collection[MemoryId]
) -> Sequence[Spoken]:
    """The same of those whose owner has something that is not to be learnt again."""
    rows = await tx.execute(_SPOKEN_TO_FORGETFUL, {"ids": list(memory_ids)})
    return [_spoken(row) for row in rows]


async def look_again(tx: AsyncSession, owner: Owner, after: UUID) -> None:
    """Have the relay look at what is younger than this id."""
    await tx.execute(_LOOK_AGAIN, fact_store.of(owner) | {"after": after})


def _by_id(it: Spoken) -> UUID:
    return it.memory_id


def _spoken(row: Sequence[Any]) -> Spoken:
    memory_id, persona_id, personality_id, *said = row
    return Spoken(MemoryId(memory_id), Owner(persona_id, personality_id), *said)
