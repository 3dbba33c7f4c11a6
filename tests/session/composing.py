"""Turns, what there is to tell in them, and the prompts made of it: without a server."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from tzurot import clock
from tzurot.formats.found import LoreEntry
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import Sampling
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import Kind, MemoryId
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue
from tzurot.personality.knowledge.knowledge import PassageHit
from tzurot.personality.lore import ordering
from tzurot.personality.lore.verdicts import Placement, Verdict, Where
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.personality.tables import Override, Personality
from tzurot.session.prompt import attached, portrait, prompt
from tzurot.session.prompt.attached import Attached, Piece
from tzurot.session.prompt.prompt import Composed, Material
from tzurot.session.said import Place, Reference, Said, Utterance
from tzurot.session.settings.cascade import Explained, Row, Tier, explained
from tzurot.session.settings.settings import Value
from tzurot.session.summaries.summary import InShort
from tzurot.session.turns import Line, Turn, TurnId
from tzurot.session.voice import Voice

REPLY = 200  # tokens kept free for the reply
SEEN = datetime(2026, 5, 17, tzinfo=UTC)
ADA = UUID(int=1)


def speaker(context: int, *, late: bool = True) -> Speaker:
    sampling = Sampling(max_tokens=REPLY)
    return Speaker(
        SpeakerKind.CONFIGURED,
        "Scripted",
        "scripted",
        sampling=sampling,
        context_tokens=context,
        takes_late_system=late,
    )


def line(text: str, *, by_person: bool = True, name: str = "Ada") -> Line:
    return Line(
        clock.uuid7(),
        TurnId(clock.uuid7()),
        by_person,
        name if by_person else "Lilith",
        text,
        SEEN,
        ADA if name == "Ada" else uuid5(ADA, name),
    )


def hit(text: str, answer: str = "") -> Hit:
    nobody = UUID(int=0)
    return Hit(
        memory_id=MemoryId(clock.uuid7()),
        persona_id=ADA,
        personality_id=nobody,
        turn_id=None,
        venue=Venue.DIRECT,
        person_name="Ada",
        person_text=text,
        personality_name="Lilith" if answer else "",
        personality_text=answer,
        occur_time=SEEN,
        create_time=SEEN,
        kind=Kind.EXCHANGE,
        sector=Sector.SEMANTIC,
        other_sectors=(),
        salience=0.4,
        parts=ScoreParts(0.5, 0.1),
        excerpt=text,
    )


def in_short(text: str, *, by_model: bool = True) -> InShort:
    """What was said before, in a model's words or in those of whoever said it."""
    model = "scripted" if by_model else ""
    return InShort(clock.uuid7(), text, model, 12, clock.uuid7(), clock.uuid7(), SEEN, SEEN)


def passage(text: str, title: str = "The Harbor") -> PassageHit:
    return PassageHit(clock.uuid7(), UUID(int=0), title, text, ScoreParts(0.4, 0.1), text)


def lore(
    content: str, *, always: bool = False, after: bool = False, priority: float | None = None
) -> Verdict:
    """An entry that came up."""
    position = "after_char" if after else "before_char"
    entry = LoreEntry(("key",), content, priority=priority, position=position)
    placement = Placement(Where.AFTER_CHARACTER if after else Where.BEFORE_CHARACTER)
    return verdict(entry, always=always, placement=placement)


def verdict(entry: LoreEntry, **fields: object) -> Verdict:
    """An entry that came up, as the card says it."""
    reason = "key `key` in the last message"
    found = Verdict("The Town", "b", "e", 0, entry, entry.content, activated=True, reason=reason)
    return replace(found, **fields)


def referring(text: str, *references: Reference, **fields: object) -> Turn:
    """A turn whose message refers to others."""
    made = turn(text, **fields)
    words = replace(made.said.utterance or Utterance(text), references=references)
    return replace(made, said=replace(made.said, ask=words))


def turn(
    text: str = "What do I keep?",
    *lines: Line,
    who: Personality | None = None,
    venue: Venue = Venue.DIRECT,
    name: str = "Ada",
    **fields: object,
) -> Turn:
    """Somebody says something to a character of theirs; `fields` are the turn's."""
    nobody = UUID(int=0)
    place, words = Place("local", "", "c", venue), Utterance(text, name)
    made = Turn(
        id=TurnId(clock.uuid7()),
        conversation_id=nobody,
        epoch=0,
        person_id=ADA,
        persona_id=ADA,  # as lines without one are known by
        subject="local:ada",
        access=Access(who or lilith(), Role.OWNER),
        said=Said(place, words, (), None, b"", time.perf_counter(), 9),
        utterance_message_id=nobody,
        history=lines,
        create_time=SEEN,
    )
    return replace(made, **fields)


def stranger(who: Personality, **own: str) -> Access:
    """Who may talk with a character and not read its definition, and has it otherwise."""
    texts = dict.fromkeys(("nickname", "scenario", "addition", "instructions", "greeting"), "")
    return Access(who, Role.NOBODY, Override(**(texts | own)))


def going_by(**decided: Value) -> Explained:
    """Settings that somebody decided."""
    return explained(Row(key, Tier.PERSON, value) for key, value in decided.items())


def lilith(
    system: str = "You are {{char}}, a friend of {{user}}.", examples: str = "", **fields: object
) -> Personality:
    usual = {
        "id": UUID(int=0),
        "name": "Lilith",
        "depth_prompt_depth": 4,
        "depth_prompt_role": "system",
    }
    texts = {"system_prompt": system, "example_dialogues": examples}
    return Personality(**(usual | texts | fields))


def piece(name: str, content: bytes, description: str = "") -> Piece:
    """An attachment; a text unless its name ends like a picture's."""
    media_type = "image/png" if name.endswith(".png") else "text/plain"
    return Piece(name, media_type, name, description, content)


def composed(
    turn: Turn, *found: Hit | PassageHit | Verdict | Piece, by: Speaker, **beside: Any
) -> Composed:
    """As a turn does it: the history in sight first, then the rest; `beside` is the material's."""
    material = Material(
        portrait.draw(turn, Voice(turn, by)),
        turn.text,
        history=turn.history,
        lore=ordering.in_order([it for it in found if isinstance(it, Verdict)]),
        **beside,
    )
    pieces = [it for it in found if isinstance(it, Piece)]
    room = prompt.free(turn, material, by)
    plan = attached.planned(pieces, room, sees=bool(by.supports_vision))
    material = replace(
        material,
        attached=Attached(
            tuple(it.section for it in plan),
            tuple(it.piece.picture for it in plan if it.is_shown),
        ),
    )
    seen = prompt.in_sight(turn, material, by)
    material = replace(
        material,
        history=seen.lines,
        begins_at=seen.begins_at,
        hits=[it for it in found if isinstance(it, Hit)],
        passages=[it for it in found if isinstance(it, PassageHit)],
    )
    return prompt.compose(turn, material, by)


def kept(made: Composed, name: str) -> list[str]:
    return [part.text for part in made.sections if part.name == name and not part.cut]
