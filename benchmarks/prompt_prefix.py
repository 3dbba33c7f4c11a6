"""How much of a prompt a provider has read before: `python -m benchmarks.prompt_prefix`.

A talk of fifty turns in a channel, made of words by chance that repeats, is composed turn by turn
as the product does it: with a character of ordinary size, constant and passing lore, six memories
that are others each time, the time, a note, and what has fallen out of sight in a hundred words for
each run of messages. Each prompt is compared with the one before, byte
by byte. What is told for one turn alone can't have been read before; how much of the rest stands
still is what composing can do about it.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tzurot import clock
from tzurot.account.personas import Shown
from tzurot.formats.found import LoreEntry
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import Sampling
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import Kind, MemoryId
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue
from tzurot.personality.lore.verdicts import Placement, Verdict, Where
from tzurot.personality.lore.verdicts import Role as LoreRole
from tzurot.personality.sharing.sharing import Access
from tzurot.personality.sharing.sharing import Role as Rank
from tzurot.personality.tables import Personality
from tzurot.session.prompt import moment, portrait, prompt
from tzurot.session.prompt.prompt import Composed, Material
from tzurot.session.prompt.sight import next_to_go
from tzurot.session.said import Place, Said, Utterance
from tzurot.session.settings.cascade import Row, Tier, explained
from tzurot.session.summaries import runs
from tzurot.session.summaries.runs import Passed
from tzurot.session.summaries.summary import InShort
from tzurot.session.turns import Line, Note, Talk, Turn, TurnId
from tzurot.session.voice import Voice

TURNS = 50
_BEGAN = datetime(2026, 5, 17, 19, 40, tzinfo=UTC)
_PERSON, _CHARACTER = UUID(int=1), UUID(int=2)
_SYLLABLES = [consonant + vowel for consonant in "bdklmnrst" for vowel in "aeio"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What kind of talk it is."""

    name: str
    context_tokens: int
    history_limit: int = 60
    """Messages, as the setting has it."""
    depth: int = 4
    """Messages after the note and the passing lore."""
    keyed_at_top: bool = False
    """Whether passing lore stands with the character, where its book says so, not at a depth."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How much of the prompts had been read, as shares, 0..1."""

    read: float
    """Of the bytes of all prompts but the first: those that the one before began with, too."""
    stood: float
    """Of what each prompt told of the character and the history: what the next began with, too."""
    worst: float
    """The same of one turn, where that was least."""
    moved: int
    """In how many turns less than half of it stood still."""


_STANDS = 0.5

SHAPES = (
    Shape("32,768 tokens, 60 messages", 32_768),
    Shape("32,768 tokens, 60 messages, depth 1", 32_768, depth=1),
    Shape("32,768 tokens, 100 messages, depth 1", 32_768, 100, 1),
    Shape("16,384 tokens, 60 messages", 16_384),
    Shape("8,192 tokens, 60 messages", 8_192),
    Shape("32,768 tokens, 60 messages, passing lore with the character", 32_768, keyed_at_top=True),
)
_MOVING = ("message", "memories", "knowledge", "time", "conversation_note", "instructions")


def measure(shape: Shape, turns: int = TURNS) -> Measured:
    """Compose the talk, and compare."""
    read = size = stood = stands = moved = 0
    worst, before = 1.0, None
    for made in prompts(shape, turns):
        if before:
            same, whole = _common(_bytes(before), _bytes(made)), len(_bytes(made))
            lasting = _lasting(before)
            read, size = read + same, size + whole
            stood, stands = stood + min(same, lasting), stands + lasting
            worst = min(worst, same / lasting)
            moved += same < lasting * _STANDS
        before = made
    return Measured(read / size, stood / stands, worst, moved)


def _lasting(made: Composed) -> int:
    """The bytes of a prompt that the next one is to begin with: all but what is told once."""
    constant = {it.content for it in made.told if it.always}
    return sum(
        len(it.text.encode())
        for it in made.sections
        if not it.cut and it.name not in _MOVING and (it.name != "lore" or it.text in constant)
    )


def prompts(shape: Shape, turns: int) -> Iterator[Composed]:
    """The prompts of the talk, one after the other."""
    chance = random.Random(7)  # noqa: S311 - chance that repeats
    who, history, talk = (
        _character(chance),
        list[Line](),
        Talk(note=Note(_words(chance, 25), shape.depth)),
    )
    lore, by, shortened = _lore(chance, shape), _speaker(shape), _Shortened()
    for number in range(turns):
        now = _BEGAN + timedelta(minutes=3 * number)
        said = _words(chance, chance.randint(10, 60))
        turn = _turn(who, said, replace(talk), tuple(history[-shape.history_limit :]), now)
        turn = replace(
            turn,
            settings=explained([Row("history_limit", Tier.PERSON, shape.history_limit)]),
        )
        material = Material(
            portrait.draw(turn, Voice(turn, by)),
            said,
            turn.history,
            hits=[_hit(chance) for _ in range(6)],
            lore=[it for it in lore if it.always or chance.random() < 0.4],
            note=talk.note,
            time=moment.told(turn, by),
        )
        seen = prompt.in_sight(turn, material, by)
        material = replace(
            material,
            history=seen.lines,
            begins_at=seen.begins_at,
            earlier=shortened.before(seen.lines),
        )
        yield prompt.compose(turn, material, by)
        if seen.begins_at and seen.begins_at != talk.sight_id:  # a job comes by until the next turn
            until = seen.lines[next_to_go(len(seen.lines))]
            shortened.go_on(history[: history.index(until)])
        talk = replace(talk, sight_id=seen.begins_at or talk.sight_id)
        reply = _words(chance, chance.randint(60, 220))
        history += [_line(said, now, by_person=True), _line(reply, now, by_person=False)]


