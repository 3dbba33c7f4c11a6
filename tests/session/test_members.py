"""Members of a system: what each says is remembered for itself, if it is known to be theirs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from tests.session.stage import Person, Stage
from tzurot.account import personas
from tzurot.formats.found import Face
from tzurot_client import NotFound
from tzurot_client.gen.tzurot.account.v1 import GetMeRequest, SetFrontRequest
from tzurot_client.gen.tzurot.memory.v1 import (
    ListMemoriesRequest,
    Memory,
    SearchMemoriesRequest,
)
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    ChatRequest,
    MessageRef,
    Proxy,
    Regeneration,
    SetPersonSettingRequest,
    SettingValue,
)

BEES, SNAKES = "I keep bees in my garden.", "I keep snakes in my garden."
ASKS = "What do I keep in my garden?"


async def proxied(person: Person, words: str, who: Personality, member: str, **fields: Any) -> Any:
    """A service says something in the name of a member."""
    request = person.saying(words, who, place=fields.get("place"))
    assert request.utterance
    request.utterance.speaker_name = member
    request.utterance.proxy = Proxy(
        service=fields.get("service", "pluralkit"),
        member_id=fields.get("member_id", member.lower()),
        member_name=member,
        system_id="exmpl",
        verified=fields.get("verified", True),
    )
    (told,) = await person.sends(request)
    return told


async def test_each_member_is_remembered_for_itself(stage: Stage, lilith: Personality) -> None:
    ada = stage.person()
    stage.model.script("Bees!", "Snakes!", "Hm.", "Hm.")
    await proxied(ada, BEES, lilith, "Luna")
    await proxied(ada, SNAKES, lilith, "Sol")
    await forgotten(stage, ada)
    luna = await proxied(ada, ASKS, lilith, "Luna")
    assert luna.cited == [BEES]
    assert (await ada.asks(ASKS, lilith)).cited == []


async def test_what_one_member_said_is_not_told_as_anothers(
    stage: Stage, lilith: Personality
) -> None:
    ada = stage.person()
    stage.model.script("Bees!", "Hm.")
    await proxied(ada, BEES, lilith, "Luna")
    await proxied(ada, ASKS, lilith, "Sol")
    asked = str(stage.asked[-1].messages)
    assert f"Luna: {BEES}" in asked
    assert f"Sol: {ASKS}" in asked
    assert f"Sol: {BEES}" not in asked


async def test_who_is_taken_for_whom_is_told(stage: Stage, lilith: Personality) -> None:
    ada = stage.person()
    stage.model.script("Hello.", "Hello.")
    assert names(await proxied(ada, "Hi.", lilith, "Luna")) == ["Luna"]
    assert names(await ada.asks("Hi.", lilith)) == [""]


async def test_a_member_who_moved_in_is_known_by_its_id(stage: Stage, lilith: Personality) -> None:
    ada = stage.person()
    await brings(stage, ada, Face(name="Luna Lovelace", origin="pluralkit:luna", private=False,
                                  description="Luna paints."))  # fmt: skip
    stage.model.script("Hello.")
    told = await proxied(ada, "Hi.", lilith, "Moon", member_id="luna")
    assert names(told) == ["Luna Lovelace"]
    assert "Luna paints." in str(stage.asked[-1].messages)


async def test_what_no_service_has_confirmed_is_not_remembered(
    stage: Stage, lilith: Personality
) -> None:
    ada = stage.person()
    stage.model.script("Bees!")
    told = await proxied(ada, BEES, lilith, "Luna", verified=False)
    assert await stage.memories(told.turn_id) == []
    assert names(told) == [""]


async def test_two_first_words_of_a_member_make_one_persona(
    stage: Stage, lilith: Personality
) -> None:
    ada, there = stage.person(), stage.channel()
    stage.model.script("Hello.", "Hello.")
    for words in ("Hi.", "Hi again."):
        await proxied(ada, words, lilith, "Luna", place=there)
    assert await origins(stage, ada) == ["pluralkit:luna"]


class TestFront:
    async def test_who_is_in_front_speaks_where_no_service_does(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person()
        (luna,) = await brings(stage, ada, Face(name="Luna", origin="pluralkit:luna"))
        await ada.client.account.set_front(SetFrontRequest(persona_id=str(luna)))
        stage.model.script("Bees!", "Hm.", "Hm.")
        assert names(await ada.asks(BEES, lilith)) == ["Luna"]
        await forgotten(stage, ada)
        assert (await ada.asks(ASKS, lilith)).cited == [BEES]
        await ada.client.account.set_front(SetFrontRequest())
        assert (await ada.asks("And what do I keep in my garden?", lilith)).cited == []

    async def test_a_service_counts_before_who_is_in_front(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person()
        (luna,) = await brings(stage, ada, Face(name="Luna", origin="pluralkit:luna"))
        await ada.client.account.set_front(SetFrontRequest(persona_id=str(luna)))
        stage.model.script("Hello.")
        assert names(await proxied(ada, "Hi.", lilith, "Sol")) == ["Sol"]

    async def test_a_front_that_has_ended_is_none(self, stage: Stage, lilith: Personality) -> None:
        ada = stage.person()
        (luna,) = await brings(stage, ada, Face(name="Luna", origin="pluralkit:luna"))
        await ada.client.account.set_front(SetFrontRequest(persona_id=str(luna)))
        assert (await ada.client.account.get_me(GetMeRequest())).person.front.name == "Luna"  # pyright: ignore[reportOptionalMemberAccess]
        await stage.execute(
            "UPDATE people SET front_expire_time = now() - interval '1 second' "
            "WHERE front_persona_id = :luna",
            luna=luna,
        )
        stage.model.script("Hello.")
        assert names(await ada.asks("Hi.", lilith)) == [""]
        assert (await ada.client.account.get_me(GetMeRequest())).person.front is None  # pyright: ignore[reportOptionalMemberAccess]

    async def test_nobody_puts_somebody_elses_persona_in_front(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada, bob = stage.person(), stage.person("Bob")
        await bob.client.account.get_me(GetMeRequest())
        (luna,) = await brings(stage, ada, Face(name="Luna", origin="pluralkit:luna"))
        with pytest.raises(NotFound):
            await bob.client.account.set_front(SetFrontRequest(persona_id=str(luna)))


async def test_another_reply_is_for_the_member_that_the_first_was_for(
    stage: Stage, lilith: Personality
) -> None:
    ada = stage.person()
    stage.model.script("Bees!", "Hives!", "Hm.", "Hm.")
    told = await proxied(ada, BEES, lilith, "Luna")
    message = told.finished.message
    assert message
    again = Regeneration(message=MessageRef(id=message.id))
    (redone,) = await ada.sends(ChatRequest(place=ada.direct, regeneration=again))
    assert names(redone) == ["Luna"]
    await forgotten(stage, ada)
    assert (await ada.asks(ASKS, lilith)).cited == []
    assert (await proxied(ada, ASKS, lilith, "Luna")).cited == [BEES]


class TestSharing:
    """Two members of a system, each with something they told of the same garden."""

    @pytest.fixture
    async def ada(self, stage: Stage, lilith: Personality) -> Person:
        ada = stage.person()
        stage.model.script("Bees!", "Snakes!")
        await proxied(ada, BEES, lilith, "Luna")
        await proxied(ada, SNAKES, lilith, "Sol")
        await forgotten(stage, ada)
        return ada

    async def test_each_hears_the_other_and_is_not_taken_for_the_other(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        await shares(ada)
        stage.model.script("Hm.")
        told = await proxied(ada, ASKS, lilith, "Sol")
        assert set(told.cited) == {BEES, SNAKES}
        prompt = str(stage.asked[-1].messages)
        assert f'Luna said: "{BEES}"' in prompt
        assert f'Sol said: "{SNAKES}"' in prompt
        traced = [it.text for it in (await ada.trace(told.turn_id)).sections]
        assert any(it.startswith(f'- Luna said: "{BEES}"') for it in traced)

    async def test_it_can_be_taken_back(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        await shares(ada)
        await shares(ada, on=False)
        stage.model.script("Hm.")
        assert (await proxied(ada, ASKS, lilith, "Sol")).cited == [SNAKES]
        prompt = str(stage.asked[-1].messages)
        assert "bees" not in prompt
        assert "What you remember Sol saying before:" in prompt

    async def test_whoever_usually_speaks_recalls_all_of_them_only_then(
        self, ada: Person, lilith: Personality
    ) -> None:
        search = SearchMemoriesRequest(personality_id=lilith.id, query=ASKS)
        listing = ListMemoriesRequest(personality_id=lilith.id)
        assert (await ada.client.memory.search_memories(search)).hits == []
        listed = (await ada.client.memory.list_memories(listing)).memories
        assert [said(it) for it in listed] == [("Sol", SNAKES), ("Luna", BEES)], "theirs to see"
        await shares(ada)
        found = (await ada.client.memory.search_memories(search)).hits
        assert {said(it.memory) for it in found} == {("Luna", BEES), ("Sol", SNAKES)}

    async def test_who_is_in_front_recalls_what_is_their_own(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        (luna,) = await stage.rows(
            "SELECT id FROM personas WHERE origin = 'pluralkit:luna' AND person_id = "
            "(SELECT person_id FROM identities WHERE subject = :subject)",
            subject=ada.subject,
        )
        await ada.client.account.set_front(SetFrontRequest(persona_id=str(luna[0])))
        search = SearchMemoriesRequest(personality_id=lilith.id, query=ASKS)
        found = (await ada.client.memory.search_memories(search)).hits
        assert [said(it.memory) for it in found] == [("Luna", BEES)]

    async def test_nobody_elses_system_takes_part(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        bob = stage.person("Bob")
        await shares(ada)
        await shares(bob)
        stage.model.script("Hm.")
        assert (await proxied(bob, ASKS, lilith, "Luna")).cited == []


class TestTupperbox:
    """Of its members it is only told what they are shown as."""

    async def test_a_tupper_who_moved_in_is_known_by_name_and_tag(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person()
        tupper = Face(name="Luna", origin="tupperbox:7", shown_as="Luna ★", source=b"{}")
        (luna,) = await brings(stage, ada, tupper)
        stage.model.script("Hello.", "Hello.")
        assert names(await tuppered(ada, "Hi.", lilith, "Luna ★")) == ["Luna"]
        assert names(await tuppered(ada, "Hi.", lilith, "Luna")) == ["Luna"]
        made = await origins(stage, ada)
        assert made == ["tupperbox:7", "tupperbox:Luna"], "without the tag it is another one"
        assert luna

    async def test_one_who_spoke_before_moving_in_is_the_same_afterwards(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person()
        stage.model.script("Bees!", "Hm.")
        await tuppered(ada, BEES, lilith, "Luna ★")
        tupper = Face(name="Luna", origin="tupperbox:7", shown_as="Luna ★", source=b"{}")
        assert len(await brings(stage, ada, tupper)) == 1
        assert await origins(stage, ada) == ["tupperbox:7"]
        await forgotten(stage, ada)
        told = await tuppered(ada, ASKS, lilith, "Luna ★")
        assert (names(told), told.cited) == (["Luna"], [BEES])

    async def test_of_two_called_the_same_one_is_who_spoke(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person()
        stage.model.script("Hello.")
        await tuppered(ada, "Hi.", lilith, "Luna")
        twins = [Face(name="Luna", origin=f"tupperbox:{it}", shown_as="Luna") for it in (7, 8)]
        assert len(await brings(stage, ada, *twins)) == 2

    async def test_pluralkits_members_are_not_known_by_their_names(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person()
        await brings(stage, ada, Face(name="Luna", origin="tupperbox:7", shown_as="Luna"))
        stage.model.script("Hello.")
        await proxied(ada, "Hi.", lilith, "Luna")
        assert await origins(stage, ada) == ["pluralkit:luna", "tupperbox:7"]


async def tuppered(person: Person, words: str, who: Personality, shown_as: str) -> Any:
    """Tupperbox says something: its member has a name and nothing else."""
    fields = {"service": "tupperbox", "member_id": shown_as}
    return await proxied(person, words, who, shown_as, **fields)


async def shares(person: Person, *, on: bool = True) -> None:
    """The person's members share their memories from now on, or don't."""
    request = SetPersonSettingRequest(key="members_share", value=SettingValue(flag=on))
    await person.client.setting.set_person_setting(request)


def said(memory: Memory | None) -> tuple[str, str]:
    """Who said what."""
    assert memory
    return memory.utterances[0].speaker_name, memory.utterances[0].text


async def origins(stage: Stage, person: Person) -> list[object]:
    """Of the members whom there are personas of."""
    listed = await stage.rows(
        "SELECT origin FROM personas p JOIN identities i ON i.person_id = p.person_id "
        "WHERE i.subject = :subject AND origin <> '' ORDER BY origin",
        subject=person.subject,
    )
    return [row[0] for row in listed]


def names(told: Any) -> list[str]:
    """Whom characters took the person for."""
    return [event.started.persona_name for event in told.events if event.started]


async def brings(stage: Stage, person: Person, *faces: Face) -> Sequence[UUID]:
    """Personas move in; their ids."""
    me = (await person.client.account.get_me(GetMeRequest())).person
    assert me
    async with stage.server.parts.database.transaction() as tx:
        await personas.arrive(tx, UUID(me.id), faces, None)
    rows = await stage.rows(
        "SELECT id FROM personas WHERE person_id = :me AND NOT is_default ORDER BY id", me=me.id
    )
    return [row[0] for row in rows]  # pyright: ignore[reportReturnType]


async def forgotten(stage: Stage, person: Person) -> None:
    """What was said leaves everybody's sight; memories stay."""
    await stage.indexed()
    await stage.execute(
        "UPDATE conversations SET epoch = epoch + 1, head_message_id = NULL, reset_time = now() "
        "WHERE direct_person_id = (SELECT person_id FROM identities WHERE subject = :subject)",
        subject=person.subject,
    )
