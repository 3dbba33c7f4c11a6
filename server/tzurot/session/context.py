"""What a turn knows besides what was just said.

The history in sight, memories beyond it, the lore that the talk brings up, what the character knows
from documents, and the character itself with its macros run; what is attached and referred to. What
it brings costs two statements, and one more each if there are lorebooks, documents and references.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import IndexUnavailable
from tzurot.llm.fallback import OnAttempt
from tzurot.memory.recall import Recalled, Sight
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Where
from tzurot.personality.knowledge.knowledge import PassageHit
from tzurot.personality.lore import ordering
from tzurot.personality.lore.judging import Judgement
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.lorebooks.lore_trial import judged
from tzurot.personality.lorebooks.lorebooks import Brought
from tzurot.session import store
from tzurot.session.attachments import attachment_store, describing
from tzurot.session.delivery.events import Notice, failure_of
from tzurot.session.prompt import attached, portrait, prompt, reference_store
from tzurot.session.prompt.prompt import Material
from tzurot.session.rooms import Rooms
from tzurot.session.turns import Talk, Turn, Usage
from tzurot.session.voice import Voice
from tzurot.skill.skills import Occasion
from tzurot.wallet.paying import Model

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

    def count(self, usage: Usage, on_attempt: OnAttempt) -> None:
        """Add what was paid to have pictures described."""
        for attempt in self.material.attached.attempts:
            on_attempt(attempt)
        for it in self.material.attached.usage:
            usage.prompt += it.prompt_tokens
            usage.completion += it.completion_tokens
            usage.cached += it.cached_tokens
            usage.reasoning += it.reasoning_tokens
            usage.estimated |= it.estimated

    @property
    def summary(self) -> str:
        """One line for the trace."""
        it = self.material
        counts = [
            f"{len(it.hits)} memories",
            *([f"{len(it.passages)} passages"] if it.passages else []),
            *([f"{len(it.lore)} lore entries"] if it.lore else []),
            *([f"{len(it.attached.sections)} attachments"] if it.attached.sections else []),
            f"{len(it.history)} messages in sight",
        ]
        return ", ".join(counts)


async def gather(turn: Turn, voice: Voice, model: Model, rooms: Rooms) -> Gathered:
    """The character, lore, the history that fits, memories of what it does not show, knowledge."""
    speaker = model.speaker
    brought = await rooms.lorebooks.brought_by(turn.personality.id)
    judgement = await _judgement(turn, voice, brought, rooms)
    lore = await voice.lore(ordering.in_order(judgement.verdicts))
    history, message = await voice.heard()
    drawn = portrait.draw(turn, voice, _disabled(lore))
    material = Material(drawn, message, history=history, lore=lore)
    material = await _with_what_came_along(turn, material, model, rooms)
    material = replace(material, history=prompt.window(turn, material, speaker))
    sight = _sight(turn, material)
    recalled = await _recalled(turn, sight, rooms)
    least = turn.settings.chosen.memory_threshold
    return Gathered(
        replace(
            material,
            hits=[hit for hit in recalled.hits if hit.parts.final >= least],
            passages=await _passages(turn, brought, rooms),
        ),
        judgement,
        (
            *material.attached.notices,
            *((Notice(failure_of(IndexUnavailable())),) if recalled.degraded else ()),
        ),
        _occasion(turn, sight),
    )


async def _with_what_came_along(
    turn: Turn, material: Material, model: Model, rooms: Rooms
) -> Material:
    """The same with what is attached to the message and to the history, and is referred to."""
    mine = _turns_of_utterance(turn)
    turns = {line.turn_id for line in material.history if line.turn_id}.union(mine)
    async with rooms.database.reading() as tx:
        said = await attachment_store.said(tx, turns, mine)
        material = await _with_references(tx, turn, material)
    pieces = [piece for turn_id in mine for piece in said.pop(turn_id, [])]
    notes = {turn_id: attached.note(it) for turn_id, it in said.items()}
    material = replace(material, notes=notes)
    room = prompt.free(turn, material, model.speaker) if pieces else 0
    return replace(material, attached=await describing.tell(turn, pieces, model, room, rooms))


async def _with_references(tx: AsyncSession, turn: Turn, material: Material) -> Material:
    if turn.redo:
        first = turn.redo.answers.turn_id if turn.redo.answers else None
        before = await reference_store.told(tx, first) if first else ()
        return replace(material, told_before=before)
    if not (references := turn.references):
        return material
    known = await reference_store.known(tx, references, turn.said.place, turn.conversation_id)
    return replace(material, known=known)


def _turns_of_utterance(turn: Turn) -> tuple[UUID, ...]:
    """The turns with which was said what is answered, oldest first; none if a reply goes on.

    Who goes on speaking before the answer begins is answered to all of it.
    """
    if turn.redo is None:
        return (*turn.earlier.exchange, turn.id) if turn.said.utterance else ()
    answers = turn.redo.answers
    if answers is None or answers.turn_id is None or turn.redo.goes_on:
        return ()
    return (*turn.earlier.exchange, answers.turn_id)


def _sight(turn: Turn, material: Material) -> Sight:
    """What is told anyway, and what a reply in place of another is not to know."""
    seen = [(line.message_id, line.turn_id) for line in material.history]
    seen += turn.redo.aside if turn.redo else ()
    return Sight(
        turns=tuple({turn_id for _, turn_id in seen if turn_id}),
        messages=tuple(message_id for message_id, turn_id in seen if not turn_id),
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
    if limit == 0 or not turn.text.strip():  # a picture alone asks for nothing
        return Recalled((), degraded=False)
    return await rooms.recall.search(
        turn.text,
        Owner(turn.persona_id, turn.personality.id, turn.sharing),
        where=Where(
            place.venue,
            place.platform,
            place.channel_id,
            turn.adults,
            direct_recalled=turn.settings.chosen.direct_recalled,
            servers_recalled=turn.settings.chosen.servers_recalled,
        ),
        limit=limit,
        excluded=sight,
    )


async def _passages(turn: Turn, brought: Brought, rooms: Rooms) -> tuple[PassageHit, ...]:
    limit = turn.settings.chosen.knowledge_limit
    if limit == 0 or not brought.knows_documents or not turn.text.strip():
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
        adults=turn.adults,
        direct_recalled=turn.settings.chosen.direct_recalled,
        servers_recalled=turn.settings.chosen.servers_recalled,
        others=turn.sharing,
    )
