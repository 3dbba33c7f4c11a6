"""Chats that come from elsewhere: written once, gone on with, branched off, looked at before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, insert, select

from tzurot import clock
from tzurot.account.tables import Person
from tzurot.formats.found import History, Said
from tzurot.personality.tables import Personality
from tzurot.session import store
from tzurot.session.chats import histories
from tzurot.session.chats.histories import Written
from tzurot.session.tables import Conversation, Message
from tzurot.storage.database import Database

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
MANY = 5_000
IN_SIGHT = 60  # messages


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def ada(text: str, minute: int | None = None, *, hidden: bool = False) -> Said:
    time = None if minute is None else at(minute)
    return Said(True, "Ada", text, hidden=hidden, time=time, source=text.encode())


def lilith(text: str, minute: int, *, hidden: bool = False) -> Said:
    return Said(False, "Lilith", text, hidden=hidden, time=at(minute), source=text.encode())


def swiped(texts: Sequence[str], chosen: int, minute: int) -> Said:
    return replace(lilith(texts[chosen], minute), alternatives=tuple(texts), chosen=chosen)


def chat(*messages: Said, key: str = "k", header: bytes = b"{}") -> History:
    return History(messages=messages, key=key, header=header)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody with a character, and a database to move into."""

    database: Database
    person_id: UUID
    personality_id: UUID

    async def writes(self, history: History) -> Written:
        async with self.database.transaction() as tx:
            return await histories.write(
                tx,
                person_id=self.person_id,
                personality_id=self.personality_id,
                personality_name="Lilith",
                history=history,
            )

    async def messages(self) -> list[Message]:
        """All that is stored, in the order of ids."""
        async with self.database.transaction() as tx:
            return list(await tx.scalars(select(Message).order_by(Message.id)))

    async def conversation(self) -> Conversation:
        async with self.database.transaction() as tx:
            return (await tx.scalars(select(Conversation))).one()

    async def path(self) -> list[str]:
        """What a turn that goes on here would have in sight."""
        head = (await self.conversation()).head_message_id
        assert head
        async with self.database.transaction() as tx:
            return [line.text for line in await store.path(tx, head, IN_SIGHT)]

    async def chosen(self) -> list[str]:
        """The chosen path, from its first message on."""
        follows = {it.parent_id: it for it in await self.messages() if it.chosen}
        path: list[str] = []
        last = None
        while it := follows.get(last):
            path.append(it.text)
            last = it.id
        return path


@pytest.fixture
async def desk(database: Database) -> Desk:
    person_id, personality_id = clock.uuid7(), clock.uuid7()
    async with database.transaction() as tx:
        await tx.execute(insert(Person).values(id=person_id))
        await tx.execute(insert(Personality).values(id=personality_id, slug="l", name="Lilith"))
    return Desk(database, person_id, personality_id)


CHAT = chat(
    lilith("Who are you?", 0), ada("I am Ada.", 1), lilith("Hello, Ada.", 2), ada("Bye.", 3)
)


async def test_a_chat_becomes_a_conversation_of_the_person_s_own(desk: Desk) -> None:
    written = await desk.writes(CHAT)
    conversation = await desk.conversation()
    assert written.conversation_id == conversation.id
    assert written.new_messages == 4
    assert (conversation.platform, conversation.channel_id) == ("import", "k")
    assert (conversation.venue, conversation.direct_person_id) == ("direct", desk.person_id)
    assert (conversation.create_time, conversation.update_time) == (at(0), at(3))
    assert conversation.source == b"{}"
    assert await desk.path() == await desk.chosen() == [said.text for said in CHAT.messages]


async def test_messages_say_who_spoke_when_and_keep_their_rows(desk: Desk) -> None:
    await desk.writes(CHAT)
    stored = await desk.messages()
    assert [(it.author, it.author_name) for it in stored[:2]] == [
        ("personality", "Lilith"),
        ("person", "Ada"),
    ]
    assert [it.create_time for it in stored] == [at(minute) for minute in range(4)]
    assert [it.source for it in stored] == [said.source for said in CHAT.messages]
    assert {it.turn_id for it in stored} == {None}
    assert {it.person_id for it in stored} == {desk.person_id}


async def test_a_message_without_a_time_has_that_of_the_one_before(desk: Desk) -> None:
    await desk.writes(chat(lilith("one", 5), ada("two"), lilith("three", 6)))
    assert [it.create_time for it in await desk.messages()] == [at(5), at(5), at(6)]


async def test_alternatives_are_siblings_in_their_order_with_one_chosen(desk: Desk) -> None:
    await desk.writes(chat(ada("hi", 0), swiped(["a", "b", "c"], 1, 1), ada("ok", 2)))
    stored = await desk.messages()
    siblings = [it for it in stored if it.parent_id == stored[0].id]
    assert [(it.text, it.chosen) for it in siblings] == [("a", False), ("b", True), ("c", False)]
    assert [it.source for it in siblings] == [None, b"b", None]
    assert await desk.path() == ["hi", "b", "ok"]


