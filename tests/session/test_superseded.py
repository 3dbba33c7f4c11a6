"""Who goes on speaking before the answer begins is answered once, to all of it."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.fakes.provider import Gate, Reply, Request
from tests.session.following import Hearing, Room
from tests.session.stage import Person, Stage, Told, ref
from tests.session.test_attachments import brought
from tests.session.test_referring import reference, told_of
from tests.session.tree import Tree
from tzurot.session.delivery.events import Kind, TextDelta
from tzurot.session.delivery.ordering import Floor
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    Attachment,
    ChatRequest,
    Interjection,
    MessageRef,
    Place,
    Proxy,
    Regeneration,
    TurnState,
    Utterance,
)

Elsewhere = Callable[[Person], Person]


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def place(stage: Stage) -> Place:
    return stage.channel()


@pytest.fixture
def gate(stage: Stage) -> Gate:
    """Holds back the answer to `first`, word by word; everything else is answered at once."""
    gate = Gate()

    def answer(request: Request) -> str | Reply:
        if request.last_user_text.endswith("first"):
            return Reply("One, ", "two.", gate=gate)
        return "I hear."

    stage.model.answer = answer
    return gate


async def silent(stage: Stage, room: Room, ada: Person, request: ChatRequest) -> Hearing:
    """A turn whose model has been asked and has not said anything."""
    hearing = room.hears(ada, request)
    await hearing.started()
    await stage.model.until(lambda it: it.open_streams == 1)
    return hearing


async def test_both_messages_are_answered_by_the_newer_turn(
    stage: Stage, room: Room, gate: Gate, place: Place
) -> None:
    ada, lilith = stage.person("Ada"), await stage.character("Lilith")
    asked = ada.saying("first", lilith, place=place, request_id=str(uuid4()))
    first = await silent(stage, room, ada, asked)
    second = await ada.asks("second", lilith, place=place)

    superseded = await first.one()
    assert (superseded.how, superseded.text, superseded.kinds) == (
        "SUPERSEDED",
        "",
        ["started", "finished"],
    )
    assert (second.how, second.text) == ("STOP", "I hear.")
    turn = await ada.turn(superseded.turn_id)
    assert (turn.state, turn.reply_message_id) == (TurnState.CANCELLED, "")
    said = await stage.messages(second.conversation_id)
    assert [message.text for message in said] == ["first", "second", "I hear."]
    prompt = [str(message["content"]) for message in stage.asked[-1].timeless]
    assert "first" in prompt[-1] or "first" in prompt[-2]
    assert "second" in prompt[-1]
    await stage.model.until(lambda model: model.closed_early == 1)
    (again,) = await ada.sends(asked)
    assert (again.how, again.numbers[-1]) == ("SUPERSEDED", superseded.numbers[-1])


async def test_at_another_server_too(
    stage: Stage, room: Room, gate: Gate, place: Place, elsewhere: Elsewhere
) -> None:
    ada, lilith = stage.person("Ada"), await stage.character("Lilith")
    first = await silent(stage, room, ada, ada.saying("first", lilith, place=place))
    second = await elsewhere(ada).asks("second", lilith, place=place)
    assert ((await first.one()).how, second.text) == ("SUPERSEDED", "I hear.")
    said = await stage.messages(second.conversation_id)
    assert [message.text for message in said] == ["first", "second", "I hear."]


@pytest.mark.parametrize("where", ["here", "there"])
async def test_after_its_first_word_a_turn_goes_on_and_the_next_one_follows(
    stage: Stage, room: Room, gate: Gate, place: Place, elsewhere: Elsewhere, where: str
) -> None:
    ada, lilith = stage.person("Ada"), await stage.character("Lilith")
    first = room.hears(ada, ada.saying("first", lilith, place=place))
    gate.release(2)
    await first.words("One, ")
    later = elsewhere(ada) if where == "there" else ada
    second = room.hears(later, later.saying("second", lilith, place=place))
    await second.started()
    await stage.model.until(lambda it: len(it.requests) == 2 and it.open_streams == 1)
    gate.open()
    assert ((await first.one()).text, (await second.one()).text) == ("One, two.", "I hear.")
    replies = [it.text for it in await stage.messages((await first.one()).conversation_id)]
    assert replies == ["first", "second", "One, two.", "I hear."]


async def test_what_was_thought_and_not_heard_is_superseded(
    stage: Stage, room: Room, gate: Gate, place: Place
) -> None:
    """Ada's answer is held back by one that Bob waits for."""
    ada, bob = stage.person("Ada"), stage.person("Bob")
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    before = await silent(stage, room, bob, bob.saying("first", bambi, place=place))
    held = room.hears(ada, ada.saying("Hi", lilith, place=place))
    await held.started()
    await stage.model.until(lambda it: len(it.requests) == 2 and it.open_streams == 1)
    newer = room.hears(ada, ada.saying("second", lilith, place=place))
    superseded = await held.one()
    assert (superseded.how, superseded.text) == ("SUPERSEDED", "")
    gate.open()
    assert ((await before.one()).text, (await newer.one()).text) == ("One, two.", "I hear.")


