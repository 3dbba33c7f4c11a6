"""Who fronts at PluralKit speaks where nothing is proxied, for people who want that."""

from typing import Any

import pytest

from tests.fakes.pluralkit import member_of
from tests.session.stage import Person, Stage
from tests.session.test_members import ASKS, BEES, brings, forgotten, names, proxied
from tzurot.account import fronting
from tzurot.formats.found import Face
from tzurot_client.gen.tzurot.account.v1 import SetFrontRequest
from tzurot_client.gen.tzurot.memory.v1 import SearchMemoriesRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import SetPersonSettingRequest, SettingValue

_UUID = "0a54e2a3-7f63-4c4b-bb5f-4f0e1cf7a9d1"


@pytest.fixture
async def ada(stage: Stage) -> Person:
    """Somebody of Discord who follows who fronts."""
    ada = stage.person("Ada", "discord")
    await decides(ada, "front_followed")
    return ada


async def decides(person: Person, key: str, on: bool = True) -> None:
    request = SetPersonSettingRequest(key=key, value=SettingValue(flag=on))
    await person.client.setting.set_person_setting(request)


def account(person: Person) -> str:
    return person.subject.partition(":")[2]


def fronts(stage: Stage, person: Person, *members: Any) -> None:
    """From now on these are told to front."""
    told = [member_of(it) if isinstance(it, str) else it for it in members]
    stage.kit.fronts[account(person)] = told


def times_asked(stage: Stage, person: Person) -> int:
    return stage.kit.asked_about.count(account(person))


async def test_who_fronts_first_speaks_and_is_remembered(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    fronts(stage, ada, "Luna", "Sol")
    stage.model.script("Bees!", "Hm.")
    assert names(await ada.asks(BEES, lilith)) == ["Luna"]
    await forgotten(stage, ada)
    told = await ada.asks(ASKS, lilith)
    assert (names(told), told.cited) == (["Luna"], [BEES])
    assert "What you remember Luna saying" in str(stage.asked[-1].messages)
    kept = await stage.rows(
        "SELECT p.origin, m.person_name FROM memories m JOIN personas p ON p.id = m.persona_id "
        "WHERE m.personality_id = :lilith",
        lilith=lilith.id,
    )
    assert set(map(tuple, kept)) == {("pluralkit:luna", "Luna")}


async def test_for_a_minute_it_is_asked_once(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    fronts(stage, ada, "Luna")
    stage.model.script("Hello.", "Hello.")
    assert names(await ada.asks("Hi.", lilith)) == ["Luna"]
    fronts(stage, ada, "Sol")
    assert names(await ada.asks("Hi.", lilith)) == ["Luna"]
    assert times_asked(stage, ada) == 1


async def test_after_that_it_is_asked_again(
    stage: Stage, ada: Person, lilith: Personality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fronting, "KEPT_SECONDS", 0.0)
    fronts(stage, ada, "Luna")
    stage.model.script("Hello.", "Hello.")
    assert names(await ada.asks("Hi.", lilith)) == ["Luna"]
    fronts(stage, ada, "Sol")
    assert names(await ada.asks("Hi.", lilith)) == ["Sol"]


async def test_who_does_not_want_it_is_not_asked_about(stage: Stage, lilith: Personality) -> None:
    bob = stage.person("Bob", "discord")
    fronts(stage, bob, "Luna")
    stage.model.script("Hello.", "Hello.", "Hello.")
    assert names(await bob.asks("Hi.", lilith)) == [""]
    await decides(bob, "front_followed")
    assert names(await bob.asks("Hi.", lilith)) == ["Luna"]
    await decides(bob, "front_followed", on=False)
    assert names(await bob.asks("Hi.", lilith)) == [""]
    assert times_asked(stage, bob) == 1


async def test_whoever_is_put_in_front_or_named_comes_first(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    fronts(stage, ada, "Luna")
    stage.model.script("Hello.", "Hello.", "Hello.")
    assert names(await proxied(ada, "Hi.", lilith, "Sol")) == ["Sol"]
    assert names(await proxied(ada, "Hi.", lilith, "Mars", verified=False)) == [""]
    star = (await brings(stage, ada, Face(name="Star")))[-1]
    await ada.client.account.set_front(SetFrontRequest(persona_id=str(star)))
    assert names(await ada.asks("Hi.", lilith)) == ["Star"]
    assert times_asked(stage, ada) == 0


async def test_elsewhere_than_on_discord_nobody_is_asked_about(
    stage: Stage, lilith: Personality
) -> None:
    bob = stage.person("Bob")
    await decides(bob, "front_followed")
    fronts(stage, bob, "Luna")
    stage.model.script("Hello.")
    assert names(await bob.asks("Hi.", lilith)) == [""]
    assert times_asked(stage, bob) == 0


@pytest.mark.parametrize("told", ["nobody", "hidden", "no system", "broken", "nonsense"])
async def test_without_an_answer_it_is_whoever_usually_speaks(
    stage: Stage, ada: Person, lilith: Personality, told: str
) -> None:
    if told == "nobody":
        fronts(stage, ada)
    elif told == "hidden":
        stage.kit.fronts[account(ada)] = None
    elif told == "nonsense":
        fronts(stage, ada, {"id": None})
    stage.kit.failing = 500 if told == "broken" else None
    stage.model.script("Hello.")
    try:
        told_turn = await ada.asks("Hi.", lilith)
    finally:
        stage.kit.failing = None
    assert (names(told_turn), told_turn.text) == ([""], "Hello.")
    assert times_asked(stage, ada) == 1


async def test_a_slow_answer_is_not_waited_for(
    stage: Stage, ada: Person, lilith: Personality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fronting, "SECONDS", 0.05)
    stage.kit.going_on.clear()
    fronts(stage, ada, "Luna")
    stage.model.script("Hello.")
    try:
        told = await ada.asks("Hi.", lilith)
    finally:
        stage.kit.going_on.set()
    assert (names(told), told.text) == ([""], "Hello.")


@pytest.mark.parametrize("known_by", ["luna", _UUID])
async def test_a_member_who_moved_in_is_known_by_either_id(
    stage: Stage, ada: Person, lilith: Personality, known_by: str
) -> None:
    await brings(stage, ada, Face(name="Luna Lovelace", origin=f"pluralkit:{known_by}"))
    fronts(stage, ada, member_of("Luna") | {"uuid": _UUID})
    stage.model.script("Hello.")
    assert names(await ada.asks("Hi.", lilith)) == ["Luna Lovelace"]


async def test_a_name_that_is_hidden_is_not_used(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    fronts(stage, ada, member_of("Luna") | {"name": None})
    stage.model.script("Hello.")
    assert names(await ada.asks("Hi.", lilith)) == ["luna"], "its id is open to everybody"


async def test_commands_about_memories_are_the_fronters_too(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    stage.model.script("Bees!")
    fronts(stage, ada, "Luna")
    await ada.asks(BEES, lilith)
    search = SearchMemoriesRequest(personality_id=lilith.id, query="bees")
    assert len((await ada.client.memory.search_memories(search)).hits) == 1
    await decides(ada, "front_followed", on=False)
    assert (await ada.client.memory.search_memories(search)).hits == []
