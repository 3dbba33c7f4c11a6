"""Shows a turn's trace: the eight steps with times, what was recalled, prompt, calls, tokens.

What the character's books, documents and texts brought to it is in trace_brought.py.
"""

from collections.abc import Iterator
from datetime import timedelta

from rich.console import Console, RenderableType
from rich.text import Text

from tzurot_cli import trace_brought
from tzurot_cli.console import clean, moment, one_line, table
from tzurot_cli.wallet_usage import dollars
from tzurot_client.gen.tzurot.memory.v1 import ScoreParts
from tzurot_client.gen.tzurot.session.v1 import (
    ConsideredMemory,
    GetTurnTraceResponse,
    PromptSection,
    ProviderAttempt,
    RecalledMemory,
    Summary,
    Turn,
    TurnTrace,
    Usage,
    UsedPreset,
)
from tzurot_client.gen.tzurot.wallet.v1 import PaymentRoute

_FORGOTTEN = "(forgotten since)"
_PAYERS = {
    PaymentRoute.OWN_KEY: "you",
    PaymentRoute.SPONSOR: "sponsor",
    PaymentRoute.OPERATORS_KEY: "operator",
    PaymentRoute.FREE_MODEL: "nobody",
    PaymentRoute.OPEN_ADDRESS: "nobody",
    PaymentRoute.LOCAL: "nobody",
}


def show(
    response: GetTurnTraceResponse, who: str, out: Console, *, everything: bool = False
) -> None:
    """What the server tells about a turn; `who` is the character that answered.

    `everything`: with lore that did not come up entry by entry, and settings that nobody decided.
    """
    turn = response.turn or Turn()
    out.print(_headline(turn, who), soft_wrap=True)
    if turn.failure:
        out.print(Text(failure(turn), style="red"), soft_wrap=True)
    if response.trace is None:
        out.print(_untraced(turn))
        return
    for part in _parts(response.trace, everything=everything):
        out.print()
        out.print(part)
    out.print()
    out.print(_tokens(turn.usage or Usage()), soft_wrap=True)


def _untraced(turn: Turn) -> str:
    """Why there is no trace."""
    if turn.incognito:
        return "You were incognito: nothing of it is kept but that it was."
    if turn.finish_time:
        return "Its trace is gone: something that was told in it has been deleted."
    return "The turn still runs: its trace is there when it ends."


def state(turn: Turn) -> str:
    """Where a turn stands, in lower case."""
    return str(turn.state).lower()


def took(turn: Turn) -> str:
    """How long a turn took; a dash while it runs."""
    if turn.create_time is None or turn.finish_time is None:
        return "-"
    return _seconds(turn.finish_time - turn.create_time)


def failure(turn: Turn) -> str:
    """Why a turn failed, on one line; empty if it did not."""
    return one_line(turn.failure.message) if turn.failure else ""


def cost(attempt: ProviderAttempt) -> str:
    """What a request cost; a question mark if nobody knows."""
    return "?" if attempt.cost_micros is None else dollars(attempt.cost_micros)


def _headline(turn: Turn, who: str) -> Text:
    words = [state(turn), moment(turn.create_time), took(turn), one_line(turn.model)]
    told = " · ".join(word for word in words if word and word != "-")
    talk = f"conversation {turn.conversation_id}" + (f" with {one_line(who)}" if who else "")
    return Text.assemble(("turn ", "bold"), turn.id, f"\n{told}\n{talk}")


