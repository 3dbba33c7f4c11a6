"""What somebody said in a channel and is so no more is not told to others there as if it were."""

import pytest

from tests.session.learning.classroom import Class, fact
from tests.session.stage import Person, Stage
from tests.session.test_place_memories import told_of
from tzurot_client.gen.tzurot.session.v1 import Place, SetPersonSettingRequest, SettingValue

BERLIN, OSLO = "I live in Berlin by the river.", "I live in Oslo now by the sea."
ASKS = "Where does Ada live?"


@pytest.fixture
async def room(stage: Stage) -> Class:
    return Class(stage, stage.person("Ada"), await stage.character("Mira"))


@pytest.fixture
async def bo(stage: Stage) -> Person:
    bo = stage.person("Bo")
    request = SetPersonSettingRequest(key="history_limit", value=SettingValue(whole=0))
    await bo.client.setting.set_person_setting(request)
    return bo


async def moves(room: Class, before: Place, after: Place) -> None:
    """Ada tells where she lives, and then that it is elsewhere."""
    room.finds(fact("Ada lives in Berlin.", 1))
    await learns(room, BERLIN, before)
    room.finds(fact("Ada lives in Oslo.", 1, supersedes=1))
    await learns(room, OSLO, after)
    assert await room.texts() == ["Ada lives in Oslo."]


async def learns(room: Class, said: str, place: Place) -> None:
    await room.says(said, place=place)
    await room.goes_by(hours=2)
    await room.learns()
    await room.stage.indexed()


async def prompt_for(room: Class, bo: Person, place: Place) -> str:
    room.stage.model.script("Hm.")
    await bo.asks(ASKS, room.mira, place=place)
    return str([it["content"] for it in room.stage.asked[-1].messages])


async def test_what_was_said_there_stands_beside_it(room: Class, bo: Person) -> None:
    meadow = room.stage.channel()
    await moves(room, meadow, meadow)
    prompt = await prompt_for(room, bo, meadow)
    assert prompt.index(OSLO) < prompt.index(BERLIN)
    line = next(it for it in prompt.split("\\n") if BERLIN in it)
    assert '"Ada lives in Oslo."' in line.partition("No longer so since")[2]
    assert "What you know of" not in prompt, "nobody's facts are told to others"


@pytest.mark.parametrize("elsewhere", ["direct", "another channel"])
async def test_what_was_said_elsewhere_is_not_told_nor_is_what_was_so_before(
    room: Class, bo: Person, elsewhere: str
) -> None:
    meadow = room.stage.channel()
    place = room.ada.direct if elsewhere == "direct" else room.stage.channel()
    await moves(room, meadow, place)
    prompt = await prompt_for(room, bo, meadow)
    assert "Berlin" not in prompt
    assert "Oslo" not in prompt


async def test_what_somebody_played_is_told_as_that(room: Class, bo: Person) -> None:
    meadow, played = room.stage.channel(), "*bows deeply* I live in the castle of Ada."
    room.finds(fact("Ada lives in a castle.", 1, fictional=True))
    await learns(room, played, meadow)
    prompt = await prompt_for(room, bo, meadow)
    line = next(it for it in prompt.split("\\n") if "castle" in it)
    assert "this was played in a story" in line


async def test_nothing_that_came_up_of_others_is_learnt_of_who_asks(
    room: Class, bo: Person
) -> None:
    meadow = room.stage.channel()
    room.stage.model.script("I see.", "In Berlin.")
    await room.ada.asks(BERLIN, room.mira, place=meadow)
    await room.stage.indexed()
    told = await bo.asks(ASKS, room.mira, place=meadow)
    assert told_of(told) == [("Ada", BERLIN)]
    his = Class(room.stage, bo, room.mira)
    his.finds(fact("Bo lives in Berlin by the river.", 1, entity="Bo"))
    await his.goes_by(hours=2)
    await his.learns()
    assert await his.texts() == []
