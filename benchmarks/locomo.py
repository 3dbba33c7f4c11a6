"""LoCoMo's file format: conversations in sessions, and questions with their evidence."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ADVERSARIAL = "5"
CATEGORIES = {"1": "multi-hop", "2": "temporal", "3": "open", "4": "single"}  # the paper's §4.1

_TURN_ID = re.compile(r"D:?(\d+):(\d+)")  # the file has "D1:3", "D30:05", "D:11:26", "D8:6; D9:17"
_SESSION = re.compile(r"session_(\d+)")
_DATE_FORMATS = ("%I:%M %p on %d %B, %Y", "%d %B, %Y", "%d %B %Y")
_UNKNOWN_START = datetime(2023, 1, 1, tzinfo=UTC)

TurnId = tuple[int, int]  # session and place in it


@dataclass(frozen=True, slots=True)
class Line:
    """One turn, in LoCoMo's sense: something that somebody said."""

    id: TurnId
    speaker: str
    text: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the turns that answer it. `category` is empty where the file names none."""

    text: str
    evidence: frozenset[TurnId]
    category: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Two people over many sessions. `person` is the first of them."""

    person: str
    character: str
    sessions: Sequence[Sequence[Line]]
    questions: Sequence[Question]

    @property
    def lines(self) -> list[Line]:
        """All turns, in order."""
        return [line for session in self.sessions for line in session]


def read(path: Path) -> list[Conversation]:
    """The conversations of a file, with the questions that have evidence in them.

    Adversarial questions are left out: their evidence answers another question.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    samples = content if isinstance(content, list) else [content]
    return [_conversation(sample) for sample in samples]


def exchanges(session: Sequence[Line], person: str) -> Iterator[list[Line]]:
    """A session cut before each turn of the person's that follows one of the character's."""
    exchange: list[Line] = []
    for line in session:
        if exchange and line.speaker == person and exchange[-1].speaker != person:
            yield exchange
            exchange = []
        exchange.append(line)
    if exchange:
        yield exchange


def _conversation(sample: Mapping[str, Any]) -> Conversation:
    talk = sample["conversation"]
    sessions = list(_sessions(talk))
    known = {line.id for session in sessions for line in session}
    return Conversation(
        person=str(talk["speaker_a"]),
        character=str(talk["speaker_b"]),
        sessions=sessions,
        questions=[q for q in map(_question, sample.get("qa", ())) if _answerable(q, known)],
    )


def _sessions(talk: Mapping[str, Any]) -> Iterator[list[Line]]:
    numbers = sorted(int(match[1]) for name in talk if (match := _SESSION.fullmatch(name)))
    when = _UNKNOWN_START
    for number in numbers:
        when = _moment(talk.get(f"session_{number}_date_time")) or when + timedelta(days=1)
        turns = enumerate(talk[f"session_{number}"], 1)
        yield [_line(turn, number, place, when) for place, turn in turns]


def _line(turn: Mapping[str, Any], session: int, place: int, when: datetime) -> Line:
    named = _turn_ids(str(turn.get("dia_id", "")))
    caption = turn.get("blip_caption")
    text = str(turn.get("text", "")) + (f" [shares {caption}]" if caption else "")
    return Line(
        id=named[0] if named else (session, place),
        speaker=str(turn["speaker"]),
        text=text.strip() or "…",  # the product remembers nothing empty
        when=when + timedelta(minutes=place),
    )


def _question(asked: Mapping[str, Any]) -> Question:
    evidence, category = asked.get("evidence") or (), asked.get("category")
    named = evidence if isinstance(evidence, str) else " ".join(map(str, evidence))
    return Question(
        text=str(asked["question"]),
        evidence=frozenset(_turn_ids(named)),
        category="" if category is None else str(category),
    )


def _answerable(question: Question, known: set[TurnId]) -> bool:
    return question.category != ADVERSARIAL and bool(question.evidence & known)


def _turn_ids(text: str) -> list[TurnId]:
    return [(int(session), int(place)) for session, place in _TURN_ID.findall(text)]


def _moment(text: object) -> datetime | None:
    """A session's date; None where it is missing or written in a way that we don't know."""
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(str(text), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