async def test_alternatives_that_say_the_same_are_all_kept(desk: Desk) -> None:
    history = chat(ada("hi", 0), swiped(["a", "a", "a"], 1, 1))
    await desk.writes(history)
    assert [it.text for it in await desk.messages()] == ["hi", "a", "a", "a"]
    assert (await desk.writes(history)).new_messages == 0
    assert len(await desk.messages()) == 4


async def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    history = chat(
        swiped(["a", "b"], 1, 0), ada("undated"), lilith("hidden", 2, hidden=True), ada("end", 3)
    )
    await desk.writes(history)
    before = [(it.id, it.chosen, it.source) for it in await desk.messages()]
    again = await desk.writes(history)
    assert (again.new_messages, again.exchanges) == (0, [])
    assert [(it.id, it.chosen, it.source) for it in await desk.messages()] == before


async def test_a_longer_export_goes_on_at_the_end(desk: Desk) -> None:
    first = await desk.writes(CHAT)
    longer = chat(*CHAT.messages, lilith("Stay!", 4), ada("No.", 5), header=b'{"v":2}')
    second = await desk.writes(longer)
    assert second.conversation_id == first.conversation_id
    assert second.new_messages == 2
    assert await desk.path() == await desk.chosen() == [said.text for said in longer.messages]
    assert (await desk.conversation()).source == b'{"v":2}'


async def test_a_shorter_export_changes_nothing(desk: Desk) -> None:
    await desk.writes(CHAT)
    assert (await desk.writes(chat(*CHAT.messages[:2]))).new_messages == 0
    assert await desk.path() == [said.text for said in CHAT.messages]


async def test_a_chat_that_leaves_the_path_is_a_branch_that_is_not_chosen(desk: Desk) -> None:
    await desk.writes(CHAT)
    branch = chat(*CHAT.messages[:3], ada("Wait.", 9), lilith("Yes?", 10))
    assert (await desk.writes(branch)).new_messages == 2
    assert await desk.path() == await desk.chosen() == [said.text for said in CHAT.messages]
    added = (await desk.messages())[-2:]
    assert [(it.text, it.chosen) for it in added] == [("Wait.", False), ("Yes?", False)]
    assert added[1].parent_id == added[0].id
    assert (await desk.writes(branch)).new_messages == 0
    assert (await desk.writes(chat(*branch.messages, ada("!", 11)))).new_messages == 1
    assert await desk.path() == [said.text for said in CHAT.messages]


async def test_the_same_words_at_another_time_are_another_message(desk: Desk) -> None:
    await desk.writes(CHAT)
    other = chat(*CHAT.messages[:3], ada("Bye.", 8))
    assert (await desk.writes(other)).new_messages == 1


async def test_another_answer_to_the_last_words_takes_the_place_of_the_first(desk: Desk) -> None:
    await desk.writes(chat(ada("hi", 0), lilith("a", 1)))
    swipe = chat(ada("hi", 0), swiped(["a", "b"], 1, 2), ada("better", 3))
    assert (await desk.writes(swipe)).new_messages == 2
    assert await desk.path() == await desk.chosen() == ["hi", "b", "better"]
    assert {it.text: it.source for it in await desk.messages()}["a"] is None
    assert (await desk.writes(swipe)).new_messages == 0


async def test_an_earlier_answer_can_be_chosen_again_while_it_is_the_last(desk: Desk) -> None:
    await desk.writes(chat(ada("hi", 0), swiped(["a", "b"], 1, 1)))
    back = chat(ada("hi", 0), swiped(["a", "b"], 0, 2))
    assert (await desk.writes(back)).new_messages == 0
    assert await desk.path() == await desk.chosen() == ["hi", "a"]
    stored = {it.text: it for it in await desk.messages()}
    assert (stored["a"].source, stored["b"].source) == (b"a", None)
    assert len(stored) == 3


async def test_hidden_messages_are_kept_and_not_in_sight(desk: Desk) -> None:
    await desk.writes(
        chat(
            ada("hi", 0),
            lilith("note", 1, hidden=True),
            lilith("hello", 2),
            ada("x", 3, hidden=True),
        )
    )
    assert [it.hidden for it in await desk.messages()] == [False, True, False, True]
    assert await desk.path() == ["hi", "hello"]


async def test_hidden_messages_take_no_room_in_sight(desk: Desk) -> None:
    said = [ada(str(n), n) for n in range(IN_SIGHT)]
    notes = [lilith("note", 1000 + n, hidden=True) for n in range(100)]
    await desk.writes(chat(*said[:30], *notes, *said[30:]))
    assert await desk.path() == [it.text for it in said]


