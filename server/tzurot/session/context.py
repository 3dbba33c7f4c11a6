"""What a turn knows besides what was just said.

The history in sight, memories beyond it, the lore that the talk brings up, and what the character
knows from documents. The last two cost one statement, and another one if there are documents.
"""

from dataclasses import dataclass

from tzurot.errors import IndexUnavailable
from tzurot.llm.speaker import Speaker
from tzurot.memory.recall import Sight
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Where
from tzurot.personality import activation
from tzurot.personality.activation import Verdict
from tzurot.personality.lorebooks import Brought, judged
from tzurot.session import portrait, prompt
from tzurot.session.events import Notice
from tzurot.session.prompt import Material
from tzurot.session.recording import failure_of
from tzurot.session.rooms import Rooms
from tzurot.session.turns import Turn
from tzurot.skill.skills import Occasion

MEMORIES = 6  # looked for; how many come into the prompt is a matter of room
PASSAGES = 4


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the prompt is made of, and what is to be told of the gathering."""

    material: Material
    notices: tuple[Notice, ...]
    occasion: Occasion

    @property
    def summary(self) -> str:
        """One line for the trace."""
        it = self.material
        counts = [
            f"{len(it.hits)} memories",
            *([f"{len(it.passages)} passages"] if it.passages else []),
            *([f"{len(it.lore)} lore entries"] if it.lore else []),
            f"{len(it.history)} messages in sight",
        ]
        return ", ".join(counts)


async def gather(turn: Turn, speaker: Speaker, rooms: Rooms) -> Gathered:
    """The history that fits, memories of what it does not show, lore and knowledge."""
    brought = await rooms.lorebooks.brought_by(turn.personality.id)
    lore = await _lore(turn, brought)
    history = prompt.window(turn, lore, speaker)
    sight = Sight(
        turns=tuple({line.turn_id for line in history if line.turn_id}),
        messages=tuple(line.message_id for line in history if not line.turn_id),
    )
    place = turn.said.place
    recalled = await rooms.recall.search(
        turn.text,
        Owner(turn.persona_id, turn.personality.id),
        where=Where(place.venue, place.platform, place.channel_id),
        limit=MEMORIES,
        excluded=sight,
    )
    passages = (
        await rooms.knowledge.recall(turn.personality.id, turn.text, PASSAGES)
        if brought.knows_documents
        else ()
    )
    notices = (Notice(failure_of(IndexUnavailable())),) if recalled.degraded else ()
    occasion = Occasion(
        persona_id=turn.persona_id,
        personality_id=turn.personality.id,
        platform=place.platform,
        channel_id=place.channel_id,
        venue=place.venue,
        hidden_turns=sight.turns,
        hidden_messages=sight.messages,
    )
    material = Material(history, recalled.hits, passages, lore)
    return Gathered(material, notices, occasion)


async def _lore(turn: Turn, brought: Brought) -> tuple[Verdict, ...]:
    """What the last messages and this one bring up, in the order in which it is told."""
    if not brought.books:
        return ()
    messages = [*(line.text for line in turn.history), turn.text]
    verdicts = await judged(brought.books, messages, portrait.filling(turn))
    return tuple(activation.in_order(verdicts))
