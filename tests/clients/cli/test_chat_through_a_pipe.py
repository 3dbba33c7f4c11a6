"""`tzurot chat` through a pipe: lines in, replies and cited memories out."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.clients.cli.running import COMMAND, PATIENCE, environment, tzurot
from tests.clients.scripted_talk import (
    CONVERSATION,
    TZU,
    ScriptedTalk,
    ago,
    answered,
    cited,
    delta,
    failed,
    finished,
    identity,
    notice,
    started,
)
from tests.clients.stub_server import TOKEN, Refusal, StubServer
from tzurot.session.v1 import message_pb2, message_service_pb2, session_service_pb2


async def test_each_line_is_answered_and_cited_memories_are_printed_too(
    stub: StubServer, tmp_path: Path
) -> None:
    old = cited("My name is Ada and I keep bees.", when=ago(days=1))
    ScriptedTalk(
        stub, answered("Welcome, Ada."), answered("You keep bees.", old), greeting="Good evening."
    )
    said = "My name is Ada and I keep bees.\n\n   \nWhat do I keep?\n"
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said=said)

    assert ended.out.splitlines() == [
        "Welcome, Ada.",
        "You keep bees.",
        'remembers: "My name is Ada and I keep bees." (yesterday)',
    ]
    assert (ended.code, ended.err) == (0, "")
    asked = stub.requests("Chat")
    assert [request.utterance.text for request in asked] == [
        "My name is Ada and I keep bees.",
        "What do I keep?",
    ]
    assert asked[0].place == asked[1].place


async def test_every_chat_is_a_new_conversation(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub, answered("One."), answered("Two."))
    for _ in range(2):
        await tzurot("chat", home=tmp_path, address=stub.address, said="Hi\n")
    first, second = stub.requests("Chat")
    assert first.place.channel_id != second.place.channel_id


async def test_a_last_line_without_its_end_is_said_too(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub, answered("Hello."))
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="Hi")
    assert ended.out == "Hello.\n"


async def test_a_failed_turn_is_told_on_stderr_and_the_next_line_is_still_answered(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(
        stub, failed("PROVIDER_UNAVAILABLE", "openai cannot be reached or fails."), answered("Yes.")
    )
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="Hi\nBetter?\n")

    assert ended.out == "Yes.\n"
    assert ended.err == "openai cannot be reached or fails.\n"
    assert ended.code == 1


async def test_the_characters_own_words_on_a_failure_are_its_answer(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, failed("PROVIDER_UNAVAILABLE", "openai fails.", "*yawns*"))
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="Hi\n")
    assert (ended.out, ended.err, ended.code) == ("*yawns*\n", "openai fails.\n", 1)


async def test_a_greeting_is_chosen_by_its_number(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub, answered("Hello."), greeting="Good evening.")
    words = ("chat", "--greeting", "2")
    ended = await tzurot(*words, home=tmp_path, address=stub.address, said="Hi\n")
    assert ended.out == "Good evening.\nHello.\n"
    greeting, utterance = stub.requests("Chat")
    assert greeting.greeting.index == 2
    assert utterance.utterance.text == "Hi"
    assert greeting.place == utterance.place


async def test_a_failure_that_the_caller_can_mend_says_how_and_ends_with_two(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, failed("API_KEY_REJECTED", "openai refuses the API key.", provider="openai"))
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="Hi\n")

    assert ended.err == "openai refuses the API key: start the server with a key that it accepts.\n"
    assert ended.code == 2


async def test_a_line_that_the_server_refuses_does_not_end_the_talk(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, answered("Fine."))
    follow = stub.answers["Chat"]
    assert callable(follow)

    async def chat(request: session_service_pb2.ChatRequest):
        if request.utterance.text == "too long":
            raise Refusal("INVALID_ARGUMENT", "INVALID_FIELD", "utterance.text: is too long.")
        async for response in follow(request):
            yield response

    stub.answers["Chat"] = chat
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="too long\nshort\n")
    assert (ended.code, ended.out, ended.err) == (2, "Fine.\n", "utterance.text: is too long.\n")


async def test_notices_go_to_stderr_and_change_no_exit_code(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, answered("Hello.", notice("INDEX_UNAVAILABLE", "The index is away.")))
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="Hi\n")
    assert (ended.code, ended.out, ended.err) == (0, "Hello.\n", "note: The index is away.\n")


async def test_what_is_stored_is_printed_without_terminal_sequences_or_markup(
    stub: StubServer, tmp_path: Path
) -> None:
    text = "\x1b[31mRed\x1b[0m, [bold]plain[/bold] :smile:\nand a second line\x07."
    ScriptedTalk(stub, [started(), delta("Tzu: something else"), finished(text)])
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="Hi\n")
    assert ended.out == "Red, [bold]plain[/bold] :smile:\nand a second line.\n"


async def test_json_prints_one_document_with_the_turns(stub: StubServer, tmp_path: Path) -> None:
    talk = ScriptedTalk(
        stub, answered("Hello.", cited("I keep bees.")), failed("PROVIDER_TIMEOUT", "Too slow.")
    )
    said = "Hi\n/memories\n//me waves\n"
    ended = await tzurot("chat", "--json", home=tmp_path, address=stub.address, said=said)

    document = json.loads(ended.out)
    assert document["personality"]["id"] == TZU
    first, second = document["turns"]
    assert (first["said"], first["reply"]) == ("Hi", "Hello.")
    assert first["conversation_id"] == CONVERSATION
    assert first["memories"][0]["excerpt"] == "I keep bees."
    assert (second["turn_id"], second["said"]) == (talk.turns[1].id, "/me waves")
    assert second["finished"]["failure"]["reason"] == "ERROR_REASON_PROVIDER_TIMEOUT"
    assert ended.code == 1


async def test_quit_ends_a_pipe_too(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub, answered("Hello."))
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="Hi\n/quit\nNo.\n")
    assert (ended.code, ended.out) == (0, "Hello.\n")
    assert len(stub.requests("Chat")) == 1


async def test_a_server_that_goes_away_ends_the_talk_with_its_sentence(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub)

    async def gone(_: object):
        raise Refusal("UNAVAILABLE", "STORAGE_UNAVAILABLE", "The database cannot be reached.")
        yield

    stub.answers["Chat"] = gone
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said="One\nTwo\n")
    assert (ended.code, ended.err) == (1, "The database cannot be reached.\n")
    assert {request.utterance.text for request in stub.requests("Chat")} == {"One"}


async def test_a_reader_that_leaves_ends_it_quietly(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub, *(answered("Hello.") for _ in range(9)))
    reading, writing = os.pipe()
    env = environment(tmp_path, TZUROT_ADDRESS=stub.address, TZUROT_TOKEN=TOKEN)
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "chat", stdin=PIPE, stdout=writing, stderr=PIPE, env=env
    )
    os.close(writing)
    os.close(reading)
    async with asyncio.timeout(PATIENCE):
        _, err = await process.communicate(b"Hi\n" * 9)
    assert err == b""
    assert len(stub.requests("Chat")) < 9


async def test_bytes_that_are_no_utf_8_are_said_as_well_as_can_be(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, answered("Grüße."))
    env = environment(tmp_path, TZUROT_ADDRESS=stub.address, TZUROT_TOKEN=TOKEN)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tzurot_cli", "chat"), stdin=PIPE, stdout=PIPE, env=env
    )
    async with asyncio.timeout(PATIENCE):
        out, _ = await process.communicate(b"Gr\xfc\xdfe\n")
    assert out.decode() == "Grüße.\n"
    assert stub.requests("Chat")[0].utterance.text == "Gr��e"


def _last_reply(stub: StubServer) -> None:
    """Let the server know the reply of a talk, and one beside it."""
    said = {"author": message_pb2.AUTHOR_PERSONALITY, "alternative_count": 2}
    first = message_pb2.Message(id=identity("one"), text="Welcome.", chosen=True, **said)
    other = message_pb2.Message(id=identity("two"), text="Good evening.", **said)
    listed = session_service_pb2.ListMessagesResponse(messages=[first])
    beside = message_service_pb2.ListAlternativesResponse(messages=[first, other])
    chosen = message_service_pb2.ChooseMessageResponse(message=other)
    edited = message_service_pb2.EditMessageResponse(message=first)
    stub.answers["ListMessages"] = lambda _: listed
    stub.answers["ListAlternatives"] = lambda _: beside
    stub.answers["ChooseMessage"] = lambda _: chosen
    stub.answers["EditMessage"] = lambda _: edited


async def test_the_last_reply_is_given_again_and_goes_on(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub, answered("Welcome."), answered("Again."), answered("Welcome. And on."))
    _last_reply(stub)
    said = "Hi\n/regenerate\n/continue\n"
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said=said)

    assert ended.out.splitlines() == ["Welcome.", "Again.", "Welcome. And on."]
    assert (ended.code, ended.err) == (0, "")
    _, again, on = stub.requests("Chat")
    assert again.regeneration.message.id == identity("one")
    assert on.continuation.message.id == identity("one")


async def test_alternatives_are_listed_and_chosen_and_replies_edited(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, answered("Welcome."))
    _last_reply(stub)
    said = "Hi\n/alternatives\n/alternatives 2\n/alternatives 3\n/edit Hello.\n"
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said=said)

    assert ended.out.splitlines() == [
        "Welcome.",
        " 1. Welcome. (chosen)",
        " 2. Good evening.",
        "It goes on with: Good evening.",
        "Say /alternatives with a number of the list that /alternatives shows.",
        "It says now: Hello.",
    ]
    assert stub.requests("ChooseMessage")[0].message.id == identity("two")
    assert stub.requests("EditMessage")[0].text == "Hello."


async def test_characters_talk_with_each_other_and_chime_in(
    stub: StubServer, tmp_path: Path
) -> None:
    talk = ScriptedTalk(stub)
    talk.and_then(answered("Too dear.", by="Tzu"), answered("Pick them yourself.", by="Bambi"))
    talk.and_then(answered("I like the rain.", by="Tzu"))
    talk.and_then(answered("So do I.", by="Bambi"))
    said = "/scene tzu, bambi: mushrooms\n/chime-in\n/chime-in bambi\n/scene tzu: mushrooms\n"
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said=said)

    assert ended.out.splitlines() == [
        "Tzu: Too dear.",
        "Bambi: Pick them yourself.",
        "I like the rain.",
        "So do I.",
        "Say /scene with at least two names, and what about: /scene Ada, Bambi: mushrooms",
    ]
    talking, alone, other = stub.requests("Chat")
    assert (talking.scene.topic, len(talking.addressees)) == ("mushrooms", 2)
    assert (alone.WhichOneof("input"), len(alone.addressees)) == ("interjection", 1)
    assert other.WhichOneof("input") == "interjection"


async def test_before_a_reply_there_is_nothing_to_give_again(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub)
    said = "/regenerate\n/alternatives\n/edit Hello.\n"
    ended = await tzurot("chat", home=tmp_path, address=stub.address, said=said)
    assert ended.out.splitlines() == ["There is no reply yet: say something first."] * 3
    assert not stub.requests("Chat")
