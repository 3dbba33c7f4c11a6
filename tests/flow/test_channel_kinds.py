"""Dialogues about the channel that they are begun in: what a moderator decides."""

from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, Dialogue, create
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC
from tzurot.session.v1 import channel_pb2

EVERY = channel_pb2.ACTIVATION_MODE_EVERY_MESSAGE
NAMED = channel_pb2.ACTIVATION_MODE_WHEN_NAMED
MUTED = channel_pb2.ACTIVATION_MODE_MUTED
KINDS = ("channel activate", "channel browse", "channel budget", "channel deactivate")


@pytest.fixture
async def lilith(mira: Client) -> Any:
    """A public character with a name of its own."""
    return await create(mira, name=f"Lilith {uuid4().hex}", visibility=VISIBILITY_PUBLIC)


@pytest.fixture
async def bambi(mira: Client) -> Any:
    """Another one."""
    return await create(mira, name=f"Bambi {uuid4().hex}", visibility=VISIBILITY_PUBLIC)


@pytest.fixture
def meadow() -> dict[str, Any]:
    """A channel that nobody has decided about."""
    channel = {"platform": "local", "space_id": uuid4().hex, "channel_id": uuid4().hex}
    return channel | {"venue": "VENUE_PUBLIC_CHANNEL"}


async def begun(client: Client, path: str, place: Any, **arguments: str) -> Dialogue:
    """A flow that is begun in a channel."""
    request = request_for("StartFlow", path=path, place=place, arguments=arguments)
    return Dialogue(client, (await client.call("StartFlow", request)).flow)


async def channel(client: Client, place: Any) -> Any:
    request = request_for("GetChannel", place=place)
    return (await client.call("GetChannel", request)).channel


async def activate(client: Client, place: Any, *characters: Any) -> None:
    for one in characters:
        named = {"place": place, "personality": {"id": one.id}}
        request = request_for("ActivatePersonality", **named)
        await client.call("ActivatePersonality", request)


async def active(client: Client, place: Any) -> list[tuple[str, int, float]]:
    """Id, mode and talkativeness of those active there."""
    found = (await channel(client, place)).activations
    return [(it.personality_id, it.mode, round(it.talkativeness, 2)) for it in found]


class TestActivate:
    async def test_a_character_answers_as_it_was_entered(
        self, kael: Client, lilith: Any, meadow: Any
    ) -> None:
        form = await begun(kael, "channel activate", meadow, character=lilith.slug)
        assert form.view.title == f"{lilith.name} in this channel"
        await form.answer("activate", mode="every", talkativeness="30")
        assert form.flow.state == DONE
        assert form.view.body == f"{lilith.name} answers 30 of 100 messages."
        assert await active(kael, meadow) == [(lilith.id, EVERY, 0.3)]

    async def test_one_that_is_active_is_decided_anew(
        self, kael: Client, lilith: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith)
        form = await begun(kael, "channel activate", meadow, character=lilith.slug)
        assert form.view.body == "It answers every message already."
        await form.answer("activate", mode="named", talkativeness="")
        assert await active(kael, meadow) == [(lilith.id, NAMED, 1.0)]

    @pytest.mark.parametrize("typed", ["101", "-1", "x", "0.5", "١٠"])
    async def test_what_is_no_percentage_is_said(
        self, typed: str, kael: Client, lilith: Any, meadow: Any
    ) -> None:
        form = await begun(kael, "channel activate", meadow, character=lilith.slug)
        await form.answer("activate", mode="every", talkativeness=typed)
        assert form.field("talkativeness").error == "It must be a whole number from 0 to 100."
        assert await active(kael, meadow) == []

    async def test_an_eleventh_is_refused_and_what_was_entered_is_kept(
        self, mira: Client, lilith: Any, meadow: Any
    ) -> None:
        for number in range(10):
            await activate(mira, meadow, await create(mira, name=f"Crow {number}"))
        form = await begun(mira, "channel activate", meadow, character=lilith.slug)
        await form.answer("activate", mode="muted", talkativeness="5")
        assert form.view.notice.startswith("There can be at most 10 active characters")
        assert list(form.field("mode").values) == ["muted"]

    async def test_what_is_for_adults_needs_a_place_for_adults(
        self, mira: Client, meadow: Any
    ) -> None:
        vamp = await create(mira, name="Vamp", age_restricted=True)
        form = await begun(mira, "channel activate", meadow, character=vamp.slug)
        await form.answer("activate", mode="every", talkativeness="100")
        assert (form.flow.state, form.view.title) == (DONE, "This has ended")
        adults = meadow | {"age_limit": "AGE_LIMIT_ADULTS"}
        form = await begun(mira, "channel activate", adults, character=vamp.slug)
        await form.answer("activate", mode="every", talkativeness="100")
        assert form.view.body == "Vamp answers every message."


