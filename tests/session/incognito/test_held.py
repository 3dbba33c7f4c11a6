"""What a server holds of incognito talks: bounded, for an hour, and for that person alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.composing import going_by, piece, turn
from tzurot import clock
from tzurot.memory.venues import Venue
from tzurot.session.delivery.events import StoredMessage
from tzurot.session.incognito.held import KEPT, MAX_BYTES, MAX_MESSAGES, MAX_TALKS, Held
from tzurot.session.incognito.rounds import Spot
from tzurot.session.said import Place, PlatformMessage, Utterance
from tzurot.session.turns import Finish, Talk, Turn, TurnId

NOON = datetime(2026, 5, 17, 12, tzinfo=UTC)
TALK = UUID(int=7)


class Hours:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def passes(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    hours = Hours()
    monkeypatch.setattr(clock, "now", lambda: hours.now)
    return hours


def begun(text: str, person: int = 1, place: str = "c", shown_as: str = "", **more: object) -> Turn:
    """An incognito turn of a person in a channel."""
    made = turn(text)
    where = Place("local", "", place, Venue.PUBLIC_CHANNEL)
    said = replace(
        made.said,
        place=where,
        ask=Utterance(text, "Ada", platform_message_id=shown_as),
        request_id=clock.uuid7(),
    )
    values: dict[str, object] = {
        "id": TurnId(clock.uuid7()),
        "conversation_id": TALK,
        "person_id": UUID(int=person),
        "said": said,
        "utterance_message_id": clock.uuid7(),
        "create_time": clock.now(),
        "settings": going_by(incognito=True),
    }
    return replace(made, **(values | more))


def reply_to(it: Turn, text: str) -> StoredMessage:
    return StoredMessage(clock.uuid7(), TALK, None, it.id, False, "Lilith", text, True, clock.now())


def talked(held: Held, text: str, reply: str = "", **more: object) -> Turn:
    """A turn from its beginning to its end."""
    it = begun(text, **more)  # pyright: ignore[reportArgumentType]
    held.begin(it, [], leads=True)
    held.end(it, reply_to(it, reply) if reply else None, None, "")
    held.over(it, Finish.STOP)
    return it


def words(held: Held, it: Turn) -> list[str]:
    return [line.text for line in held.own(Spot.of(it), TALK, it.epoch)]


@given(st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 60_000)), max_size=60))
def test_a_talk_has_never_more_than_its_bounds_and_keeps_what_was_said_last(
    lengths: list[tuple[int, int]],
) -> None:
    held, said = Held(), list[str]()
    for number, (spoken, answered) in enumerate(lengths):
        text, reply = f"{number} " + "ü" * spoken, "x" * answered
        it = talked(held, text, reply)
        said += [text, reply] if reply else [text]
        kept = words(held, it)
        assert len(kept) <= MAX_MESSAGES
        assert sum(len(one.encode()) for one in kept) <= MAX_BYTES
        assert kept == said[len(said) - len(kept) :]


def test_small_talk_is_all_there_up_to_forty_messages() -> None:
    held = Held()
    *_, it = [talked(held, f"said {number}", f"answered {number}") for number in range(30)]
    expected = [f"{verb} {number}" for number in range(10, 30) for verb in ("said", "answered")]
    assert words(held, it) == expected


def test_an_hour_after_the_last_word_it_is_gone(hours: Hours) -> None:
    held = Held()
    it = talked(held, "one", "two")
    hours.passes(KEPT - timedelta(seconds=1))
    assert words(held, it) == ["one", "two"]
    talked(held, "three", "four")
    hours.passes(KEPT - timedelta(seconds=1))
    assert words(held, it) == ["one", "two", "three", "four"]
    hours.passes(timedelta(seconds=1))
    assert words(held, it) == []
    held.sweep()
    assert held.with_whom() == set()


def test_when_the_mode_ends_by_itself_it_is_gone(hours: Hours) -> None:
    held = Held()
    settings = going_by(incognito=True)
    outcome = settings.outcomes["incognito"]
    ends = NOON + timedelta(minutes=9)
    until = replace(outcome, counts=replace(outcome.counts, expire_time=ends))
    settings = replace(settings, outcomes={**settings.outcomes, "incognito": until})
    it = talked(held, "one", "two", settings=settings)
    hours.passes(timedelta(minutes=8))
    assert words(held, it) == ["one", "two"]
    hours.passes(timedelta(minutes=1))
    assert words(held, it) == []


def test_nobody_else_is_told_and_neither_is_another_channel() -> None:
    held = Held()
    talked(held, "one", "two")
    assert words(held, begun("x", person=2)) == []
    assert words(held, begun("x", place="d")) == []
    it = talked(held, "hello", "hi", person=2)
    assert held.round(UUID(int=1), it.id) is None


def test_what_the_person_let_go_is_not_answered_into_memory() -> None:
    held = Held()
    it = begun("one")
    held.begin(it, [], leads=True)
    assert held.drop(it.person_id) == 1
    held.end(it, reply_to(it, "two"), Talk(), "")
    held.over(it, Finish.STOP)
    assert words(held, it) == []


def test_the_talks_that_were_silent_longest_go_first() -> None:
    held = Held()
    first, second = talked(held, "one", person=1), talked(held, "two", person=2)
    talked(held, "again", person=1)
    for person in range(3, MAX_TALKS + 2):
        talked(held, "more", person=person)
    assert words(held, first) == ["one", "again"]
    assert words(held, second) == []


def test_what_is_attached_is_there_while_it_is_answered_and_a_name_after_it() -> None:
    held, it = Held(), begun("Look!")
    held.begin(it, [piece("notes.txt", b"I keep bees.")], leads=True)
    (before,) = held.pieces(it, {it.id})[it.id]
    assert before.content == b"I keep bees."
    held.over(it, Finish.SUPERSEDED)  # a later turn answers it, too
    assert held.pieces(it, {it.id})[it.id] == [before]
    later = replace(begun("And?"), earlier=replace(it.earlier, exchange=(it.id,)))
    held.begin(later, [], leads=True)
    held.over(later, Finish.STOP)
    (after,) = held.pieces(it, {it.id})[it.id]
    assert (after.name, after.content) == ("notes.txt", None)


def test_a_message_is_found_by_its_id_and_by_what_its_platform_calls_it() -> None:
    held = Held()
    it = talked(held, "one", "two", shown_as="4711")
    found = held.round(it.person_id, it.id)
    assert found
    assert found.reply
    for ref in (
        it.utterance_message_id,
        found.reply.id,
        PlatformMessage("local", "c", "4711"),
    ):
        assert ref
        assert held.meant(it.person_id, ref) == [it.id]
        assert held.meant(UUID(int=2), ref) == []
    assert held.meant(it.person_id, PlatformMessage("local", "c", "")) == []
