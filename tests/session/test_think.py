"""Think, act, observe: rounds of the model and its skill, and replies without a model's habits."""

import json

import pytest

from tests.fakes.provider import Call, Ending, Reply, Request
from tests.session.models import answering, speaker
from tests.session.stage import Person, Stage, Told
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import SkillStepState

SEARCH = Call("memory_search", '{"query": "bees"}')


def steps(told: Told) -> list[str]:
    """What became of the skills that were called."""
    states = [event.skill_step.state for event in told.events if event.skill_step]
    return [SkillStepState(state).name or "" for state in states]


def results(request: Request) -> list[str]:
    """What the model was told that its skills found."""
    return [str(m["content"]) for m in request.messages if m["role"] == "tool"]


class TestSkill:
    async def test_the_model_calls_it_reads_what_it_found_and_answers(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script("How lovely!")
        told = await ada.asks("I keep bees.", lilith)
        await ada.resets(told.conversation_id)
        stage.model.script(Reply(calls=[SEARCH]), "You keep bees.")
        told = await ada.asks("Xyzzy?", lilith)

        assert told.text == told.streamed == "You keep bees."
        assert told.kinds == ["started", "skill_step", "skill_step", "text_delta", "finished"]
        assert steps(told) == ["REQUESTED", "SUCCEEDED"]
        second = stage.asked[-1].messages[-2:]
        assert second[0]["tool_calls"][0]["function"]["name"] == "memory_search"
        assert second[0]["tool_calls"][0]["id"] == second[1]["tool_call_id"]
        (found,) = results(stage.asked[-1])
        assert "I keep bees." in found
        (call,) = (await ada.trace(told.turn_id)).skill_calls
        assert (call.skill_name, call.arguments) == ("memory_search", SEARCH.arguments)
        assert call.succeeded

    async def test_it_finds_nothing_that_is_somebody_elses(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        await stage.person("Bob").asks("I keep bees.", lilith)
        stage.model.script(Reply(calls=[SEARCH]), "I don't know.")
        await ada.asks("Xyzzy?", lilith)
        assert results(stage.asked[-1]) == ["You remember nothing about that."]

    async def test_in_a_public_place_it_finds_nothing_that_was_said_in_direct(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        await ada.asks("I keep bees.", lilith)
        stage.model.script(Reply(calls=[SEARCH]), "I don't know.")
        await ada.asks("Xyzzy?", lilith, place=stage.channel())
        assert results(stage.asked[-1]) == ["You remember nothing about that."]

    @pytest.mark.parametrize(
        ("call", "answer"),
        [
            (Call("fly", "{}"), "There is no skill 'fly'."),
            (Call("memory_search", "{not json"), "The arguments are not JSON."),
            (Call("memory_search", '{"query": 1}'), "The arguments do not fit"),
            (Call("memory_search", '["bees"]'), "The arguments do not fit"),
            (Call("memory_search", ""), "The arguments do not fit"),
        ],
    )
    async def test_a_wrong_call_is_answered_and_the_turn_goes_on(
        self, stage: Stage, ada: Person, lilith: Personality, call: Call, answer: str
    ) -> None:
        stage.model.script(Reply(calls=[call]), "Never mind.")
        told = await ada.asks("Hi", lilith)
        assert told.text == "Never mind."
        assert steps(told) == ["REQUESTED", "FAILED"]
        (said,) = results(stage.asked[-1])
        assert said.startswith(answer)

    async def test_each_of_several_calls_gets_its_own_answer(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        calls = [Call("memory_search", '{"query": "bees"}', "a"), Call("fly", "{}", "b")]
        stage.model.script(Reply(calls=calls), "Done.")
        await ada.asks("Hi", lilith)
        answered = [m["tool_call_id"] for m in stage.asked[-1].messages if m["role"] == "tool"]
        assert answered == ["a", "b"]

    async def test_after_three_rounds_it_has_to_answer(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Reply(calls=[SEARCH]), Reply(calls=[SEARCH]), "Enough.")
        told = await ada.asks("Hi", lilith)
        assert told.text == "Enough."
        assert [bool(request.body.get("tools")) for request in stage.asked] == [True, True, False]

    async def test_one_that_calls_even_without_tools_says_nothing(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(*[Reply(calls=[SEARCH])] * 3)
        told = await ada.asks("Hi", lilith)
        assert (told.how, told.why) == ("FAILED", "PROVIDER_UNAVAILABLE")
        assert len(stage.asked) == 3

    async def test_what_was_said_before_a_call_is_part_of_the_reply(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Reply("Let me think.", calls=[SEARCH]), "I don't know.")
        told = await ada.asks("Hi", lilith)
        assert told.text == told.streamed == "Let me think.\n\nI don't know."
        assistant = [m for m in stage.asked[-1].messages if m["role"] == "assistant"]
        assert assistant[0]["content"] == "Let me think."

    async def test_a_model_that_cannot_call_skills_gets_none(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        await ada.asks("Hi", lilith)
        (tool,) = stage.asked[-1].body["tools"]
        assert json.loads(json.dumps(tool))["function"]["name"] == "memory_search"
        async with answering(stage, speaker(stage, supports_tools=False)) as simple:
            await simple.person("Ada").asks("Hi", lilith)
        assert "tools" not in stage.asked[-1].body

    async def test_the_tokens_of_all_rounds_are_counted(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Reply(calls=[SEARCH]), "two words")
        told = await ada.asks("Hi", lilith)
        usage = (await ada.turn(told.turn_id)).usage
        assert usage == told.finished.usage
        assert usage and usage.completion_token_count == 3  # a call counts as one


class TestCleaning:
    @pytest.mark.parametrize(
        ("chunks", "reply"),
        [
            (("Lilith: ", "Hello."), "Hello."),
            (("**Lili", "th:** Hel", "lo."), "Hello."),
            (("Hello.\n", "Ada: And you?\n", "Lilith: I am fine."), "Hello."),
            (("Hello.<|im", "_end|>\nmore"), "Hello."),
            (("\n\n  Hello.  \n",), "Hello."),
            (("Ada is nice: I like her.",), "Ada is nice: I like her."),
        ],
    )
    async def test_names_marks_and_invented_turns_reach_nobody(
        self, stage: Stage, ada: Person, lilith: Personality, chunks: tuple[str, ...], reply: str
    ) -> None:
        stage.model.script(Reply(*chunks))
        told = await ada.asks("Hi", lilith)
        assert told.text == reply
        assert told.streamed.strip() == reply
        assert (await stage.messages(told.conversation_id))[-1].text == reply
        (memory,) = await stage.memories(told.turn_id)
        assert memory.personality_text == reply

    async def test_at_an_invented_turn_the_provider_is_stopped(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Reply("Hello.\n", "Ada: ", "I ", ending=Ending.HANG))
        told = await ada.asks("Hi", lilith)
        assert (told.how, told.text) == ("STOP", "Hello.")
        await stage.model.until(lambda model: model.closed_early == 1)
        assert told.finished.usage and told.finished.usage.estimated

    async def test_everybody_who_speaks_in_the_channel_is_told_to_the_provider(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        meadow = stage.channel()
        await stage.person("Bob").asks("Hi", lilith, place=meadow)
        await ada.asks("Hi", lilith, place=meadow)
        assert {"\nAda:", "\nBob:"} < set(stage.asked[-1].body["stop"])

    async def test_thoughts_are_not_shown(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Reply("Hello.", reasoning=["She greets me."]))
        told = await ada.asks("Hi", lilith)
        assert told.streamed == told.text == "Hello."
        assert told.finished.usage and told.finished.usage.reasoning_token_count > 0

    @pytest.mark.parametrize(
        ("told", "ends"), [("length", "LENGTH"), ("content_filter", "FILTERED")]
    )
    async def test_a_reply_that_was_cut_says_so(
        self, stage: Stage, ada: Person, lilith: Personality, told: str, ends: str
    ) -> None:
        stage.model.script(Reply("Half a ", finish_reason=told))
        answer = await ada.asks("Hi", lilith)
        assert (answer.how, answer.text) == (ends, "Half a")

    async def test_signs_that_cannot_be_stored_are_left_out(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        call = Call("memory_search", '{"query": "\x00\ud83d"}')
        stage.model.script(Reply("Hel\x00lo \ud83d!", calls=[call]), "😀")
        told = await ada.asks("Hi", lilith)
        assert told.text == told.streamed == "Hello !\n\n😀"
        assert (await ada.trace(told.turn_id)).skill_calls[0].arguments == '{"query": ""}'