@dataclass(slots=True)
class _Shortened:
    """Summaries as the job makes them, of words by chance."""

    found: list[InShort] = field(default_factory=list[InShort])
    lines: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    chance: random.Random = field(default_factory=lambda: random.Random(11))  # noqa: S311

    def before(self, seen: Sequence[Line]) -> Sequence[InShort]:
        """Those of what comes before the lines in sight."""
        first = seen[0].message_id if seen else UUID(int=0)
        return [it for it in self.found if it.last_message_id < first][-runs.TOLD :]

    def go_on(self, history: Sequence[Line]) -> None:
        """Make those that are wanted of a history that is, or soon will be, out of sight."""
        passed = [Passed(it, self.lines.get(it.message_id), withheld=False) for it in history]
        for run in runs.runs(passed):
            ids, times = [it.message_id for it in run], [it.create_time for it in run]
            made = InShort(
                clock.uuid7(), _words(self.chance, 100), "scripted", len(run), ids[0], ids[-1],
                times[0], times[-1],
            )  # fmt: skip
            self.found.append(made)
            self.lines |= dict.fromkeys(ids, made.id)


def _bytes(made: Composed) -> bytes:
    """The words of a prompt as they are sent, one after the other."""
    return "".join(f"{it.role}{it.text}" for it in made.messages).encode()


def _common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _words(chance: random.Random, count: int) -> str:
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(count)]
    return f"{' '.join(words).capitalize()}."


def _character(chance: random.Random) -> Personality:
    """A card of some 1,200 words."""
    texts = {
        name: _words(chance, count)
        for name, count in (("description", 600), ("traits", 150), ("scenario", 150))
    }
    examples = "\n<START>\n".join(
        f"{{{{user}}}}: {_words(chance, 15)}\n{{{{char}}}}: {_words(chance, 60)}" for _ in range(3)
    )
    return Personality(
        id=_CHARACTER,
        name="Lilith",
        system_prompt=f"You are {{{{char}}}}. {_words(chance, 60)}",
        example_dialogues=examples,
        post_history_instructions=_words(chance, 20),
        depth_prompt_depth=4,
        depth_prompt_role="system",
        **texts,
    )


def _lore(chance: random.Random, shape: Shape) -> list[Verdict]:
    constant = [
        _verdict(_words(chance, 40), Placement(Where.AFTER_CHARACTER), always=True)
        for _ in range(3)
    ]
    at_depth = Placement(Where.AT_DEPTH, shape.depth, LoreRole.SYSTEM)
    where = Placement(Where.AFTER_CHARACTER) if shape.keyed_at_top else at_depth
    return [*constant, *(_verdict(_words(chance, 40), where) for _ in range(4))]


def _verdict(content: str, placement: Placement, *, always: bool = False) -> Verdict:
    entry = LoreEntry(("key",), content)
    return Verdict(
        "Town", "b", content[:8], 0, entry, content, True, "came up", placement=placement,
        always=always,
    )  # fmt: skip


def _turn(
    who: Personality, said: str, talk: Talk, history: tuple[Line, ...], now: datetime
) -> Turn:
    return Turn(
        id=TurnId(clock.uuid7()),
        conversation_id=_CHARACTER,
        epoch=0,
        person_id=_PERSON,
        persona_id=_PERSON,
        subject="local:ada",
        access=Access(who, Rank.OWNER),
        said=Said(
            Place("local", "", "c", Venue.PUBLIC_CHANNEL),
            Utterance(said, "Ada"),
            (),
            None,
            b"",
            time.perf_counter(),
            9,
        ),
        utterance_message_id=None,
        history=history,
        create_time=now,
        face=Shown("Ada", time_zone="Europe/Berlin"),
        talk=talk,
    )


def _line(text: str, now: datetime, *, by_person: bool) -> Line:
    name = "Ada" if by_person else "Lilith"
    turn_id = TurnId(clock.uuid7())
    return Line(clock.uuid7(), turn_id, by_person, name, text, now, _PERSON, _PERSON)


def _hit(chance: random.Random) -> Hit:
    return Hit(
        memory_id=MemoryId(clock.uuid7()),
        persona_id=_PERSON,
        personality_id=_CHARACTER,
        turn_id=None,
        venue=Venue.DIRECT,
        person_name="Ada",
        person_text=_words(chance, 15),
        personality_name="Lilith",
        personality_text=_words(chance, 25),
        occur_time=_BEGAN,
        create_time=_BEGAN,
        kind=Kind.EXCHANGE,
        sector=Sector.SEMANTIC,
        other_sectors=(),
        salience=0.4,
        parts=ScoreParts(0.5, 0.1),
        excerpt="",
    )


def _speaker(shape: Shape) -> Speaker:
    return Speaker(
        SpeakerKind.CONFIGURED,
        "measured",
        "measured",
        sampling=Sampling(max_tokens=600),
        context_tokens=shape.context_tokens,
    )


def _row(shape: Shape, found: Measured) -> str:
    shares = f"{found.read:.1%} | {found.stood:.1%} | {found.worst:.1%}"
    return f"| {shape.name} | {shares} | {found.moved} |"


def main() -> None:
    """Print the table of docs/reference/benchmarks.md."""
    print("| window | read before | stands still | at worst | moved |")
    print("| --- | --- | --- | --- | --- |")
    for shape in SHAPES:
        print(_row(shape, measure(shape)))


if __name__ == "__main__":
    main()
