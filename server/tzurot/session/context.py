"""What a turn knows besides what was just said.

The history in sight, memories beyond it, the lore that the talk brings up, what the character knows
from documents, and the character itself with its macros run; what is attached and referred to. What
it brings costs two statements, and one more each if there are facts, lorebooks, documents and
references; in a channel one more, and five if others have spoken there.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import IndexUnavailable
from tzurot.llm.fallback import OnAttempt
from tzurot.memory.facts import telling
from tzurot.memory.facts.telling import Told
from tzurot.memory.recall import Considered, Recalled, Sight
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue, Where
from tzurot.personality.knowledge.knowledge import PassageHit
from tzurot.personality.lore import ordering
from tzurot.personality.lore.judging import Judgement
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.lorebooks.lore_trial import judged
from tzurot.personality.lorebooks.lorebooks import Brought
from tzurot.session import earshot, store
from tzurot.session.attachments import attachment_store, describing
from tzurot.session.delivery.events import FactLearnt, Notice, failure_of
from tzurot.session.incognito.rounds import Spot
from tzurot.session.prompt import (
    attached,
    attribution,
    marks,
    moment,
    portrait,
    prompt,
    reference_store,
)
from tzurot.session.prompt.cast import cast_of
from tzurot.session.prompt.prompt import Material
from tzurot.session.prompt.sight import next_to_go
from tzurot.session.rooms import Rooms
from tzurot.session.summaries import summary_store
from tzurot.session.summaries.summary import InShort
from tzurot.session.turns import Note, Talk, Turn, Usage
from tzurot.session.voice import Voice, named
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
    considered: tuple[Considered, ...] = ()
    """Memories that came up and were not recalled, best first."""
    learnt: tuple[FactLearnt, ...] = ()
    """What the person is told of, once."""
    fresh: bool = False
    """Whether nothing of the person was to come to mind."""

    def talk(self, turn: Turn, variables: Mapping[str, str]) -> Talk:
        """What the conversation keeps after this turn: what macros set, how long lore stays."""
        timings = {key: asdict(timed) for key, timed in self.judgement.timings.items()}
        sight_id = self.material.begins_at
        return Talk(turn.talk.greeting_index, variables, timings, sight_id=sight_id)

    def until_id(self, turn: Turn) -> UUID | None:
        """The message up to which it is to be told in short; None: nothing has fallen out of sight.

        What will fall out of it next is known by and large (prompt/sight.py).
        """
        it = self.material
        moved = it.begins_at is None or it.begins_at != turn.talk.sight_id
        if not (it.history and it.is_outgrown and moved):
            return None
        return it.history[next_to_go(len(it.history))].message_id

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
            "fresh: nothing was recalled" if self.fresh else f"memories: {len(it.hits)}",
            *([f"passages: {len(it.passages)}"] if it.passages else []),
            *([f"lore entries: {len(it.lore)}"] if it.lore else []),
            *([f"attachments: {len(it.attached.sections)}"] if it.attached.sections else []),
            *([f"summaries: {len(it.earlier)}"] if it.earlier else []),
            f"messages in sight: {len(it.history)}",
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
    material = Material(
        drawn,
        message,
        history=history,
        lore=lore,
        note=_note(turn),
        time=moment.told(turn, speaker),
    )
    material = await _with_what_came_along(turn, material, model, rooms)
    seen = prompt.in_sight(turn, material, speaker)
    outgrown = bool(seen.begins_at) or len(turn.history) >= turn.settings.chosen.history_limit
    material = replace(material, history=seen.lines, begins_at=seen.begins_at, is_outgrown=outgrown)
    material = replace(material, earlier=await _earlier(turn, material, rooms))
    sight, where = _sight(turn, material), await _where(turn, rooms)
    recalled = await _recalled(turn, where, sight, rooms)
    known = await _known(turn, where, recalled, rooms)
    return Gathered(
        replace(
            material,
            hits=telling.fresh_first(recalled.hits, known.outdated),
            facts=known.facts,
            outdated={it.memory_id: it for it in known.outdated},
            played=known.played,
            passages=await _passages(turn, brought, rooms),
        ),
        judgement,
        (
            *material.attached.notices,
            *((Notice(failure_of(IndexUnavailable())),) if recalled.degraded else ()),
        ),
        _occasion(turn, where, sight),
        recalled.considered,
        await _learnt(turn, rooms),
        turn.fresh,
    )


async def _earlier(turn: Turn, material: Material, rooms: Rooms) -> tuple[InShort, ...]:
    """What was said before the history, in short. One statement, where anything is out of sight.

    What is out of sight for its age is told no more, neither so nor so.
    """
    chosen, own = turn.settings.chosen, (it for it in material.history if not it.around)
    first = next(own, None)
    if first is None or not chosen.summaries or not material.is_outgrown:
        return ()
    async with rooms.database.reading() as tx:
        found = await summary_store.before(tx, first.message_id)
    age = timedelta(seconds=chosen.history_age) if chosen.history_age else None
    return tuple(it for it in found if age is None or it.last_time >= turn.create_time - age)


async def _with_what_came_along(
    turn: Turn, material: Material, model: Model, rooms: Rooms
) -> Material:
    """The same with what is attached to the message and to the history, and is referred to."""
    mine = _turns_of_utterance(turn)
    turns = {line.turn_id for line in material.history if line.turn_id}.union(mine)
    async with rooms.database.reading() as tx:
        said = await attachment_store.said(tx, turns, mine)
        said |= rooms.held.pieces(turn, turns)
        material = await _with_references(tx, turn, material, rooms)
    pieces = [piece for turn_id in mine for piece in said.pop(turn_id, [])]
    notes = {turn_id: attached.note(it) for turn_id, it in said.items()}
    material = replace(material, notes=notes)
    room = prompt.free(turn, material, model.speaker) if pieces else 0
    return replace(material, attached=await describing.tell(turn, pieces, model, room, rooms))


async def _with_references(
    tx: AsyncSession, turn: Turn, material: Material, rooms: Rooms
) -> Material:
    if turn.redo:
        first = turn.redo.answers.turn_id if turn.redo.answers else None
        before = await reference_store.told(tx, first) if first else ()
        return replace(material, told_before=before)
    if not (references := turn.references):
        return material
    known = await reference_store.known(tx, references, turn.said.place, turn.conversation_id)
    held = rooms.held.known(Spot.of(turn)) if turn.incognito else {}
    return replace(material, known=held | known)


def _note(turn: Turn) -> Note | None:
    """The conversation's note as it is told. Where several can write it, it is quoted."""
    if turn.talk.note is None:
        return None
    text = named(turn.talk.note.text, turn)
    if turn.said.place.venue is not Venue.DIRECT:
        text = f"A note for this conversation, from the people in it: {marks.quoted(text)}"
    return replace(turn.talk.note, text=text)


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
        said, answered = await store.counts(tx, turn.conversation_id, turn.epoch)
    held = rooms.held.count(turn) if turn.incognito else (0, 0)
    return await judged(brought.volumes, voice.scene((said + held[0], answered + held[1])))


