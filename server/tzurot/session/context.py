"""What a turn knows besides what was just said: the history in sight, and memories beyond it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tzurot.errors import IndexUnavailable
from tzurot.llm.speaker import Speaker
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Where
from tzurot.session import prompt
from tzurot.session.events import Notice
from tzurot.session.recording import failure_of
from tzurot.session.rooms import Rooms
from tzurot.session.turns import Line, Turn
from tzurot.skill.skills import Occasion

MEMORIES = 6  # looked for; how many come into the prompt is a matter of room


@dataclass(frozen=True, slots=True)
class Gathered:
    """History and memories, ready for the prompt."""

    history: tuple[Line, ...]
    hits: Sequence[Hit]
    notices: tuple[Notice, ...]
    occasion: Occasion

    @property
    def summary(self) -> str:
        """One line for the trace."""
        return f"{len(self.hits)} memories, {len(self.history)} messages in sight"


async def gather(turn: Turn, speaker: Speaker, rooms: Rooms) -> Gathered:
    """The history that fits, and memories of what it does not show."""
    history = prompt.window(turn, speaker)
    hidden: tuple[UUID, ...] = tuple({line.turn_id for line in history})
    place = turn.said.place
    recalled = await rooms.recall.search(
        turn.text,
        Owner(turn.persona_id, turn.personality.id),
        where=Where(place.venue, place.platform, place.channel_id),
        limit=MEMORIES,
        excluded_turns=hidden,
    )
    notices = (Notice(failure_of(IndexUnavailable())),) if recalled.degraded else ()
    occasion = Occasion(
        persona_id=turn.persona_id,
        personality_id=turn.personality.id,
        platform=place.platform,
        channel_id=place.channel_id,
        venue=place.venue,
        hidden_turns=hidden,
    )
    return Gathered(history, recalled.hits, notices, occasion)
