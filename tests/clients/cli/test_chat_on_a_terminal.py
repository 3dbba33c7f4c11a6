"""`tzurot chat` on a terminal: greeting, spinner, streamed replies, dim lines, slash commands."""

import re
from pathlib import Path

from tests.clients.cli.running import terminal
from tests.clients.scripted_talk import (
    ADVICE,
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
from tests.clients.stub_server import StubServer
from tzurot.memory.v1 import memory_pb2, memory_service_pb2
from tzurot.session.v1 import (
    conversation_pb2,
    place_pb2,
    session_service_pb2,
    turn_pb2,
)

DIM, BOLD = "\x1b[2m", "\x1b[1m"
SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
CTRL_C, CTRL_D = "\x03", "\x04"


def plain(shown: str) -> str:
    return SEQUENCE.sub("", shown).replace("\r", "")


def words(shown: str) -> str:
    return " ".join(plain(shown).split())


def remembers(stub: StubServer, *texts: str) -> None:
    memories = [
        memory_pb2.Memory(
            id=identity(text),
            utterances=[memory_pb2.RememberedUtterance(text=text)],
            occur_time=ago(days=days),
        )
        for days, text in enumerate(texts)
    ]
    stub.answers["ListMemories"] = lambda _: memory_service_pb2.ListMemoriesResponse(
        memories=memories
    )


async def test_the_character_greets_and_the_screen_says_once_who_speaks(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, answered("Hello Ada."), greeting="The lamps are lit.")
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        before = await screen.see("The lamps are lit.")
        await screen.see("you:")
        screen.type("Hi, I am Ada.\n")
        await screen.see("Hello Ada.")
        await screen.see("you:")
        screen.type("/quit\n")
        assert await screen.ended() == 0

    assert f"Tzu speaks through smollm2, bundled with Tzurot. {ADVICE}" in words(before)
    assert words(screen.shown).count(ADVICE) == 1
    greeting, utterance = stub.requests("Chat")
    assert greeting.WhichOneof("input") == "greeting"
    assert utterance.utterance.text == "Hi, I am Ada."
    assert greeting.place == utterance.place
    assert utterance.place.platform == "terminal"
    assert [ref.id for ref in utterance.addressees] == [TZU]


async def test_a_failure_is_told_in_the_characters_words_and_dim_below_in_ours(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, failed("PROVIDER_UNAVAILABLE", "openai fails.", "*yawns* Not now."))
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Hi\n")
        shown = await screen.see("(openai fails.)")
    assert "Tzu: *yawns* Not now.\n(openai fails.)" in plain(shown)
    assert f"{DIM}(openai fails.)" in shown


async def test_a_cited_memory_is_one_dim_line_under_the_reply(
    stub: StubServer, tmp_path: Path
) -> None:
    bees = cited("My name is Ada and I keep bees.", score=0.5)
    best = cited("I have three hives.", score=0.8, when=ago(days=1))
    long = cited("A third memory that is long enough not to fit beside the others.", score=0.1)
    ScriptedTalk(stub, answered("You keep bees.", bees, best, long))
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("What do I keep?\n")
        await screen.see("bees.")
        shown = await screen.see("you:")

    assert f'{DIM}remembers: "I have three hives." (yesterday) · 2 more' in shown
    assert shown.count("remembers:") == 1


async def test_a_spinner_turns_until_the_first_word(stub: StubServer, tmp_path: Path) -> None:
    talk = ScriptedTalk(stub, answered("At last."))
    talk.gate = 2
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Think.\n")
        for frame in "⠋⠙⠹":
            await screen.see(frame)
        talk.turns[0].go_on.set()
        await screen.see("At last.")


async def test_words_are_shown_while_the_reply_still_comes_in(
    stub: StubServer, tmp_path: Path
) -> None:
    talk = ScriptedTalk(stub, answered("one two three four"))
    talk.gate = 4
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Count.\n")
        await screen.see("one")
        talk.turns[0].go_on.set()
        await screen.see("four")


async def test_ctrl_c_stops_the_reply_and_at_the_prompt_the_talk(
    stub: StubServer, tmp_path: Path
) -> None:
    talk = ScriptedTalk(stub, answered("one two three four"))
    talk.gate = 4
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Count.\n")
        await screen.see("one")
        screen.type(CTRL_C)
        await screen.see("(stopped)")
        await screen.see("you:")
        assert await screen.interrupted() == 0

    assert [request.turn_id for request in stub.requests("CancelTurn")] == [talk.turns[0].id]
    assert "four" not in screen.shown
    assert "Traceback" not in screen.shown


async def test_ctrl_d_ends_the_talk(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub)
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type(CTRL_D)
        assert await screen.ended() == 0
    assert stub.requests("Chat") == []


async def test_the_stored_reply_is_shown_where_it_differs_from_what_streamed(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub, [started(), delta("Tzu: Hello."), finished("Good evening.")])
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Hi\n")
        await screen.see("Good evening.")


async def test_a_reply_that_is_stored_without_its_end_is_not_shown_twice(
    stub: StubServer, tmp_path: Path
) -> None:
    streamed = [started(), delta("The tide is low. And the boats")]
    ScriptedTalk(stub, [*streamed, finished("The tide is low.", "LENGTH")])
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Hi\n")
        await screen.see("(the reply reached the model's limit)")
        await screen.see("(not kept: And the boats)")
        await screen.see("you:")
    assert screen.shown.count("The tide is low.") == 1


async def test_what_a_model_says_never_steers_the_terminal(
    stub: StubServer, tmp_path: Path
) -> None:
    nasty = "a\x1b]0;owned\x07b \x1b[2Jc [red]d[/red] \x9b31me\x08"
    pieces = [delta(nasty[at : at + 3]) for at in range(0, len(nasty), 3)]
    ScriptedTalk(stub, [started(), *pieces, finished(nasty)])
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Hi\n")
        await screen.see("Tzu:")
        shown = await screen.see("you:")

    assert "ab c [red]d[/red] e" in plain(shown)
    for forbidden in ("\x1b]", "\x07", "\x1b[2J", "\x9b", "\x08"):
        assert forbidden not in shown


async def test_a_failed_turn_and_a_notice_are_told_and_the_talk_goes_on(
    stub: StubServer, tmp_path: Path
) -> None:
    away = notice("INDEX_UNAVAILABLE", "The search index cannot be reached.")
    ScriptedTalk(
        stub,
        failed("PROVIDER_UNAVAILABLE", "smollm2 cannot be reached or fails."),
        answered("There you are.", away),
    )
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Hi\n")
        await screen.see("smollm2 cannot be reached or fails.")
        await screen.see("you:")
        screen.type("Hi again\n")
        await screen.see("There you are.")
        await screen.see(f"{DIM}note: The search index cannot be reached.")


async def test_forget_shows_numbered_memories_and_deletes_the_chosen_one(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub)
    remembers(stub, "I keep bees.", "I have three hives.")
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("/forget 2\n")
        await screen.see("No memory was shown with the number 2")
        screen.type("/forget\n")
        await screen.see('1. "I keep bees." (today)')
        await screen.see('2. "I have three hives." (yesterday)')
        screen.type("/forget 2\n")
        await screen.see('Forgotten: "I have three hives."')

    deleted = stub.requests("DeleteMemory")
    assert [request.memory_id for request in deleted] == [identity("I have three hives.")]


async def test_memories_marks_those_of_the_last_prompt(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub, answered("You keep bees.", cited("I keep bees.")))
    remembers(stub, "I have three hives.", "I keep bees.")
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("What do I keep?\n")
        await screen.see("remembers:")
        screen.type("/memories\n")
        await screen.see('2. "I keep bees." (yesterday) (in the last prompt)')
    assert 'hives." (today) (in' not in screen.shown


async def test_inspect_shows_the_trace_of_the_last_turn(stub: StubServer, tmp_path: Path) -> None:
    talk = ScriptedTalk(stub, answered("Hello."))
    step = turn_pb2.TraceStep(name="recall", outcome="nothing to recall")
    stub.answers["GetTurnTrace"] = lambda request: session_service_pb2.GetTurnTraceResponse(
        turn=turn_pb2.Turn(id=request.turn_id), trace=turn_pb2.TurnTrace(steps=[step])
    )
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("/inspect\n")
        await screen.see("There is no turn yet")
        screen.type("Hi\n")
        await screen.see("Hello.")
        screen.type("/inspect\n")
        await screen.see(talk.turns[0].id)
        await screen.see("nothing to recall")


async def test_help_names_every_command_and_an_unknown_one_gets_a_hint(
    stub: StubServer, tmp_path: Path
) -> None:
    ScriptedTalk(stub)
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("/help\n")
        for command in ("/memories", "/forget", "/inspect", "/quit"):
            await screen.see(command)
        screen.type("/forgt\n")
        await screen.see("There is no /forgt: /help shows what there is.")
    assert stub.requests("Chat") == []


async def test_a_resumed_conversation_is_not_greeted(stub: StubServer, tmp_path: Path) -> None:
    ScriptedTalk(stub, answered("Where were we?"), greeting="The lamps are lit.")
    place = place_pb2.Place(platform="terminal", channel_id="the-last-one", venue=1)
    stub.answers["ListConversations"] = lambda _: session_service_pb2.ListConversationsResponse(
        conversations=[conversation_pb2.Conversation(place=place)]
    )
    async with terminal("chat", "--resume", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("I am back.\n")
        await screen.see("Where were we?")

    assert "The lamps are lit." not in screen.shown
    assert [request.place for request in stub.requests("Chat")] == [place]
    asked = stub.requests("ListConversations")[0]
    assert (asked.personality_id, asked.platform) == (TZU, "terminal")


async def test_keys_typed_during_a_reply_wait_for_the_next_prompt(
    stub: StubServer, tmp_path: Path
) -> None:
    talk = ScriptedTalk(stub, answered("one two three"), answered("Good night."))
    talk.gate = 4  # the last word before it is held back
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("Count.\n")
        await screen.see("⠋")
        screen.type("good night\n")
        for turn in talk.turns:
            turn.go_on.set()
        reply = await screen.see("three")
        talk.gate = None
        await screen.see("Good night.")

    assert "good night" not in reply
    assert [request.utterance.text for request in stub.requests("Chat")] == ["Count.", "good night"]


async def test_in_a_scene_each_one_is_shown_by_name_and_ctrl_c_stops_the_one_that_speaks(
    stub: StubServer, tmp_path: Path
) -> None:
    talk = ScriptedTalk(stub)
    talk.and_then(answered("Too dear.", by="Tzu"), answered("Pick them yourself.", by="Bambi"))
    async with terminal("chat", home=tmp_path, address=stub.address) as screen:
        await screen.see("you:")
        screen.type("/scene tzu, bambi: mushrooms\n")
        await screen.see("Pick them yourself.")
        await screen.see("you:")
        talk.gate = 4  # the last word before it is held back
        talk.and_then(answered("Once upon a time.", by="Bambi"))
        screen.type("/chime-in bambi\n")
        await screen.see("Once")
        screen.type(CTRL_C)
        await screen.see("(stopped)")
        screen.type("/quit\n")
        assert await screen.ended() == 0

    shown = words(screen.shown)
    assert "Tzu: Too dear." in shown
    assert "Bambi: Pick them yourself." in shown
    assert "Bambi: Once" in shown
    assert [it.turn_id for it in stub.requests("CancelTurn")] == [talk.turns[-1].id]