async def test_after_a_reset_a_longer_export_stays_out_of_sight(desk: Desk) -> None:
    await desk.writes(CHAT)
    async with desk.database.transaction() as tx:
        conversation = (await tx.scalars(select(Conversation))).one()
        conversation.epoch, conversation.head_message_id = 1, None
    longer = chat(*CHAT.messages, lilith("Stay!", 4))
    assert (await desk.writes(longer)).new_messages == 1
    conversation = await desk.conversation()
    assert (conversation.epoch, conversation.head_message_id) == (1, None)
    assert {it.epoch for it in await desk.messages()} == {0}


async def test_a_longer_export_adds_what_is_new_and_another_chat_all_of_it(desk: Desk) -> None:
    assert (await desk.writes(CHAT)).new_messages == 4
    assert (await desk.writes(CHAT)).new_messages == 0
    longer = chat(*CHAT.messages, lilith("Stay!", 4))
    assert (await desk.writes(longer)).new_messages == 1
    assert (await desk.writes(chat(*longer.messages, key="other"))).new_messages == 5


async def test_each_character_and_person_has_a_conversation_of_its_own(desk: Desk) -> None:
    await desk.writes(CHAT)
    other_person = clock.uuid7()
    async with desk.database.transaction() as tx:
        await tx.execute(insert(Person).values(id=other_person))
    other = Desk(desk.database, other_person, desk.personality_id)
    assert (await other.writes(CHAT)).new_messages == 4
    assert (await desk.writes(CHAT)).new_messages == 0


async def test_all_characters_of_a_group_are_on_the_character_s_side(desk: Desk) -> None:
    kael = Said(by_person=False, name="Kael", text="Me too.", time=at(2))
    written = await desk.writes(chat(ada("Hi all.", 0), lilith("Hi!", 1), kael))
    stored = await desk.messages()
    assert [(it.author, it.author_name) for it in stored[1:]] == [
        ("personality", "Lilith"),
        ("personality", "Kael"),
    ]
    (exchange,) = written.exchanges
    assert exchange.personality_name == "Lilith"
    assert exchange.personality_text == "Hi!\nKael: Me too."


class TestExchanges:
    async def test_are_what_was_said_with_what_was_answered(self, desk: Desk) -> None:
        written = await desk.writes(CHAT)
        (exchange,) = written.exchanges  # nobody asked for the greeting, nobody answered "Bye."
        stored = await desk.messages()
        assert exchange == histories.Exchanged(
            message_id=stored[1].id,
            person_name="Ada",
            person_text="I am Ada.",
            personality_name="Lilith",
            personality_text="Hello, Ada.",
            time=at(1),
        )

    async def test_have_only_chosen_answers_and_nothing_hidden(self, desk: Desk) -> None:
        history = chat(
            ada("hi", 0),
            lilith("secret", 1, hidden=True),
            swiped(["a", "b"], 1, 2),
            ada(" ", 3),
            lilith("more", 4),
        )
        (exchange,) = (await desk.writes(history)).exchanges
        assert (exchange.person_text, exchange.personality_text) == ("hi", "b\nmore")

    async def test_begin_with_all_that_was_said_in_a_row(self, desk: Desk) -> None:
        history = chat(ada("My cat", 0), ada("is Kit.", 1), lilith("Nice.", 2))
        (exchange,) = (await desk.writes(history)).exchanges
        assert exchange.person_text == "My cat\nis Kit."
        assert exchange.message_id == (await desk.messages())[0].id

    async def test_come_when_there_is_an_answer(self, desk: Desk) -> None:
        await desk.writes(CHAT)
        longer = chat(*CHAT.messages, lilith("Stay!", 4), lilith("Please.", 5))
        (exchange,) = (await desk.writes(longer)).exchanges
        assert (exchange.person_text, exchange.personality_text) == ("Bye.", "Stay!\nPlease.")
        assert (await desk.writes(longer)).exchanges == []

    async def test_of_a_branch_are_only_its_own(self, desk: Desk) -> None:
        await desk.writes(CHAT)
        branch = chat(*CHAT.messages[:3], ada("Wait.", 9), lilith("Yes?", 10))
        (exchange,) = (await desk.writes(branch)).exchanges
        assert exchange.person_text == "Wait."

    async def test_name_the_character_where_the_file_names_nobody(self, desk: Desk) -> None:
        nobody = Said(by_person=False, name="", text="Hm.", time=at(1))
        (exchange,) = (await desk.writes(chat(ada("hi", 0), nobody))).exchanges
        assert (exchange.personality_name, exchange.personality_text) == ("Lilith", "Hm.")


async def test_a_long_chat_takes_a_few_statements(desk: Desk) -> None:
    said = [(ada if n % 2 else lilith)(f"message {n}", n) for n in range(MANY)]
    statements: list[str] = []
    engine = desk.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    written = await desk.writes(chat(*said))
    again = await desk.writes(chat(*said, ada("more", MANY)))
    assert (written.new_messages, again.new_messages) == (MANY, 1)
    assert len(written.exchanges) == MANY // 2 - 1
    assert len(statements) < MANY / 100
