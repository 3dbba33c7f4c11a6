"""How a talk looks on a terminal: spinner, words as they come, dim lines below."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from tzurot_cli import failing
from tzurot_cli.console import WIDE, clean, day, one_line, without_open_end
from tzurot_cli.talk import Reply
from tzurot_cli.wallet_usage import cost
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.session.v1 import (
    ChatEvent,
    FactLearnt,
    FinishReason,
    KnowledgeCited,
    MemoryCited,
    SkillStepState,
)
from tzurot_client.gen.tzurot.wallet.v1 import ListModelsResponse, PaymentRoute, UsageSum

LONGEST_WORD = 24  # cells; longer ones (or languages without spaces) are not held back
LONGEST_SEQUENCE = 200  # characters of a terminal sequence that is waited for
_SOURCES = {
    "BUNDLED": "bundled with Tzurot",
    "GGUF": "from your GGUF file",
    "OLLAMA": "run by Ollama",
    "OPENROUTER": "from OpenRouter",
    "OPENAI": "from OpenAI",
    "ANTHROPIC": "from Anthropic",
    "MISTRAL": "from Mistral",
    "GEMINI": "from Gemini",
    "COMPATIBLE": "at an address of yours",
}
_PAID = {
    PaymentRoute.OWN_KEY: "paid with your own key",
    PaymentRoute.OPERATORS_KEY: "paid by whoever runs the server",
}


class Screen:
    """Shows a talk with the character of this id and name."""

    def __init__(self, out: Console, personality_id: str, name: str) -> None:
        self._out = out
        self._personality_id = personality_id
        self._name = one_line(name)

    def introduce(self, models: ListModelsResponse) -> None:
        """One line: who speaks, and how to get a better model."""
        speaking = next((model for model in models.models if model.speaks), None)
        model = f"{one_line(speaking.id)}, {source(speaking.provider.name)}" if speaking else ""
        told = f"{self._name} speaks through {model}." if model else "No model speaks for you here."
        self._out.print(Text(f"{told} {one_line(models.advice)}".strip(), style="dim"))
        self._out.print(Text("Type /help for what else you can do here; Ctrl-D ends.", style="dim"))
        self._out.print()

    async def show(self, events: AsyncIterator[ChatEvent]) -> None:
        """Show a turn while it comes in, and in a scene those after it."""
        reply = Reply()
        words = Words(self._write, self._out.width)
        waiting = self._out.status("", spinner="dots")
        waiting.start()
        try:
            async for event in events:
                if event.started and reply.finished:
                    waiting.stop()
                    self._finish(reply, words)
                    reply = Reply()
                    waiting.start()
                reply.take(event)
                if event.skill_step and event.skill_step.state == SkillStepState.REQUESTED:
                    waiting.update(Text(one_line(event.skill_step.skill_name, 40), style="dim"))
                if event.text_delta:
                    if not words.begun:
                        waiting.stop()
                        self._speak(reply, words)
                    words.add(event.text_delta.text)
                if event.finished and words.begun:
                    words.end()
        finally:
            waiting.stop()
            if words.begun:
                words.end()
        self._finish(reply, words)

    def tell(self, sentence: str, style: str = "dim") -> None:
        """A line beside the talk."""
        self._out.print(Text(clean(sentence), style=style))

    def _speak(self, reply: Reply, words: "Words") -> None:
        others = reply.speaker_id not in {"", self._personality_id}
        name = one_line(reply.speaker) if others else self._name
        self._out.print(Text(f"{name}: ", style="bold cyan"), end="")
        words.begin(cell_len(name) + 2)

    def _finish(self, reply: Reply, words: "Words") -> None:
        """What is left to say: the text as stored, where that differs; memories, notices, failure."""
        stored = reply.text.strip()
        if stored and not reply.streamed.strip().startswith(stored):
            self._speak(reply, words)
            words.add(stored)
            words.end()
        if reply.taken_for:
            self.tell(f"to {one_line(reply.taken_for)}")
        if reply.cited:
            self.tell(memory_line(reply.cited, self._out.width))
        if reply.known:
            self.tell(one_line(knowledge_line(reply.known), self._out.width))
        for learnt in reply.learnt:
            self.tell(learnt_line(learnt))
        for notice in reply.notices:
            self.tell(f"note: {one_line(notice.message)}")
        if paid := paid_line(reply):
            self.tell(paid)
        if reply.finished and reply.finished.finish_reason == FinishReason.LENGTH:
            self.tell("(the reply reached the model's limit)")
        if reply.cut:
            self.tell(f"(not kept: {one_line(reply.cut)})")
        if reply.finished and reply.finished.finish_reason == FinishReason.CANCELLED:
            self.tell("(stopped)")
        elif reply.finished and reply.finished.finish_reason == FinishReason.SUPERSEDED:
            self.tell("(answered with what you said after it)")
        elif reply.failure:
            self._fail(reply, failing.of_failure(reply.failure).sentence)
        self._out.print()

    def _fail(self, reply: Reply, sentence: str) -> None:
        """The character's own words first, and small what it was; without them that alone."""
        if not reply.own_words.strip():
            self.tell(sentence, "red")
            return
        words = Words(self._write, self._out.width)
        self._speak(reply, words)
        words.add(reply.own_words)
        words.end()
        self.tell(f"({sentence})")

    def _write(self, text: str) -> None:
        self._out.print(text, end="", soft_wrap=True)