async def test_in_another_place_it_is_another_exchange(
    stage: Stage, room: Room, gate: Gate, place: Place
) -> None:
    ada, lilith = stage.person("Ada"), await stage.character("Lilith")
    first = await silent(stage, room, ada, ada.saying("first", lilith, place=place))
    assert (await ada.asks("second", lilith)).how == "STOP"
    assert (await ada.asks("second", lilith, place=stage.channel())).how == "STOP"
    gate.open()
    assert (await first.one()).how == "STOP"


async def test_with_another_person_or_character_it_is_another_exchange(
    stage: Stage, room: Room, gate: Gate, place: Place
) -> None:
    ada, bob = stage.person("Ada"), stage.person("Bob")
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    first = await silent(stage, room, ada, ada.saying("first", lilith, place=place))
    theirs = room.hears(bob, bob.saying("second", lilith, place=place))
    await theirs.started()
    other = room.hears(ada, ada.saying("third", bambi, place=place))
    await other.started()
    gate.open()
    assert [(await it.one()).how for it in (first, theirs, other)] == ["STOP"] * 3


@pytest.mark.parametrize("later", ["an utterance", "an interjection"])
async def test_only_words_supersede_only_answers_to_words(
    stage: Stage, room: Room, place: Place, later: str
) -> None:
    ada, lilith, gate = stage.person("Ada"), await stage.character("Lilith"), Gate()
    stage.model.script(Reply("One, ", "two.", gate=gate), "I hear.")
    speaks_up = ChatRequest(place=place, interjection=Interjection(), addressees=[ref(lilith)])
    says = ada.saying("second", lilith, place=place)
    requests = [speaks_up, says] if later == "an utterance" else [says, speaks_up]
    first = await silent(stage, room, ada, requests[0])
    second = room.hears(ada, requests[1])
    await second.started()
    await stage.model.until(lambda it: len(it.requests) == 2 and it.open_streams == 1)
    gate.open()
    assert [(await it.one()).how for it in (first, second)] == ["STOP", "STOP"]


async def test_of_several_characters_each_is_superseded_for_itself(
    stage: Stage, room: Room, gate: Gate, place: Place
) -> None:
    ada = stage.person("Ada")
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    both = await silent(stage, room, ada, ada.saying("first", lilith, bambi, place=place))
    later = room.hears(ada, ada.saying("second", lilith, place=place))
    await both.until(lambda: any(event.finished for event in both.events))
    gate.open()
    told, second = await both.all(), await later.one()
    assert [(turn.by, turn.how) for turn in told] == [("Lilith", "SUPERSEDED"), ("Bambi", "STOP")]
    assert (second.by, second.how) == ("Lilith", "STOP")