def _disabled(lore: tuple[Verdict, ...]) -> frozenset[str]:
    """The prompts of the card that lore switches off."""
    return frozenset(name for it in lore if it.activated for name in it.disables)


async def _known(turn: Turn, where: Where, recalled: Recalled, rooms: Rooms) -> Told:
    """What the character knows of the person, and of what others said that came up.

    One statement, where there is anything.
    """
    own_alone = all(hit.persona_id in turn.own_ids for hit in recalled.hits)
    if turn.fresh or (own_alone and not turn.facts_known):
        return telling.NOTHING
    ids = [hit.memory_id for hit in recalled.hits]
    return await rooms.facts.told(_owner(turn), where, turn.text, ids)


async def _learnt(turn: Turn, rooms: Rooms) -> tuple[FactLearnt, ...]:
    """What was learnt of the person since they were told of it; only where nobody else reads it."""
    if not turn.facts_new or turn.said.place.venue is not Venue.DIRECT:
        return ()
    news = await rooms.facts.news(_owner(turn), age_restricted=turn.adults)
    return tuple(FactLearnt(it.fact_id, it.text, it.superseded_text, it.proposed) for it in news)


def _owner(turn: Turn) -> Owner:
    return Owner(turn.persona_id, turn.personality.id, turn.sharing)


async def _recalled(turn: Turn, where: Where, sight: Sight, rooms: Rooms) -> Recalled:
    chosen = turn.settings.chosen
    limit, threshold = chosen.memory_limit, chosen.memory_threshold
    if turn.fresh or limit == 0 or not turn.text.strip():  # a picture alone asks for nothing
        return Recalled((), degraded=False)
    recalled = await rooms.recall.search(
        turn.text,
        _owner(turn),
        where=where,
        limit=limit,
        excluded=sight,
        threshold=threshold,
    )
    return recalled.above(threshold)


async def _where(turn: Turn, rooms: Rooms) -> Where:
    """Where it is said, and who else may come up there."""
    place, chosen = turn.said.place, turn.settings.chosen
    here = Where(
        place.venue,
        place.platform,
        place.channel_id,
        turn.adults,
        direct_recalled=chosen.direct_recalled,
        servers_recalled=chosen.servers_recalled,
        characters_recalled=chosen.characters_share,
    )
    if turn.fresh or not chosen.place_share or not turn.text.strip():
        return here
    heard = await earshot.heard(turn.personality.id, here, turn.own_ids, rooms)
    return replace(here, heard=heard)


async def _passages(turn: Turn, brought: Brought, rooms: Rooms) -> tuple[PassageHit, ...]:
    limit = turn.settings.chosen.knowledge_limit
    if limit == 0 or not brought.knows_documents or not turn.text.strip():
        return ()
    return await rooms.knowledge.recall(turn.personality.id, turn.text, limit)


def _occasion(turn: Turn, where: Where, sight: Sight) -> Occasion:
    place, cast = turn.said.place, cast_of(turn)
    return Occasion(
        persona_id=turn.persona_id,
        personality_id=turn.personality.id,
        platform=place.platform,
        channel_id=place.channel_id,
        venue=place.venue,
        hidden_turns=sight.turns,
        hidden_messages=sight.messages,
        adults=where.adults,
        direct_recalled=where.direct_recalled,
        servers_recalled=where.servers_recalled,
        characters_recalled=where.characters_recalled,
        others=turn.sharing,
        heard=where.heard,
        people=attribution.people(cast),
        taken=attribution.taken(cast),
        fresh=turn.fresh,
    )
