"""Think, act, observe: the model speaks, calls skills, reads what they say, until it answered."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from tzurot.errors import ProviderUnavailable
from tzurot.llm import parameters, tokens
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import (
    ChatMessage,
    Echo,
    FinishReason,
    ModelFinished,
    ModelRequest,
    Parameters,
    Reasoning,
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
from tzurot.session.settings.settings import AUTO
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


@dataclass(slots=True)
class _Heard:
    """What came of one call of the model."""

    said: str = ""
    thought: bool = False
    calls: list[ToolCall] = field(default_factory=list[ToolCall])
    echo: Echo | None = None


class Agent:
    """One turn's thinking. What has been said so far is in `draft`, whatever happens."""

    def __init__(self, turn: Turn, draft: Draft, trace: Tracing, rooms: Rooms, tell: Tell) -> None:
        self._turn = turn
        self._draft = draft
        self._trace = trace
        self._rooms = rooms
        self._tell = tell
        self._before = draft.text
        self._level: Reasoning | None = None
        self._set: Parameters = turn.preset.parameters if turn.preset else {}
        self._keeps_thoughts = turn.settings.chosen.reasoning_shown

    async def answer(self, composed: Composed, model: Model, occasion: Occasion) -> None:
        """Think until the model has answered.

        Raises:
            TzurotError: the provider's failure, or that it said nothing at all.
        """
        messages = list(composed.messages)
        self._level = self._asked_of(model.speaker)
        for round_number in range(1, MAX_ROUNDS + 1):
            last = round_number == MAX_ROUNDS
            tools = self._tools(occasion) if model.speaker.supports_tools else ()
            asked = ModelRequest(tuple(messages), tools, may_call=not last)
            heard = await self._speak(asked, model)
            if not heard.calls:
                if heard.said or last or not self._thought_in_vain(heard):
                    break
                continue
            if heard.said:
                self._say("\n\n")  # what comes after the skill is a paragraph of its own
            calls = tuple(heard.calls)
            messages.append(ChatMessage(Role.ASSISTANT, heard.said, calls, echo=heard.echo))
            for call in calls:
                result = marks.harmless(await self._act(call, occasion))
                messages.append(ChatMessage(Role.TOOL, result, tool_call_id=call.id))
        self._draft.text = self._draft.text.strip()
        if self._draft.finish is Finish.LENGTH:
            self._draft.text = whole_sentences(self._draft.text)
        if not self._draft.text[len(self._before) :].strip():
            raise ProviderUnavailable(model.speaker.provider)

    def _asked_of(self, speaker: Speaker) -> Reasoning | None:
        """How much a model is to think: as the setting says, else as the preset does."""
        setting = self._turn.settings.chosen.reasoning
        if setting != AUTO:
            return Reasoning(setting)
        level = self._set.get("reasoning")
        if level is None or "reasoning" in parameters.not_known(speaker, self._set):
            return None
        return Reasoning(str(level))

    def _thought_in_vain(self, heard: _Heard) -> bool:
        """Whether it only thought, and can be asked once more, not to think."""
        if not heard.thought or self._level is Reasoning.OFF:
            return False
        self._level = Reasoning.OFF
        return True

    async def _speak(self, asked: ModelRequest, model: Model) -> _Heard:
        """One call of the model: what it said, and the skills that it asks for."""
        turn, cast = self._turn, cast_of(self._turn)
        others = dict.fromkeys((cast.speaker, *cast.names))
        cleaner = ReplyCleaner(cast.own, others, answers=turn.text, before=self._draft.text)
        limit = reply_limit(turn, model.speaker)
        sampling = Sampling(stop=stop_sequences(others), max_tokens=limit)
        request = replace(asked, sampling=sampling, reasoning=self._level, parameters=self._set)
        heard = _Heard()
        stream = model.stream(request, timeout=turn.seconds_left, on_attempt=self._trace.attempted)
        try:
            async with aclosing(stream) as happenings:
                async for happening in happenings:
                    self._hear(happening, cleaner, heard)
                    if cleaner.stopped:
                        self._count(_stopped(request, heard.said))
                        break
            heard.said += self._say(cleaner.finish())
        except asyncio.CancelledError:
            self._count(_stopped(request, heard.said))
            raise
        finally:
            self._trace.cleaned(cleaner.cuts)
        return heard

    def _hear(self, happening: StreamEvent, cleaner: ReplyCleaner, heard: _Heard) -> None:
        """Take in one event of the model's stream."""
        match happening:
            case TextDelta(text):
                heard.said += self._say(cleaner.feed(_storable(text)))
            case ToolCallRequested(call_id, name, arguments, echo):
                told = marks.harmless(_storable(name)), marks.harmless(_storable(arguments))
                heard.calls.append(ToolCall(call_id, *told, echo))
            case ModelFinished():
                self._count(happening)
                heard.echo = happening.echo
            case ReasoningDelta(text):
                heard.thought = True
                if self._keeps_thoughts:
                    self._trace.thought(_storable(text))

    def _say(self, text: str) -> str:
        """Tell the next piece of the reply; white space at its start is nobody's business."""
        if not self._draft.text:
            text = text.lstrip()
        if text:
            self._draft.text += text
            self._draft.begun = True
            self._tell(events.TextDelta(text))
        return text

    async def _act(self, call: ToolCall, occasion: Occasion) -> str:
        """Run a skill; the model always gets an answer."""
        self._draft.begun = True
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
