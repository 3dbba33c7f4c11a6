"""Think, act, observe: the model speaks, calls skills, reads what they say, until it answered."""

import asyncio
from contextlib import aclosing

from tzurot.errors import ProviderUnavailable
from tzurot.llm import tokens
from tzurot.llm.streaming import (
    ChatMessage,
    FinishReason,
    ModelFinished,
    ModelRequest,
    ReasoningDelta,
    Role,
    Sampling,
    StreamEvent,
    TextDelta,
    Tool,
    ToolCall,
    ToolCallRequested,
)
from tzurot.session.cleaning import ReplyCleaner, stop_sequences, whole_sentences
from tzurot.session.delivery import events
from tzurot.session.delivery.events import SkillState, Tell
from tzurot.session.prompt import marks
from tzurot.session.prompt.budget import reply_limit
from tzurot.session.prompt.cast import cast_of
from tzurot.session.prompt.prompt import Composed
from tzurot.session.rooms import Rooms
from tzurot.session.traces import Tracing
from tzurot.session.turns import Draft, Finish, Turn
from tzurot.skill.skills import Occasion
from tzurot.wallet.paying import Model

MAX_ROUNDS = 3  # the last one without tools, so that it answers

_FINISH = {
    FinishReason.STOP: Finish.STOP,
    FinishReason.TOOL_CALLS: Finish.STOP,
    FinishReason.LENGTH: Finish.LENGTH,
    FinishReason.CONTENT_FILTER: Finish.FILTERED,
}


class Agent:
    """One turn's thinking. What has been said so far is in `draft`, whatever happens."""

    def __init__(self, turn: Turn, draft: Draft, trace: Tracing, rooms: Rooms, tell: Tell) -> None:
        self._turn = turn
        self._draft = draft
        self._trace = trace
        self._rooms = rooms
        self._tell = tell
        self._before = draft.text

    async def answer(self, composed: Composed, model: Model, occasion: Occasion) -> None:
        """Think until the model has answered.

        Raises:
            TzurotError: the provider's failure, or that it said nothing at all.
        """
        messages = list(composed.messages)
        for round_number in range(1, MAX_ROUNDS + 1):
            last = round_number == MAX_ROUNDS
            tools = () if last or not model.speaker.supports_tools else self._tools(occasion)
            said, calls = await self._speak(tuple(messages), tools, model)
            if not calls:
                break
            if said:
                self._say("\n\n")  # what comes after the skill is a paragraph of its own
            messages.append(ChatMessage(Role.ASSISTANT, said, tool_calls=tuple(calls)))
            for call in calls:
                result = marks.harmless(await self._act(call, occasion))
                messages.append(ChatMessage(Role.TOOL, result, tool_call_id=call.id))
        self._draft.text = self._draft.text.strip()
        if self._draft.finish is Finish.LENGTH:
            self._draft.text = whole_sentences(self._draft.text)
        if not self._draft.text[len(self._before) :].strip():
            raise ProviderUnavailable(model.speaker.provider)

    async def _speak(
        self, messages: tuple[ChatMessage, ...], tools: tuple[Tool, ...], model: Model
    ) -> tuple[str, list[ToolCall]]:
        """One call of the model: what it said, and the skills that it asks for."""
        turn, cast = self._turn, cast_of(self._turn)
        others = dict.fromkeys((cast.speaker, *cast.names))
        cleaner = ReplyCleaner(cast.own, others)
        limit = reply_limit(turn, model.speaker)
        sampling = Sampling(stop=stop_sequences(others), max_tokens=limit)
        request = ModelRequest(messages, tools, sampling)
        calls: list[ToolCall] = []
        said = ""
        stream = model.stream(request, timeout=turn.seconds_left, on_attempt=self._trace.attempted)
        try:
            async with aclosing(stream) as happenings:
                async for happening in happenings:
                    said += self._hear(happening, cleaner, calls)
                    if cleaner.stopped:
                        self._count(_stopped(request, said))
                        break
        except asyncio.CancelledError:
            self._count(_stopped(request, said))
            raise
        said += self._say(cleaner.finish())
        return said, calls

    def _hear(self, happening: StreamEvent, cleaner: ReplyCleaner, calls: list[ToolCall]) -> str:
        """Take in one event of the model's stream; what came of it that a person can read."""
        match happening:
            case TextDelta(text):
                return self._say(cleaner.feed(_storable(text)))
            case ToolCallRequested(call_id, name, arguments):
                told = marks.harmless(_storable(name)), marks.harmless(_storable(arguments))
                calls.append(ToolCall(call_id, *told))
            case ModelFinished():
                self._count(happening)
            case ReasoningDelta():
                pass  # thoughts are not shown
        return ""

    def _say(self, text: str) -> str:
        """Tell the next piece of the reply; white space at its start is nobody's business."""
        if not self._draft.text:
            text = text.lstrip()
        if text:
            self._draft.text += text
            self._tell(events.TextDelta(text))
        return text

    async def _act(self, call: ToolCall, occasion: Occasion) -> str:
        """Run a skill; the model always gets an answer."""
        self._tell(events.SkillStep(call.name, SkillState.REQUESTED))
        result = await self._rooms.skills.invoke(call.name, call.arguments, occasion)
        state = SkillState.SUCCEEDED if result.succeeded else SkillState.FAILED
        self._tell(events.SkillStep(call.name, state))
        kept = f"{len(result.text)} characters, not kept" if result.private else result.text
        self._trace.called(call.name, call.arguments, kept, succeeded=result.succeeded)
        return result.text

    def _tools(self, occasion: Occasion) -> tuple[Tool, ...]:
        return tuple(
            Tool(skill.name, skill.description, skill.parameters)
            for skill in self._rooms.skills.offered(occasion)
        )

    def _count(self, finished: ModelFinished) -> None:
        usage = self._draft.usage
        usage.prompt += finished.prompt_tokens
        usage.completion += finished.completion_tokens
        usage.cached += finished.cached_tokens
        usage.reasoning += finished.reasoning_tokens
        usage.estimated |= finished.estimated
        self._draft.finish = _FINISH[finished.reason]


def _storable(text: str) -> str:
    """What Postgres and Protobuf can hold: no NUL, no halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _stopped(request: ModelRequest, said: str) -> ModelFinished:
    """What a call used that we ended ourselves: nobody tells, so it is estimated."""
    return ModelFinished(
        FinishReason.STOP,
        prompt_tokens=tokens.of_prompt(request),
        completion_tokens=tokens.estimate(said),
        estimated=True,
    )
