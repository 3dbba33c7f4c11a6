"""What a model thinks: how much it is told to, who may read it, and that it is no answer."""

from tests.fakes.provider import Call, Reply
from tests.session.models import answering, speaker
from tests.session.stage import Person, Stage, ref
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import SetPersonSettingRequest, SettingValue

SEARCH = Call("memory_search", '{"query": "bees"}')


async def puts(person: Person, key: str, value: SettingValue, who: Personality) -> None:
    request = SetPersonSettingRequest(key=key, value=value, personality=ref(who))
    await person.client.setting.set_person_setting(request)


async def test_a_model_is_told_what_counts_and_not_to_think_if_it_does_nothing_else(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    stage.model.script("Hello.", "Hello.", "<think>She greets me, and so", "Hello.")
    async with answering(stage, speaker(stage, model="gpt-5.2")) as told:
        here = told.person("Ada")
        for level in ("high", "off", "auto"):
            await puts(here, "reasoning", SettingValue(choice=level), lilith)
            assert (await here.asks("Hi", lilith)).text == "Hello."
    efforts = [it.body.get("reasoning_effort") for it in stage.asked[-4:]]
    assert efforts == ["high", "none", None, "none"]


async def test_thoughts_between_tags_are_neither_told_nor_stored(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    stage.model.script(Reply("<thi", "nk>She greets me.</thi", "nk>\n\nHello, ", "Ada."))
    told = await ada.asks("Hi", lilith)
    assert told.text == told.streamed == "Hello, Ada."
    (memory,) = await stage.memories(told.turn_id)
    assert memory.personality_text == "Hello, Ada."
    assert (await ada.trace(told.turn_id)).reasoning == ""


async def test_thoughts_are_kept_for_who_wants_them_wherever_they_came(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await puts(ada, "reasoning_shown", SettingValue(flag=True), lilith)
    stage.model.script(Reply("<think>She smiles.</think>Hello.", reasoning=["She greets me. "]))
    told = await ada.asks("Hi", lilith)
    assert told.text == told.streamed == "Hello."
    assert (await ada.trace(told.turn_id)).reasoning == "She greets me. She smiles."


async def test_thoughts_about_a_hidden_definition_are_hidden(stage: Stage, ada: Person) -> None:
    nyx = await stage.character("Nyx", definition_visible=False)
    await puts(ada, "reasoning_shown", SettingValue(flag=True), nyx)
    stage.model.script(Reply("Hello.", reasoning=["I am told to be Nyx."]))
    told = await ada.asks("Hi", nyx)
    assert (await ada.trace(told.turn_id)).reasoning == ""


async def test_who_only_thinks_says_nothing(stage: Stage, ada: Person, lilith: Personality) -> None:
    stage.model.script(*["<think>She greets me, and so"] * 2)
    told = await ada.asks("Hi", lilith)
    assert (told.how, told.why, told.streamed) == ("FAILED", "PROVIDER_UNAVAILABLE", "")
    assert len(stage.asked) == 2


async def test_what_is_cut_is_in_the_trace(stage: Stage, ada: Person, lilith: Personality) -> None:
    said = "I keep bees in the garden behind the house, and they are well."
    stage.model.script(Reply(f"{said}\n\n", "Lilith: How lovely.<|im_", "end|>"))
    told = await ada.asks(said, lilith)
    assert told.text == "How lovely."
    cuts = (await ada.trace(told.turn_id)).cut_texts
    assert [it.text for it in cuts] == [said, "Lilith:", "<|im_end|>"]
    assert cuts[0].reason == "what was said to the character, word by word"


async def test_thoughts_before_a_call_go_back_with_its_answer(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    thoughts = Reply(
        reasoning=["I ", "search."], reasoning_field="reasoning_content", calls=[SEARCH]
    )
    stage.model.script(thoughts, "I don't know.")
    await ada.asks("Hi", lilith)
    (asked,) = [it for it in stage.asked[-1].messages if it["role"] == "assistant"]
    assert asked["reasoning_content"] == "I search."
    assert "reasoning_content" not in str(stage.asked[-2].messages)
