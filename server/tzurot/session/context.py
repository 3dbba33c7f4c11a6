"""What a turn knows besides what was just said.

The history in sight, memories beyond it, the lore that the talk brings up, what the character knows
from documents, and the character itself with its macros run. What it brings costs one statement,
and one more each if there are lorebooks and documents.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from tzurot.errors import IndexUnavailable
from tzurot.llm.speaker import Speaker
from tzurot.memory.recall import Recalled, Sight
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Where
from tzurot.personality.knowledge import PassageHit
from tzurot.personality.lore import ordering
from tzurot.personality.lore.judging import Judgement
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.lore_trial import judged
from tzurot.personality.lorebooks import Brought
from tzurot.session import portrait, prompt, store
from tzurot.session.events import Notice, failure_of
from tzurot.session.prompt import Material
from tzurot.session.rooms import Rooms
from tzurot.session.turns import Talk, Turn
from tzurot.session.voice import Voice
from tzurot.skill.skills import Occasion

_NOTHING = Judgement((), {})


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the prompt is made of, and what is to be told of the gathering."""

    material: Material
    judgement: Judgement
    """A verdict on each entry of the character's lorebooks."""
    notices: tuple[Notice, ...]
    occasion: Occasion

    def talk(self, turn: Turn, variables: Mapping[str, str]) -> Talk:
        """What the conversation keeps after this turn: what macros set, how long lore stays."""
        timings = {key: asdict(timed) for key, timed in self.judgement.timings.items()}
        return Talk(turn.talk.greeting_index, variables, timings)

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


async def gather(turn: Turn, voice: Voice, speaker: Speaker, rooms: Rooms) -> Gathered:
    """The character, lore, the history that fits, memories of what it does not show, knowledge."""
    brought = await rooms.lorebooks.brought_by(turn.personality.id)
    judgement = await _judgement(turn, voice, brought, rooms)
    lore = await voice.lore(ordering.in_order(judgement.verdicts))
    history, message = await voice.heard()
    drawn = portrait.draw(turn, voice, _disabled(lore))
    material = Material(drawn, message, history=history, lore=lore)
    material = replace(material, history=prompt.window(turn, material, speaker))
    sight = Sight(
        turns=tuple({line.turn_id for line in material.history if line.turn_id}),
        messages=tuple(line.message_id for line in material.history if not line.turn_id),
    )
    recalled = await _recalled(turn, sight, rooms)
    least = turn.settings.chosen.memory_threshold
    return Gathered(
        replace(
            material,
            hits=[hit for hit in recalled.hits if hit.parts.final >= least],
            passages=await _passages(turn, brought, rooms),
        ),
        judgement,
        (Notice(failure_of(IndexUnavailable())),) if recalled.degraded else (),
        _occasion(turn, sight),
    )


async def _judgement(turn: Turn, voice: Voice, brought: Brought, rooms: Rooms) -> Judgement:
    """What the last messages and this one bring up."""
    if not brought.volumes:
        return _NOTHING
    async with rooms.database.reading() as tx:
        counts = await store.counts(tx, turn.conversation_id, turn.epoch)
    return await judged(brought.volumes, voice.scene(counts))


def _disabled(lore: tuple[Verdict, ...]) -> frozenset[str]:
    """The prompts of the card that lore switches off."""
    return frozenset(name for it in lore if it.activated for name in it.disables)


async def _recalled(turn: Turn, sight: Sight, rooms: Rooms) -> Recalled:
    place, limit = turn.said.place, turn.settings.chosen.memory_limit
    if limit == 0:
        return Recalled((), degraded=False)
    return await rooms.recall.search(
        turn.text,
        Owner(turn.persona_id, turn.personality.id),
        where=Where(place.venue, place.platform, place.channel_id),
        limit=limit,
        excluded=sight,
    )


async def _passages(turn: Turn, brought: Brought, rooms: Rooms) -> tuple[PassageHit, ...]:
    limit = turn.settings.chosen.knowledge_limit
    if limit == 0 or not brought.knows_documents:
        return ()
    return await rooms.knowledge.recall(turn.personality.id, turn.text, limit)


def _occasion(turn: Turn, sight: Sight) -> Occasion:
    place = turn.said.place
    return Occasion(
        persona_id=turn.persona_id,
        personality_id=turn.personality.id,
        platform=place.platform,
        channel_id=place.channel_id,
        venue=place.venue,
        hidden_turns=sight.turns,
        hidden_messages=sight.messages,
    )