def _parts(trace: TurnTrace, *, everything: bool) -> Iterator[RenderableType]:
    yield table(
        ("step", "at", "took", "outcome"),
        (
            (step.name, _seconds(step.start_offset), _seconds(step.duration), step.outcome)
            for step in trace.steps
        ),
    )
    yield from _memories(trace.memories)
    if trace.considered_memories:
        yield _considered(trace.considered_memories)
    yield from trace_brought.parts(trace, everything=everything)
    if trace.sections:
        yield Text("prompt", style="bold")
        yield from map(_section, trace.sections)
        if any(section.hidden for section in trace.sections):
            yield Text("(the character's definition is hidden from you)", style="dim")
    if trace.preset:
        yield _preset(trace.preset)
    if trace.attempts:
        yield table(
            ("call of", "model", "who pays", "at", "took", "in", "out", "cost", "outcome"),
            (
                (
                    a.provider,
                    a.model,
                    _PAYERS.get(a.payer, ""),
                    _seconds(a.start_offset),
                    _seconds(a.duration),
                    a.prompt_token_count,
                    a.completion_token_count,
                    cost(a),
                    a.outcome,
                )
                for a in trace.attempts
            ),
        )
    if trace.skill_calls:
        yield table(
            ("skill", "arguments", "result", "succeeded"),
            ((s.skill_name, s.arguments, s.result, s.succeeded) for s in trace.skill_calls),
        )
    if trace.cut_texts:
        yield table(
            ("cut from the reply", "because it was"),
            ((one_line(it.text), it.reason) for it in trace.cut_texts),
        )
    if trace.reasoning:
        yield Text.assemble(("thoughts", "bold"), (f"\n{_indented(trace.reasoning)}", "dim"))


def _preset(used: UsedPreset) -> Text:
    """The preset that the reply went by, and what of it came to nothing."""
    model = f", asks for {one_line(used.model)}" if used.model else ""
    replaced = ", which was not to be had" if used.model_replaced else ""
    words = [*map(one_line, used.parameters), *(f"{it}: not sent" for it in used.not_sent)]
    told = "".join(f"\n  {it}" for it in words)
    return Text.assemble(("preset", "bold"), f" {one_line(used.name)}{model}{replaced}{told}")


def _memories(memories: list[RecalledMemory]) -> Iterator[RenderableType]:
    if not memories:
        yield Text("no memories were recalled", style="dim")
        return
    yield table(
        ("score", "in prompt", "memory", "why"),
        (
            (_score(m.parts), m.cited or trace_brought.NO_ROOM, _said(m), "; ".join(m.reasons))
            for m in memories
        ),
    )


def _considered(memories: list[ConsideredMemory]) -> RenderableType:
    return table(
        ("score", "considered and not recalled", "why"),
        ((_score(m.parts), _said(m), m.reason) for m in memories),
    )


def _said(memory: RecalledMemory | ConsideredMemory) -> str:
    """What it says, and who said it if it was somebody else."""
    said_by = f"{memory.speaker_name}: " if memory.speaker_name else ""
    return said_by + (memory.excerpt or _FORGOTTEN)


def _score(parts: ScoreParts | None) -> str:
    return f"{parts.final if parts else 0:.3f}"


def _section(section: PromptSection) -> Text:
    cut = ", left out for want of room" if section.cut else ""
    if section.hidden:
        return Text(f"{section.name} (hidden, {section.token_count} tokens{cut})", style="dim")
    made = f", {_made(section.summary)}" if section.summary else ""
    head = f"{section.name} ({section.token_count} tokens{cut}{made})"
    style = "dim strike" if section.cut else ""
    return Text.assemble((head, "cyan"), "\n", (_indented(section.text), style))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in clean(text).splitlines())


def _made(summary: Summary) -> str:
    """What a summary is made of, and by whom."""
    span = f"{moment(summary.first_time)} to {moment(summary.last_time)}"
    by = summary.model or "no model"
    return f"of {summary.message_count} messages, {span}, by {by}"


def _tokens(usage: Usage) -> Text:
    told = f"{usage.prompt_token_count} in the prompt, {usage.completion_token_count} in the reply"
    if usage.cached_token_count:
        told += f", {usage.cached_token_count} cached"
    if usage.reasoning_token_count:
        told += f", {usage.reasoning_token_count} for reasoning"
    return Text.assemble(("tokens ", "bold"), told + (" (estimated)" if usage.estimated else ""))


def _seconds(duration: timedelta | None) -> str:
    if duration is None:
        return "-"
    seconds = duration.total_seconds()
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