class TestWhatIsAnsweredTogether:
    """Ada says three things before the first word of an answer."""

    @pytest.fixture
    async def ada(self, stage: Stage) -> Person:
        return stage.person("Ada")

    @pytest.fixture
    async def lilith(self, stage: Stage) -> Personality:
        return await stage.character("Lilith")

    @pytest.fixture
    async def tree(self, stage: Stage, ada: Person, lilith: Personality, place: Place) -> Tree:
        return Tree(stage, ada, lilith, place)

    @pytest.fixture
    async def told(
        self, stage: Stage, room: Room, gate: Gate, tree: Tree, elsewhere: Elsewhere
    ) -> Told:
        ada, lilith, place = tree.who, tree.character, tree.here
        cut = await silent(stage, room, ada, ada.saying("the first", lilith, place=place))
        there = elsewhere(ada)
        again = room.hears(there, there.saying("again first", lilith, place=place))
        await cut.one()
        await stage.model.until(lambda it: len(it.requests) == 2 and it.open_streams == 1)
        told = await ada.asks("second", lilith, place=place)
        assert (await again.one()).how == "SUPERSEDED"
        tree.conversation_id = told.conversation_id
        return told

    async def test_it_is_remembered_together_and_in_order(self, tree: Tree, told: Told) -> None:
        assert await tree.awake() == [("the first\nagain first\nsecond", "I hear.")]

    async def test_so_it_is_with_another_reply(self, tree: Tree, told: Told) -> None:
        await tree.regenerates("I hear.", "I see.")
        assert await tree.awake() == [("the first\nagain first\nsecond", "I see.")]
        await tree.edits("again first", "then")
        assert await tree.awake() == [("the first\nthen\nsecond", "I see.")]

    async def test_what_is_edited_or_deleted_is_so_in_the_memory(
        self, tree: Tree, told: Told
    ) -> None:
        await tree.edits("again first", "then")
        assert await tree.awake() == [("the first\nthen\nsecond", "I hear.")]
        for gone, left in (("the first", "then\nsecond"), ("second", "then")):
            await tree.deletes(gone)
            assert await tree.awake() == [(left, "I hear.")]
        await tree.deletes("then")
        assert await tree.awake() == []

    async def test_what_each_refers_to_is_told(
        self, stage: Stage, room: Room, gate: Gate, ada: Person, lilith: Personality
    ) -> None:
        def saying(text: str, *about: str) -> ChatRequest:
            request = ada.saying(text, lilith)
            found = [reference(it, f"{it} {ada.subject}") for it in about]
            if len(found) > 1:
                found[1].referrer_index = 0
            request.utterance = Utterance(text=text, references=found)
            return request

        cut = await silent(stage, room, ada, saying("the first", "One"))
        again = room.hears(ada, saying("again first", "Two", "Three"))
        await cut.one()
        await stage.model.until(lambda it: len(it.requests) == 2 and it.open_streams == 1)
        (told,) = await ada.sends(saying("second", "Four", "Five"))
        await again.one()
        lines = [
            '- [1] (replied to) "Bob", 2026-05-17: "One"',
            '- [2] (replied to) "Bob", 2026-05-17: "Two"',
            '- [3] (replied to) "Bob", 2026-05-17: "Four"',
            '- [4] (replied to in [2]) "Bob", 2026-05-17: "Three"',
            '- [5] (replied to in [3]) "Bob", 2026-05-17: "Five"',
        ]
        assert told_of(stage) == lines
        message = told.finished.message
        assert message
        another = Regeneration(message=MessageRef(id=message.id))
        await ada.sends(ChatRequest(place=ada.direct, regeneration=another))
        assert told_of(stage) == lines
        left = await stage.rows("SELECT 1 FROM turns WHERE referred IS NOT NULL")
        assert not left  # other people's words are kept no longer than a turn runs

    async def test_what_is_attached_to_each_is_shown(
        self, stage: Stage, room: Room, gate: Gate, ada: Person, lilith: Personality
    ) -> None:
        def saying(text: str, it: Attachment) -> ChatRequest:
            request = ada.saying(text, lilith)
            request.utterance = Utterance(text=text, attachment_ids=[it.id])
            return request

        notes = [await brought(ada, f"This is {it}.".encode(), f"{it}.txt") for it in "abc"]
        cut = await silent(stage, room, ada, saying("the first", notes[0]))
        again = room.hears(ada, saying("again first", notes[1]))
        await cut.one()
        await stage.model.until(lambda it: len(it.requests) == 2 and it.open_streams == 1)
        (told,) = await ada.sends(saying("second", notes[2]))
        await again.one()
        message = told.finished.message
        assert message
        another = Regeneration(message=MessageRef(id=message.id))
        for _ in range(2):
            prompt = str(stage.asked[-1].messages)
            places = [prompt.index(f"This is {it}.") for it in "abc"]
            assert places == sorted(places)
            await ada.sends(ChatRequest(place=ada.direct, regeneration=another))

    async def test_what_was_answered_by_itself_is_remembered_by_itself(
        self, stage: Stage, room: Room, gate: Gate, tree: Tree
    ) -> None:
        first = room.hears(tree.who, tree.who.saying("first", tree.character, place=tree.here))
        gate.release(2)
        await first.words("One, ")
        second = room.hears(tree.who, tree.who.saying("second", tree.character, place=tree.here))
        await second.started()
        gate.open()
        tree.conversation_id = (await first.one()).conversation_id
        await second.one()
        assert await tree.awake() == [("first", "One, two."), ("second", "I hear.")]