class TestDeactivate:
    @pytest.mark.parametrize("named", ["id", "slug", "name"])
    async def test_the_one_that_is_named_is_taken_out_after_a_question(
        self, named: str, kael: Client, lilith: Any, bambi: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith, bambi)
        name = getattr(lilith, named)
        asked = await begun(kael, "channel deactivate", meadow, character=name)
        assert asked.view.title == f"Take {lilith.name} ({lilith.slug}) out of this channel?"
        await asked.answer("sure")
        assert (asked.flow.state, asked.view.title) == (DONE, "Done")
        assert [it for it, *_ in await active(kael, meadow)] == [bambi.id]

    async def test_one_is_chosen_or_all_are(
        self, kael: Client, lilith: Any, bambi: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith, bambi)
        asked = await begun(kael, "channel deactivate", meadow)
        await asked.choose(bambi.name)
        await asked.answer("sure")
        asked = await begun(kael, "channel deactivate", meadow)
        await asked.answer("all")
        assert asked.view.title == "Take all of them out of this channel?"
        await asked.answer("sure")
        assert await active(kael, meadow) == []

    async def test_one_that_is_not_active_is_said_not_to_be(
        self, kael: Client, lilith: Any, meadow: Any
    ) -> None:
        named = {"path": "channel deactivate", "place": meadow}
        request = request_for("StartFlow", **named, arguments={"character": lilith.slug})
        assert (await kael.refused("StartFlow", request)).reason == "PERSONALITY_NOT_ACTIVE"


class TestBrowse:
    async def test_each_is_listed_with_what_it_does(
        self, kael: Client, lilith: Any, bambi: Any, meadow: Any
    ) -> None:
        empty = await begun(kael, "channel browse", meadow)
        assert empty.view.body == "Nobody answers here without being named."
        await activate(kael, meadow, lilith, bambi)
        browse = await begun(kael, "channel browse", meadow)
        assert [(it.title, it.text) for it in browse.view.items] == [
            (f"{it.name} ({it.slug})", "answers every message") for it in (lilith, bambi)
        ]

    async def test_one_is_muted_and_lets_itself_be_heard_again(
        self, kael: Client, lilith: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith)
        browse = await begun(kael, "channel browse", meadow)
        await browse.choose(lilith.name)
        for action, mode in (("mute", MUTED), ("named", NAMED), ("every", EVERY)):
            await browse.answer(action)
            assert action not in browse.actions
            assert await active(kael, meadow) == [(lilith.id, mode, 1.0)]

    async def test_how_often_it_answers_is_decided(
        self, kael: Client, lilith: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith)
        browse = await begun(kael, "channel browse", meadow)
        await browse.choose(lilith.name)
        await browse.answer("edit", mode="every", talkativeness="5")
        assert await active(kael, meadow) == [(lilith.id, EVERY, 0.05)]
        await browse.answer("back")
        assert browse.view.items[0].text == "answers 5 of 100 messages"

    async def test_the_next_speaker_is_chosen_and_taken_back(
        self, kael: Client, lilith: Any, bambi: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith, bambi)
        browse = await begun(kael, "channel browse", meadow)
        await browse.choose(bambi.name)
        await browse.answer("next")
        assert (await channel(kael, meadow)).next_speaker_id == bambi.id
        assert browse.item(bambi.name).text.endswith("and the next message alone")
        await browse.answer("whoever")
        assert (await channel(kael, meadow)).next_speaker_id == ""

    async def test_one_that_went_meanwhile_is_said_to_be_gone(
        self, kael: Client, lilith: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith)
        browse = await begun(kael, "channel browse", meadow)
        await browse.choose(lilith.name)
        await kael.call("ResetChannel", request_for("ResetChannel", place=meadow))
        await browse.look()
        assert browse.view.body == "It is not active here any more."
        await browse.answer("back")
        assert list(browse.view.items) == []

    async def test_one_is_taken_out(self, kael: Client, lilith: Any, meadow: Any) -> None:
        await activate(kael, meadow, lilith)
        browse = await begun(kael, "channel browse", meadow)
        await browse.choose(lilith.name)
        await browse.answer("remove")
        assert browse.view.body.startswith(f"{lilith.name} ({lilith.slug}) answers here only")
        assert list(browse.view.items) == []

    async def test_a_thread_shows_what_it_has_from_its_channel_and_goes_back_to_it(
        self, kael: Client, lilith: Any, bambi: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith)
        inside = meadow | {"channel_id": uuid4().hex, "parent_channel_id": meadow["channel_id"]}
        browse = await begun(kael, "channel browse", inside)
        assert browse.view.body.endswith("This is as in the channel above.")
        assert "reset" not in browse.actions
        await activate(kael, inside, bambi)
        await browse.answer("refresh")
        assert len(browse.view.items) == 2
        await browse.answer("reset")
        await browse.answer("sure")
        assert [it.title for it in browse.view.items] == [f"{lilith.name} ({lilith.slug})"]

    async def test_the_channel_decides_settings(self, kael: Client, meadow: Any) -> None:
        browse = await begun(kael, "channel browse", meadow)
        await browse.answer("settings")
        assert {it.text.partition(": ")[2] for it in browse.view.items} == {"not decided here"}
        await browse.decide("memory_limit", "3", bound="true")
        texts = [it.text for it in browse.view.items]
        assert "memory_limit: 3, whatever persons decide" in texts
        await browse.decide("memory_limit", "99", bound="false")
        assert browse.field("value").error.startswith("It must be a whole number from 0 to 50")
        await browse.answer("decide", value="inherit", bound="false")
        assert "memory_limit: not decided here" in [it.text for it in browse.view.items]


