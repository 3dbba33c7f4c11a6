"""What happens when somebody says something.

Read `chat` and `answer` from top to bottom: each of the eight steps (admit, address, configure,
recall, compose, think, deliver, remember) is one call into the file or room that owns it, and its
result is what the next one needs. Nothing is kept between turns: any replica can serve any of them.

A turn belongs to the server, not to the connection: it runs as a task of `delivery.py`, and streams
follow it. What it says waits for those that are before it in its place: `ordering.py`. From
admission on it is a row in Postgres, so that no crash forgets it; `recording.py` writes the end,
whatever that is, before it is told. What a turn costs besides the model has a budget:
benchmarks/turn_overhead.py.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from tzurot.errors import PresetModelReplaced, TurnInterrupted
from tzurot.session import admission, context, recording
from tzurot.session.agent import Agent
from tzurot.session.channels import addressing, audience
from tzurot.session.delivery import replay
from tzurot.session.delivery.delivery import Feed
from tzurot.session.delivery.events import (
    Kind,
    KnowledgeCited,
    MemoryCited,
    Notice,
    Tell,
    TextDelta,
    TurnStarted,
    failure_of,
)
from tzurot.session.delivery.ordering import Floor
from tzurot.session.limits import gate
from tzurot.session.prompt import portrait, prompt
from tzurot.session.rooms import Rooms
from tzurot.session.said import Greeting, Said, Scene
from tzurot.session.traces import Tracing
from tzurot.session.turns import Draft, Earlier, Ending, Finish, State, Talk, Turn
from tzurot.session.voice import Voice
from tzurot.transport.errors import expected
from tzurot.transport.subject import Caller
from tzurot.wallet.paying import ELSEWHERE, Model, alerts_of
from tzurot.wallet.presets.presets import Preset
from tzurot.wallet.usage.attempts import Purpose

LEAST_SECONDS = 3.0  # in which another model can take over


async def chat(said: Said, caller: Caller, rooms: Rooms, feed: Feed) -> None:
    """Answer what was said: one character after another, each its own turn.

    Raises:
        SubjectDenied, RateLimited, UnderMaintenance, AgeVerificationRequired,
            PlaceNotAgeRestricted: the gate lets nobody answer.
        PersonalityNotFound, MessageNotFound, OthersFollowed, RequestIdReused: what
            is asked can't be. What goes wrong once a turn began is told as its end.
        Draining: the server goes before all have answered; the same request again goes on.
    """
    said.place.require_own(caller)
    admitted = time.perf_counter()
    if not await gate.admitted(said, caller, rooms):
        return
    wanted = await audience.addressees(said, caller, rooms)
    characters = await gate.allowed(said, caller, wanted, rooms)
    if said.utterance:
        characters = addressing.in_line(characters)
    addressed = time.perf_counter()
    told, ahead = 0, None
    for addressee in characters:
        if feed.silenced:  # the message is gone
            return
        position = addressee.position
        greets = isinstance(said.ask, Greeting)
        if position < told or (greets and not addressee.access.greeting(said.greeting_index)):
            continue
        rooms.delivery.require_open()
        turn = await admission.begin(said, caller, addressee, rooms)
        if turn is None:  # the same request again: say it again, do not think again
            repeated = await replay.request(said, caller, rooms, feed, position=position)
            told, answered = repeated.position, repeated.answered
            ahead = ahead or Earlier()
        else:
            turn = turn if said.utterance is None else turn.behind(ahead)
            ahead, floor = turn.earlier, _floor(turn)
            trace = Tracing(turn)
            trace.admitted(admitted, addressed, addressing.told(characters))
            work = partial(answer, turn, trace, floor, rooms)
            answered = await rooms.delivery.run(turn.id, feed, floor, work) is State.ANSWERED
        if not answered and isinstance(said.ask, Scene):
            return


async def answer(turn: Turn, trace: Tracing, floor: Floor, rooms: Rooms, tell: Tell) -> State:
    """One character's turn, to whatever end, which is returned."""
    draft = Draft()
    ending = Ending(State.ANSWERED, Finish.STOP)

    def say(kind: Kind) -> None:
        draft.told += 1
        tell(kind)

    try:
        async with floor.sought(say, _cleared(turn, rooms)):
            await speak(turn, draft, trace, floor, rooms)
        ending = Ending(State.ANSWERED, draft.finish)
        finished = await recording.record(turn, draft, trace, ending, rooms)
    except asyncio.CancelledError:
        ending = Ending(State.CANCELLED, floor.stopped)
        draft.text = draft.text if floor.spoken else ""  # what nobody heard was not said
        finished = await recording.record_badly(turn, draft, trace, ending, rooms)
    except Exception as failure:  # the turn's root: bugs too are recorded, and told as INTERNAL
        error = expected(failure)
        lost = isinstance(error, TurnInterrupted)
        ending = Ending(
            State.INTERRUPTED if lost else State.FAILED,
            Finish.INTERRUPTED if lost else Finish.FAILED,
            error,
        )
        finished = await recording.record_badly(turn, draft, trace, ending, rooms)
    rooms.held.over(turn, ending.finish)
    say(finished)
    return ending.state


async def speak(turn: Turn, draft: Draft, trace: Tracing, floor: Floor, rooms: Rooms) -> None:
    """Greet or reply. That it failed is told in its order, too."""
    try:
        if turn.greeting_index is not None:
            greet(turn, draft, trace, floor.say)
        else:
            await reply(turn, draft, trace, floor, rooms)
    except Exception:
        await floor.taken()
        raise
    await floor.taken()


