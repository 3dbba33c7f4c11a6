"""Incognito: what is said hangs together while it lasts, and is nowhere when it is over."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.fakes.provider import Gate, Reply
from tests.session.bringing import takes_up
from tests.session.channeling import activates
from tests.session.following import Room
from tests.session.incognito.modes import stored, switch
from tests.session.stage import Person, Stage, until
from tests.session.test_attachments import brought, reason_of
from tests.session.test_forgetting import an_hour_passes, forgets
from tests.session.test_lines import caller, kept, overheard
from tests.session.test_lines import said as said_in
from tests.session.tree import Tree, shown
from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.session.channels.lines import Lines
from tzurot_client.gen.tzurot.account.v1 import GetMeRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    ChatRequest,
    DeleteConversationRequest,
    DeleteMessageRequest,
    GetMessageRequest,
    GetTurnTraceRequest,
    Place,
    Scene,
    Utterance,
)

Elsewhere = Callable[[Person], Person]


def prompt(stage: Stage) -> str:
    """All that the model was told last."""
    return "\n".join(str(message["content"]) for message in stage.asked[-1].messages)


async def test_the_talk_hangs_together_and_nothing_of_it_is_kept(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await ada.asks("I was born in Ulm.", lilith)
    await switch(ada, "incognito")
    stage.model.script("A xylophone, really?")
    first = await ada.asks("I play the xylophone.", lilith)
    assert first.text == "A xylophone, really?"
    assert [event.started.incognito for event in first.events if event.started] == [True]
    await ada.asks("What do I play?", lilith)
    lines = [str(message["content"]) for message in stage.asked[-1].messages]
    talk = ["I was born in Ulm.", "I play the xylophone.", "A xylophone, really?", "What do I play"]
    places = [next(n for n, line in enumerate(lines) if it in line) for it in talk]
    assert places == sorted(places), "as it was said"
    assert prompt(stage).count("I play the xylophone.") == 1
    assert await stored(stage, "xylophone") == []
    assert await stage.memories(first.turn_id) == []
    request = GetTurnTraceRequest(turn_id=first.turn_id)
    told = await ada.client.session.get_turn_trace(request)
    assert (told.trace, told.turn and told.turn.incognito) == (None, True)


async def test_when_it_ends_the_words_are_gone_at_once(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await switch(ada, "incognito")
    await ada.asks("The word is xylophone.", lilith)
    await switch(ada, "incognito", on=False)
    await ada.asks("What is the word?", lilith)
    assert "xylophone" not in prompt(stage)
    await switch(ada, "incognito")

    async def gone() -> bool:  # each server hears of it by itself
        await ada.asks("And now?", lilith)
        return "xylophone" not in prompt(stage)

    await until(gone)


async def test_a_while_ends_by_itself(stage: Stage, ada: Person, lilith: Personality) -> None:
    setting = await switch(ada, "incognito", lasts=timedelta(hours=1))
    assert setting.expire_time
    assert (await ada.asks("Psst.", lilith)).text
    await stage.execute("UPDATE settings SET expire_time = now() WHERE key = 'incognito'")
    told = await ada.asks("I keep bees.", lilith)
    assert [memory.person_text for memory in await stage.memories(told.turn_id)] == ["I keep bees."]
    assert "Psst." not in prompt(stage)


async def test_with_one_character_the_others_remember(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    mira = await stage.character("Mira")
    await switch(ada, "incognito", character=lilith)
    told = await ada.says("I keep bees.", lilith, mira)
    assert [len(await stage.memories(it.turn_id)) for it in told] == [0, 1]


@pytest.mark.parametrize("whole", [True, False])
async def test_what_was_attached_goes_with_the_one_copy_that_is_kept(
    stage: Stage, ada: Person, lilith: Personality, whole: bool
) -> None:
    mira = await stage.character("Mira")
    await switch(ada, "incognito", character=lilith)
    notes = await brought(ada, b"My zugzwang lays eggs.", "notes.txt")
    request = ada.saying("Read this.", mira, lilith)
    request.utterance = Utterance(text="Read this.", attachment_ids=[notes.id])
    stage.model.script("I see.", "I see.")
    with_mira, _ = await ada.sends(request)
    assert "attachments.content" in await stored(stage, "zugzwang")
    if whole:
        gone = DeleteConversationRequest(conversation_id=with_mira.conversation_id)
        await ada.client.history.delete_conversation(gone)
    else:
        await forgets(ada, character=mira)
    assert await stored(stage, "zugzwang") == []


async def test_what_shows_ones_own_words_is_known_to_nobody_but_can_be_let_go(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await switch(ada, "incognito")
    tree = Tree(stage, ada, lilith)
    await tree.says("The word is xylophone.", "I see.", shown_as="77")
    ref = shown(ada.direct, "77")
    asked = ada.client.message.get_message(GetMessageRequest(message=ref))
    assert await reason_of(asked) == "MESSAGE_NOT_FOUND"
    deleted = await ada.client.message.delete_message(DeleteMessageRequest(message=ref))
    assert deleted.deleted_message_count == 2
    await ada.asks("What is the word?", lilith)
    assert "xylophone" not in prompt(stage)


async def test_a_repeat_on_another_server_is_told_that_the_words_are_gone(
    stage: Stage, ada: Person, lilith: Personality, elsewhere: Elsewhere
) -> None:
    await switch(ada, "incognito")
    request = ada.saying("Psst.", lilith, request_id=str(uuid4()))
    (told,), asked = await ada.sends(request), len(stage.asked)
    (gone,) = await elsewhere(ada).sends(request)
    assert (gone.turn_id, gone.how, gone.why) == (told.turn_id, "INTERRUPTED", "MESSAGE_NOT_KEPT")
    assert (gone.text, gone.streamed) == ("", "")
    assert len(stage.asked) == asked
    (again,) = await ada.sends(request)
    assert again.text == told.text


async def test_who_follows_on_another_server_hears_no_word_but_the_end(
    stage: Stage, ada: Person, lilith: Personality, elsewhere: Elsewhere
) -> None:
    await switch(ada, "incognito")
    gate, room = Gate(), Room()
    stage.model.script(Reply("One ", "two.", gate=gate))
    here = room.hears(ada, ada.saying("Count!", lilith))
    gate.release(2)
    await here.words("One ")
    there = room.watches(elsewhere(ada), here.turn_id)
    gate.open()
    told = await there.one()
    assert (told.streamed, told.why) == ("", "MESSAGE_NOT_KEPT")
    assert (await here.one()).text == "One two."


async def test_a_kept_reply_is_not_given_again_nor_goes_on(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    tree = Tree(stage, ada, lilith)
    await tree.says("I keep bees.", "Lovely.")
    await switch(ada, "incognito")
    for goes_on in (False, True):
        request = tree.again(await tree.id_of("Lovely."), goes_on=goes_on)
        assert await reason_of(ada.sends(request)) == "INCOGNITO"
    assert await tree.path() == ["I keep bees.", "Lovely."]
    await switch(ada, "incognito", on=False)
    assert (await tree.regenerates("Lovely.", "Splendid.")).text == "Splendid."


class TestInAChannel:
    async def test_nobody_else_is_told_of_it(
        self, stage: Stage, ada: Person, lilith: Personality, meadow: Place
    ) -> None:
        mira, bob = await stage.character("Mira"), stage.person("Bob")
        await switch(ada, "incognito")
        await ada.asks("I play the xylophone.", lilith, place=meadow)
        for who in (lilith, mira):
            await bob.asks("What does Ada play?", who, place=meadow)
            assert "xylophone" not in prompt(stage)
        await ada.asks("And what did Bob ask?", lilith, place=meadow)
        assert "I play the xylophone." in prompt(stage)
        assert "What does Ada play?" in prompt(stage)

    async def test_characters_hear_each_other(
        self, stage: Stage, ada: Person, lilith: Personality, meadow: Place
    ) -> None:
        mira = await stage.character("Mira")
        await switch(ada, "incognito")
        stage.model.script("I am Lilith and hum.", "I am Mira and buzz.", "Hum, you say?")
        addressees = ada.saying("", lilith, mira).addressees
        scene = ChatRequest(place=meadow, scene=Scene(reply_limit=3), addressees=addressees)
        assert [it.by for it in await ada.sends(scene)] == ["Lilith", "Mira", "Lilith"]
        assert "I am Mira and buzz." in prompt(stage)
        assert "I am Lilith and hum." in str(stage.asked[-2].messages)
        assert await stored(stage, "and buzz") == []

    async def test_what_was_said_to_one_another_one_knows(
        self, stage: Stage, ada: Person, lilith: Personality, meadow: Place
    ) -> None:
        mira = await stage.character("Mira")
        await switch(ada, "incognito")
        await ada.asks("I play the xylophone.", lilith, place=meadow)
        await ada.asks("What did I say to Lilith?", mira, place=meadow)
        assert "I play the xylophone." in prompt(stage)

    async def test_what_is_said_in_passing_is_not_kept(
        self, stage: Stage, ada: Person, lilith: Personality, meadow: Place
    ) -> None:
        bob = stage.person("Bob")
        await activates(ada, meadow, lilith)
        lines, me = Lines(stage.server.parts.database), await caller(ada)
        await bob.client.account.get_me(GetMeRequest())  # he is known
        heard = [
            overheard("Ada hums.", author_subject=ada.subject),
            overheard("Bob buzzes.", author_subject=bob.subject),
        ]
        for character in (lilith, None):
            await switch(ada, "incognito", character=character)
            assert await lines.record(me, said_in(meadow), heard) == (1 if character else 0)
            assert await kept(stage, meadow) == ["Bob buzzes."]
            await switch(ada, "incognito", on=None, character=character)
        await switch(ada, "incognito")
        await switch(ada, "incognito", on=False, character=lilith)
        assert await lines.record(me, said_in(meadow), heard) == 1
        assert await kept(stage, meadow) == ["Bob buzzes.", "Ada hums."]


async def test_lore_and_variables_go_on_while_it_lasts_and_are_not_kept(
    stage: Stage, ada: Person
) -> None:
    counting = "{{incvar::told}}Told {{getvar::told}} times: {{lastMessage}}"
    luna = await stage.character("Luna", description=counting)
    extensions = {"sticky": 3, "scan_depth": 1}
    sticky = LoreEntry(("harbor",), "A lighthouse stands there.", extensions=extensions)
    await takes_up(stage, luna, Lorebook((sticky,)))
    await ada.asks("Hello.", luna)
    before = await stage.rows(
        "SELECT variables, timings FROM conversations ORDER BY id DESC LIMIT 1"
    )
    await switch(ada, "incognito")
    await ada.asks("The harbor, and a xylophone.", luna)
    assert "Told 2 times" in prompt(stage)
    await ada.asks("What stands there?", luna)
    assert "Told 3 times" in prompt(stage)
    assert "A lighthouse stands there." in prompt(stage), "it sticks"
    after = await stage.rows(
        "SELECT variables, timings FROM conversations ORDER BY id DESC LIMIT 1"
    )
    assert after == before
    assert await stored(stage, "xylophone") == []
    await switch(ada, "incognito", on=False)
    await ada.asks("Hello again.", luna)
    assert "Told 2 times" in prompt(stage)


async def test_a_reset_ends_what_is_held(stage: Stage, ada: Person, lilith: Personality) -> None:
    await switch(ada, "incognito")
    told = await ada.asks("I play the xylophone.", lilith)
    await ada.resets(told.conversation_id)
    await ada.asks("What do I play?", lilith)
    assert "xylophone" not in prompt(stage)


@pytest.mark.parametrize("on", [True, False])
async def test_who_goes_on_speaking_is_answered_to_all_of_it(
    stage: Stage, ada: Person, lilith: Personality, on: bool
) -> None:
    await switch(ada, "incognito", on=on)
    gate, room = Gate(), Room()
    stage.model.script(Reply("Never.", gate=gate), "Both.")
    first = room.hears(ada, ada.saying("I play", lilith))
    await stage.model.until(lambda model: model.open_streams == 1)
    second = await ada.asks("the xylophone.", lilith)
    assert (await first.one()).how == "SUPERSEDED"
    assert second.text == "Both."
    assert "I play" in prompt(stage)
    assert bool(await stored(stage, "the xylophone.")) is not on
    gate.open()
    await an_hour_passes(stage, ada)
