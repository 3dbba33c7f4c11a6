"""What runs in a turn of what a card and its lorebooks bring: their macros and their scripts.

Macros run in texts of characters, books and overrides, never in what people say; what a person adds
for themselves can quote the card, its lore and its variables only if they may read the card.
Scripts rewrite what was said as the model is told it, lore, and the reply. All of it has limits;
what did not run is noted.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC
from typing import Any

from tzurot.llm.speaker import Speaker
from tzurot.memory.venues import Venue
from tzurot.personality import quoting
from tzurot.personality.lore.scene import Heard, Scene, Timed
from tzurot.personality.lore.verdicts import Role, Verdict, Where
from tzurot.personality.macros.running import Macros
from tzurot.personality.macros.stage import Spoken, Stage
from tzurot.personality.scripts import patterns, scripts
from tzurot.personality.scripts.scripts import Placement, Ran, Script
from tzurot.session.prompt import marks
from tzurot.session.prompt.cast import cast_of
from tzurot.session.turns import Line, Turn

CHARACTER = re.compile(r"\{\{char\}\}|<bot>|<char>", re.I)
PERSON = re.compile(r"\{\{user\}\}|<user>", re.I)
_BRACE = re.compile(r"\{(?=\{)")  # of two that follow each other the first


class Voice:
    """One turn's macros and scripts."""

    def __init__(self, turn: Turn, speaker: Speaker | None = None) -> None:
        """Without a speaker no model is asked: the character greets."""
        self._turn = turn
        self._outlets: dict[str, str] = {}
        stage = _stage(turn, speaker, self._outlets)
        self._macros = Macros(stage, turn.talk.variables)
        # What is not theirs to read can't be quoted by what they wrote.
        aside = replace(stage, texts={"persona": stage.texts["persona"]}, outlets={})
        self._own = self._macros if turn.access.sees_definition else Macros(aside)
        self._scripts = [Script.from_dict(raw) for raw in turn.personality.regex_scripts or ()]
        self._clock = patterns.Clock()
        self._notes: list[str] = []

    @property
    def variables(self) -> Mapping[str, str]:
        """What the macros have set, for the next turn."""
        return self._macros.variables

    @property
    def not_run(self) -> list[str]:
        """What did not run, and why, each in one line."""
        macros = [f"{it.macro}: {it.reason}" for it in self._macros.not_run]
        return [*macros, *dict.fromkeys(self._notes)]

    def card(self, text: str | None, slot: str, original: str | None = None) -> str:
        """A text of the card as it is told."""
        return self._macros.fill(text or "", slot=slot, original=original).strip()

    def own(self, text: str, slot: str) -> str:
        """A text that the person wrote for themselves as it is told."""
        return self._own.fill(text, slot=slot).strip()

    def scene(self, counts: tuple[int, int]) -> Scene:
        """What lorebooks are held against. `counts`: messages of the conversation, the character's.

        The message that is answered is none of them yet.
        """
        turn, who = self._turn, self._turn.personality
        said = [Heard(it.text, _is_own(it), it.author_name) for it in turn.history]
        return Scene(
            messages=[*said, Heard(turn.text, name=turn.speaker_name)],
            message_count=counts[0] + 1,
            character_message_count=counts[1],
            greeting_index=turn.talk.greeting_index,
            scan_depth=turn.settings.chosen.lore_scan_depth,
            seed=turn.id.hex,
            character_names=(who.name, who.nickname or ""),
            tags=who.tags or (),
            user_icon=turn.face.name,
            texts={
                "persona_description": persona(turn),
                **quoting.looked_through(who),
            },
            timings={key: _timed(stored) for key, stored in turn.talk.timings.items()},
            fill=lambda text: self._macros.fill(text, slot="lore"),
            scanned=self._macros.scanned,
        )

    async def lore(self, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
        """Lore as scripts leave it; what has an outlet can be quoted from here on.

        What stands between messages as if a person said it can't look like one of theirs.
        """
        if self._has(Placement.LORE):
            verdicts = await asyncio.to_thread(self._rewritten_lore, verdicts)
        verdicts = [self._unlabelled(it) for it in verdicts]
        for verdict in verdicts:
            if verdict.activated and (outlet := verdict.placement.outlet):
                said = self._outlets.get(outlet)
                self._outlets[outlet] = f"{said}\n{verdict.content}" if said else verdict.content
        return tuple(verdicts)

    async def heard(self) -> tuple[tuple[Line, ...], str]:
        """The history and the message as scripts leave them for the prompt.

        A message of which they leave nothing is as it was: something is to be answered.
        """
        if not (self._has(Placement.INPUT) or self._has(Placement.OUTPUT)):
            return self._turn.history, self._turn.text
        return await asyncio.to_thread(self._rewritten_talk)

    async def spoken(self, reply: str) -> str:
        """The reply as scripts leave it; as it was if they left nothing."""
        if not self._has(Placement.OUTPUT):
            return reply
        self._clock = patterns.Clock()  # however long the prompt took
        ran = await asyncio.to_thread(self._run, reply, Placement.OUTPUT, 0, for_prompt=False)
        return ran.strip() or reply

    def _has(self, placement: Placement) -> bool:
        return any(it.enabled and placement in it.placements for it in self._scripts)

    def _rewritten_lore(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        return [self._rewritten_entry(it) if it.activated else it for it in verdicts]

    def _unlabelled(self, verdict: Verdict) -> Verdict:
        where, note_role = verdict.placement.where, self._turn.personality.depth_prompt_role
        role = verdict.placement.role if where is Where.AT_DEPTH else note_role
        if role != Role.USER or where not in (Where.AT_DEPTH, Where.NOTE_TOP, Where.NOTE_BOTTOM):
            return verdict
        return replace(verdict, content=cast_of(self._turn).unlabelled(verdict.content))

    def _rewritten_entry(self, verdict: Verdict) -> Verdict:
        content = self._run(verdict.content, Placement.LORE, None).strip()
        if content:
            return replace(verdict, content=content)
        reason = f"{verdict.reason}, but scripts left no words"
        return replace(verdict, content="", activated=False, always=False, reason=reason)

    def _rewritten_talk(self) -> tuple[tuple[Line, ...], str]:
        message = self._run(self._turn.text, Placement.INPUT, 0)
        if not message.strip():
            message = self._turn.text
        lines: list[Line] = []
        for depth, line in enumerate(reversed(self._turn.history), start=1):
            placement = Placement.OUTPUT if _is_own(line) else Placement.INPUT
            lines.append(replace(line, text=self._run(line.text, placement, depth)))
        return tuple(reversed(lines)), message

    def _run(
        self, text: str, placement: Placement, depth: int | None, *, for_prompt: bool = True
    ) -> str:
        ran: Ran = scripts.run(
            self._scripts,
            text,
            placement,
            depth=depth,
            clock=self._clock,
            fill=lambda written: self._macros.fill(written, slot="script"),
            for_prompt=for_prompt,
        )
        self._notes.extend(ran.notes)
        return ran.text


def _is_own(line: Line) -> bool:
    """Whether the character said it."""
    return not (line.by_person or line.around)


def persona(turn: Turn) -> str:
    """What the person says of themselves; nothing where it is not for the ears of others.

    The names are in their places; nothing else runs in it.
    """
    listened_to = turn.said.place.venue is not Venue.DIRECT
    if not turn.settings.chosen.persona or (turn.face.private and listened_to):
        return ""
    return named(turn.face.description, turn)


def named(text: str, turn: Turn) -> str:
    """What a person wrote with the names in their places; nothing else runs in it."""
    text = CHARACTER.sub(lambda _: marks.one_line(turn.called), text)
    return PERSON.sub(lambda _: marks.one_line(turn.speaker_name), text)


def _stage(turn: Turn, speaker: Speaker | None, outlets: Mapping[str, str]) -> Stage:
    texts = quoting.quoted(turn.personality)
    if turn.override and turn.override.scenario:
        # A person's words stand where the card quotes them, and nothing in them runs.
        texts["scenario"] = _BRACE.sub("{ ", named(turn.override.scenario, turn))
    texts["persona"] = persona(turn)
    said = [Spoken(it.text, _is_own(it), it.author_name) for it in turn.history]
    before = [it.create_time for it in turn.history if it.by_person]
    return Stage(
        char=marks.one_line(turn.called),
        user=marks.one_line(turn.speaker_name),
        now=turn.create_time.astimezone(UTC),
        last_message_time=before[-1] if before else None,
        messages=[*said, Spoken(turn.text, name=turn.speaker_name)] if turn.text else said,
        model=speaker.model if speaker else "",
        context_tokens=speaker.context_tokens if speaker else 0,
        seed=turn.conversation_id.hex,
        texts=texts,
        outlets=outlets,
    )


def _timed(stored: Mapping[str, Any]) -> Timed:
    """What is remembered of a lorebook entry; what another release knew besides is passed over."""
    known = {field.name for field in fields(Timed)}
    return Timed(**{key: value for key, value in stored.items() if key in known})