async def reply(turn: Turn, draft: Draft, trace: Tracing, floor: Floor, rooms: Rooms) -> None:
    """Configure, then answer with the model that pays, or with the next one where that fails.

    Once somebody has read a word, or a skill has run, no other model takes over.
    """
    cause = turn.cause(Purpose.CHAT)
    with trace.step("configure") as note:
        wish = turn.preset.wish if turn.preset else None
        choice = await rooms.wallet.choose(turn.payer, cause, wish=wish)
        draft.model = choice.model.speaker.model
        note.outcome = choice.plan.summary
        trace.configured()
        floor.say(started(turn, draft.model))
    if choice.plan.replaces_wish and turn.preset:
        await tell_replaced(turn.preset, draft.model, turn, floor, rooms)
    announced = False
    while True:
        if choice.notice and not announced:
            floor.say(Notice(failure_of(choice.notice)))
            announced = True
        trace.went_by(turn.preset, choice)
        try:
            await reply_with(choice.model, turn, draft, trace, floor, rooms)
        except ELSEWHERE as failure:
            if draft.begun or turn.seconds_left < LEAST_SECONDS:
                raise
            choice = await rooms.wallet.instead(turn.payer, cause, choice, failure)
            draft.model = choice.model.speaker.model
        else:
            return


async def tell_replaced(preset: Preset, model: str, turn: Turn, floor: Floor, rooms: Rooms) -> None:
    """Tell once that the preset's model is not the person's to ask."""
    if preset.wish and await rooms.presets.tell_replaced(preset, turn.person_id):
        replaced = PresetModelReplaced(preset.name, preset.wish.model, model)
        floor.say(Notice(failure_of(replaced)))


async def reply_with(  # noqa: PLR0913, PLR0917  what `reply` has, and the model
    model: Model, turn: Turn, draft: Draft, trace: Tracing, floor: Floor, rooms: Rooms
) -> None:
    """Recall, compose, think; deltas are delivered on the way."""
    tell, voice = floor.say, Voice(turn, model.speaker)

    def cite(kind: Kind) -> None:
        """Tell it, unless another model was told of it before and failed."""
        if kind not in draft.cited:
            draft.cited.add(kind)
            tell(kind)

    with trace.step("recall") as note:
        gathered = await context.gather(turn, voice, model, rooms)
        gathered.count(draft.usage, trace.attempted)
        draft.until_id = gathered.until_id(turn)
        note.outcome = gathered.summary
        for it in (*gathered.learnt, *gathered.notices):
            cite(it)

    with trace.step("compose") as note:
        composed = prompt.compose(turn, gathered.material, model.speaker)
        note.outcome = composed.summary
        trace.composed(gathered, composed)
        trace.did_not_run(voice.not_run)
        for hit in composed.cited:
            score, whom, others = hit.parts.final, hit.personality_id, composed.others
            said_by = others.get(hit.memory_id, "")
            cite(MemoryCited(hit.memory_id, hit.excerpt, score, hit.occur_time, whom, said_by))
        # Passages are of the definition: whoever may not read that isn't shown them either.
        for passage in composed.known if turn.access.sees_definition else ():
            score = passage.parts.final
            cite(KnowledgeCited(passage.document_id, passage.title, passage.excerpt, score))

    with trace.step("think") as note:
        if turn.redo and turn.redo.goes_on and not draft.text:
            draft.text = turn.redo.text.rstrip() + " "
            tell(TextDelta(draft.text))
        agent = Agent(turn, draft, trace, rooms, tell)
        occasion = replace(gathered.occasion, given=composed.given)
        try:
            await agent.answer(composed, model, occasion)
        finally:  # a budget says each once, even if the answer fails
            for alert in alerts_of(model):
                tell(Notice(failure_of(alert)))
        note.outcome = f"{draft.usage.completion} tokens, {draft.finish}"
    await floor.taken()
    trace.delivered(floor.first_word, len(draft.text), floor.note)
    draft.text = await voice.spoken(draft.text)
    draft.talk = gathered.talk(turn, voice.variables)
    trace.did_not_run(voice.not_run)


def greet(turn: Turn, draft: Draft, trace: Tracing, tell: Tell) -> None:
    """The character speaks first, in its own words: no model is asked."""
    voice = Voice(turn)
    draft.text = portrait.greeting(turn, voice)
    draft.talk = Talk(portrait.greeting_index(turn), voice.variables, turn.talk.timings)
    trace.did_not_run(voice.not_run)
    tell(started(turn, model=""))
    tell(TextDelta(draft.text))


def _floor(turn: Turn) -> Floor:
    """Only words supersede, and only answers to words, of which it is known whose they are."""
    words = turn.said.utterance is not None
    yields = words and turn.said.is_vouched_for
    return Floor(yields=yields, shared=words, private=turn.incognito)


def _cleared(turn: Turn, rooms: Rooms) -> Callable[[], Awaitable[None]] | None:
    """What a turn waits for before it speaks; None: nobody is before it."""
    return partial(rooms.replicas.cleared, turn.earlier) if turn.earlier.running else None


def started(turn: Turn, model: str) -> TurnStarted:
    """Who answers, as it is told."""
    who = turn.personality
    return TurnStarted(
        turn.conversation_id,
        who.id,
        who.name,
        who.slug,
        who.avatar_sha256 or "",
        model,
        turn.display_name,
        turn.redo.platform_message_ids if turn.redo else (),
        turn.face.name if turn.face.speaks_as else "",
        turn.incognito,
        turn.fresh,
    )