class TestBudget:
    async def test_it_is_set_looked_at_and_ended(self, kael: Client, meadow: Any) -> None:
        budget = await begun(kael, "channel budget", meadow)
        assert list(budget.view.items) == []
        await budget.answer("set", period="day", dollars="2", tokens="")
        await budget.answer("set", period="month", dollars="", tokens="1000")
        assert [(it.title, it.text) for it in budget.view.items] == [
            ("A day", "$0.0000 of $2.00."),
            ("A month", "0 of 1,000 tokens."),
        ]
        where = {it: meadow[it] for it in ("platform", "channel_id")}
        listed = await kael.call("ListChannelBudgets", request_for("ListChannelBudgets", **where))
        assert [it.cap_tokens for it in listed.budgets] == [0, 1000]
        await budget.answer("set", period="day", dollars="-1", tokens="")
        assert budget.field("dollars").error == "A number of dollars such as 1.50, or nothing."
        await budget.answer("set", period="day", dollars="", tokens="")
        assert [it.title for it in budget.view.items] == ["A month"]


class TestModerators:
    @pytest.fixture
    async def untrusted(self, served: Served, kael: Client) -> Client:
        """Kael with a client that nobody trusts with moderators."""
        wanted = {"name": "terminal", "scopes": ["flow.read", "flow.write"]}
        wanted["acts_for"] = ["local:*"]
        request = request_for("CreateServiceToken", service_token=wanted)
        created = await served.client().call("CreateServiceToken", request)
        return served.client(kael.subject, created.secret)

    async def test_they_are_told_apart_in_the_catalogue(self, kael: Client) -> None:
        kinds = (await kael.call("ListFlowKinds")).kinds
        found = {kind.path: kind.needs_moderator for kind in kinds}
        assert {path: found[path] for path in KINDS} == dict.fromkeys(KINDS, True)
        assert not found["character edit"]

    @pytest.mark.parametrize("path", KINDS)
    async def test_without_trust_there_are_none(
        self, path: str, untrusted: Client, lilith: Any, meadow: Any
    ) -> None:
        kinds = (await untrusted.call("ListFlowKinds")).kinds
        assert path not in {kind.path for kind in kinds}
        named = path in {"channel activate", "channel deactivate"}
        arguments = {"character": lilith.slug} if named else {}
        request = request_for("StartFlow", path=path, place=meadow, arguments=arguments)
        assert (await untrusted.refused("StartFlow", request)).reason == "FLOW_KIND_NOT_FOUND"

    async def test_a_dialogue_that_was_begun_with_trust_is_not_gone_on_with_without(
        self, kael: Client, untrusted: Client, lilith: Any, meadow: Any
    ) -> None:
        await activate(kael, meadow, lilith)
        browse = await begun(kael, "channel browse", meadow)
        await browse.choose(lilith.name)
        elsewhere = Dialogue(untrusted, browse.flow)
        await elsewhere.look()
        assert elsewhere.view.title == "This has ended"
        await elsewhere.answer("mute")
        assert elsewhere.flow.state == DONE
        assert await active(kael, meadow) == [(lilith.id, EVERY, 1.0)]

    @pytest.mark.parametrize(
        ("place", "reason"),
        [
            (None, "INVALID_FIELD"),
            ({"venue": "VENUE_DIRECT"}, "INVALID_FIELD"),
            ({"platform": "discord"}, "SUBJECT_DENIED"),
        ],
        ids=["nowhere", "direct", "elsewhere"],
    )
    async def test_they_are_begun_in_a_channel_of_ones_own_platform(
        self, place: dict[str, str] | None, reason: str, kael: Client, meadow: Any
    ) -> None:
        where = None if place is None else meadow | place
        request = request_for("StartFlow", path="channel browse", place=where)
        assert (await kael.refused("StartFlow", request)).reason == reason