class Words:
    """Writes text as it comes, cleaned, and breaks lines between words.

    A word is held back until it is whole: it, or a terminal sequence, may go on in the next piece.
    """

    def __init__(self, write: Callable[[str], None], width: int) -> None:
        self._write = write
        self._width = width
        self._column = 0
        self._held = ""
        self._space = ""
        self.begun = False

    def begin(self, column: int) -> None:
        """The text begins at this column."""
        self.begun = True
        self._column, self._held, self._space = column, "", ""

    def add(self, piece: str) -> None:
        """The next piece of the text."""
        text, open_end = without_open_end(self._held + piece)
        if len(open_end) > LONGEST_SEQUENCE:
            text, open_end = text + clean(open_end), ""
        *whole, last = re.split(r"(\s)", text)
        for part in whole:
            self._put(part)
        if cell_len(last) > LONGEST_WORD:
            self._put(last)
            last = ""
        self._held = last + open_end

    def end(self) -> None:
        """The text ends, and its line."""
        self._put(self._held)
        self._write("\n")
        self.begun = False

    def _put(self, part: str) -> None:
        part = clean(part)
        if part == "\n":
            self._write("\n")
            self._column, self._space = 0, ""
        elif part.isspace():
            self._space += part.replace("\t", "    ")
        elif part:
            if self._column and self._column + len(self._space) + cell_len(part) > self._width:
                self._write("\n")
                self._column, self._space = 0, ""
            self._write(self._space + part)
            self._column += len(self._space) + cell_len(part)
            self._space = ""


def memory_line(cited: list[MemoryCited], width: int) -> str:
    """The memories that came into a prompt, on one line: the best first, as many as fit."""
    best = sorted(cited, key=lambda memory: -memory.score)
    told = [quoted(memory) for memory in best]
    for shown in range(len(told), 0, -1):
        line = _remembers(told[:shown], len(told) - shown)
        if cell_len(line) <= width:
            return line
    room = width - cell_len(_remembers([quoted(best[0], 0)], len(told) - 1))
    return _remembers([quoted(best[0], max(room, 20))], len(told) - 1)


def learnt_line(learnt: FactLearnt) -> str:
    """What was learnt of the person, and how to take it back, or to say yes."""
    words, before = one_line(learnt.text), one_line(learnt.superseded_text)
    was = f' (before: "{before}")' if before else ""
    if learnt.proposed:
        return f'is this so? "{words}"{was} (yes or no: /memory facts)'
    return f'learnt: "{words}"{was} (undo: /memory undo)'


def knowledge_line(known: list[KnowledgeCited]) -> str:
    """The documents that came into a prompt, each once: the best first."""
    titles = dict.fromkeys(passage.title for passage in sorted(known, key=lambda p: -p.score))
    return "knows: " + " · ".join(f'"{one_line(title)}"' for title in titles)


def paid_line(reply: Reply) -> str:
    """Who answered, who paid and what it cost; empty where it is nobody's question.

    It is theirs who have a key of their own, and theirs whom another model answers than usual.
    """
    asked = reply.finished.attempts if reply.finished else []
    another = any(it.reason == ErrorReason.ANSWERED_BY_ANOTHER for it in reply.notices)
    if not reply.text or not asked:
        return ""
    if not another and all(it.payer != PaymentRoute.OWN_KEY for it in asked):
        return ""
    model, payer = one_line(asked[-1].model), _PAID.get(asked[-1].payer)
    if payer is None:
        return f"by {model}, which costs nobody anything"
    took = [it for it in asked if it.payer == asked[-1].payer and it.prompt_token_count]
    known = [it.cost_micros for it in took if it.cost_micros is not None]
    paid = UsageSum(
        cost_micros=sum(known) if known else None, unpriced_count=len(took) - len(known)
    )
    return f"by {model}, {payer}: {cost(paid)}"


def quoted(cited: MemoryCited, longest: int = WIDE) -> str:
    """A memory as somebody would cite it: the words and when they were said; who, if others did."""
    today = datetime.now().astimezone().date()
    said_by = f"{one_line(cited.speaker_name, 40)} said " if cited.speaker_name else ""
    return f'{said_by}"{one_line(cited.excerpt, longest)}" ({day(cited.occur_time, today)})'


def source(provider: str) -> str:
    """Where a model runs, for a person."""
    return _SOURCES.get(provider, "as configured")


def _remembers(told: list[str], more: int) -> str:
    return "remembers: " + " · ".join(told) + (f" · {more} more" if more else "")