@pytest.mark.parametrize("first", ["Luna", ""])
async def test_what_another_face_says_is_another_exchange(
    stage: Stage, room: Room, gate: Gate, place: Place, first: str
) -> None:
    """A member of a system, and the person themselves; whoever of them comes first."""
    ada, lilith = stage.person("Ada"), await stage.character("Lilith")

    def saying(text: str, member: str) -> ChatRequest:
        request = ada.saying(text, lilith, place=place)
        if member and request.utterance:
            request.utterance.proxy = Proxy(
                service="pluralkit", member_id="luna", member_name=member, verified=True
            )
        return request

    one = await silent(stage, room, ada, saying("first", first))
    other = room.hears(ada, saying("second", "" if first else "Luna"))
    await other.started()
    gate.open()
    assert [(await it.one()).how for it in (one, other)] == ["STOP", "STOP"]


@pytest.mark.parametrize("verified", ["first", "second"])
async def test_what_nobody_vouches_for_is_another_exchange(
    stage: Stage, room: Room, gate: Gate, place: Place, verified: str
) -> None:
    ada, lilith = stage.person("Ada"), await stage.character("Lilith")

    def saying(text: str) -> ChatRequest:
        request = ada.saying(text, lilith, place=place)
        if text != verified and request.utterance:
            request.utterance.proxy = Proxy(service="pluralkit", member_name="Luna")
        return request

    one = await silent(stage, room, ada, saying("first"))
    other = room.hears(ada, saying("second"))
    await other.started()
    gate.open()
    assert [(await it.one()).how for it in (one, other)] == ["STOP", "STOP"]


class TestWhoSpeaksFirst:
    async def test_a_word_that_was_told_cannot_be_taken_back(self) -> None:
        told, floor = list[Kind](), Floor(yields=True)
        async with floor.sought(told.append, None):
            floor.say(TextDelta("Hi"))
            assert not floor.supersede()
        assert (told, floor.stopped) == ([TextDelta("Hi")], "cancelled")

    async def test_who_is_superseded_says_nothing_any_more(self) -> None:
        told, floor = list[Kind](), Floor(yields=True)
        async with floor.sought(told.append, None):
            assert floor.supersede()
            floor.say(TextDelta("Hi"))
        assert (told, floor.spoken, floor.stopped) == ([], False, "superseded")

    async def test_what_is_no_answer_to_words_does_not_yield(self) -> None:
        assert not Floor(yields=False).supersede()
