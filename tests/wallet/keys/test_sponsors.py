"""A moderator's key pays in their space, for who has none, as much as they give and no more."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest
from google.protobuf.message import Message

from tests.calling import Client, request_for
from tests.conftest import Served, a_database, a_server
from tests.fakes.keys import FakeInternet, Standing
from tests.fakes.provider import FakeProvider, Reply
from tests.flow.test_channel_kinds import begun
from tests.wallet.keys.test_keys import a_key, created, listed
from tests.wallet.keys.test_turns import _reason as reason
from tests.wallet.keys.test_turns import character, talks
from tests.wallet.spending import budget, records
from tzurot.common.v1 import venue_pb2
from tzurot.session.v1.place_pb2 import Place
from tzurot.wallet.v1 import payment_pb2, usage_pb2

DOLLAR = 1_000_000
SPONSOR = payment_pb2.PAYMENT_ROUTE_SPONSOR


@pytest.fixture(autouse=True)
def _quiet(vault: Served, internet: FakeInternet) -> None:  # pyright: ignore[reportUnusedFunction] - pytest's to call
    vault.provider.reset()
    internet.model.reset()
    internet.seen.clear()


class Guild:
    """A space of Discord's with a moderator who has a key, and members who have none."""

    def __init__(self, served: Served, internet: FakeInternet) -> None:
        mark = uuid4().hex[:12]
        self.id = f"guild-{mark}"
        self.key = a_key()
        self.ada, self.bo, self.cy = (
            served.client(f"discord:{name}-{mark}") for name in ("ada", "bo", "cy")
        )
        internet.knows(self.key)

    async def sponsored(self, *, all_: int = DOLLAR, each: int = DOLLAR, **more: Any) -> Any:
        """Ada's key pays here from now on."""
        if not await listed(self.ada):
            await created(self.ada, "OPENAI", self.key, name="Treasure")
        (key,) = await listed(self.ada)
        return (await self.ada.call("SponsorSpace", self.asked(key.id, all_, each, **more))).sponsor

    def asked(self, key_id: str, all_: int = DOLLAR, each: int = DOLLAR, **more: Any) -> Message:
        return request_for(
            "SponsorSpace",
            **{"platform": "discord", "space_id": self.id, "api_key_id": key_id}
            | {"cap_micros": all_, "member_cap_micros": each}
            | more,
        )

    def place(self, **more: str) -> Place:
        where = {"platform": "discord", "space_id": self.id, "channel_id": f"of-{self.id}"} | more
        return Place(venue=venue_pb2.VENUE_PUBLIC_CHANNEL, **where)

    async def said(self, who: Client, words: str = "Good evening.", **more: str) -> Any:
        """How a turn of theirs ended here."""
        return (await self.heard(who, words, **more))[-1].finished

    async def heard(self, who: Client, words: str = "Good evening.", **more: str) -> list[Any]:
        request = request_for(
            "Chat",
            place=self.place(**more),
            utterance={"text": words, "speaker_name": "Mira"},
            addressees=[{"id": await character(who)}],
        )
        return [it.event for it in await who.call("Chat", request)]

    async def explained(self, who: Client) -> Any:
        where = {"platform": "discord", "space_id": self.id, "channel_id": f"of-{self.id}"}
        return await who.call("ExplainPayment", request_for("ExplainPayment", **where))


@pytest.fixture
def guild(vault: Served, internet: FakeInternet) -> Guild:
    return Guild(vault, internet)


async def test_a_member_without_a_key_is_answered_at_the_sponsors_expense(
    guild: Guild, vault: Served, internet: FakeInternet
) -> None:
    refused = (await guild.said(guild.bo)).failure
    assert refused.reason == reason("NO_PAYING_KEY")
    sponsor = await guild.sponsored()
    assert (sponsor.model, sponsor.spent_micros) == ("gpt-4.1-mini", 0)
    internet.seen.clear()
    internet.model.script(Reply("Good evening, Bo.", cost=0.02))
    assert (await guild.said(guild.bo)).message.text == "Good evening, Bo."
    (seen,) = talks(internet)
    assert seen.headers["Authorization"] == f"Bearer {guild.key}"
    assert internet.model.requests[0].body["model"] == "gpt-4.1-mini"
    assert vault.provider.requests == []
    (record,) = await records(guild.bo)
    assert (record.payer, record.api_key_id) == (usage_pb2.USAGE_PAYER_SPONSOR, "")
    assert await records(guild.ada) == []
    (after,) = (await guild.ada.call("ListSponsors")).sponsors
    assert (after.spent_micros, after.recent_micros, after.recent_request_count) == (
        record.cost_micros,
        record.cost_micros,
        1,
    )
    assert record.cost_micros > 0
    assert (await listed(guild.ada))[0].HasField("last_use_time")


async def test_nobody_is_sponsored_elsewhere_or_who_has_a_key_or_demands_anything(
    guild: Guild, vault: Served, internet: FakeInternet
) -> None:
    await guild.sponsored()
    internet.seen.clear()
    elsewhere = await guild.said(guild.bo, space_id="another")
    assert elsewhere.failure.reason == reason("NO_PAYING_KEY")
    demand = {"key": "training_allowed", "value": {"flag": False}}
    await guild.bo.call("SetPersonSetting", request_for("SetPersonSetting", **demand))
    assert (await guild.said(guild.bo)).failure.reason == reason("DATA_POLICY_FORBIDS")
    assert talks(internet) == []
    own = a_key()
    internet.knows(own)
    await created(guild.cy, "OPENAI", own)
    assert (await guild.said(guild.cy)).message.text
    internet.knows(own, Standing.SPENT)  # and then nobody pays for them either
    failure = (await guild.said(guild.cy)).failure
    assert "your own API key `default`" in failure.message
    assert {it.headers["Authorization"] for it in talks(internet)} == {f"Bearer {own}"}
    assert vault.provider.requests == []


async def test_a_refusal_names_the_cap_and_when_it_starts_anew(
    guild: Guild, vault: Served, internet: FakeInternet
) -> None:
    sponsor = await guild.sponsored(each=100)
    internet.seen.clear()
    failure = (await guild.said(guild.bo)).failure
    assert failure.reason == reason("SPONSOR_CAP_REACHED")
    assert failure.metadata["budget"] == "what this server's sponsor gives you"
    assert failure.metadata["cap"] == "$0.0001"
    assert failure.metadata["reset_time"].endswith(" 00:00 UTC")
    assert failure.metadata["reset_time"] in failure.message
    raised = {"sponsor_id": sponsor.id, "cap_micros": 2, "member_cap_micros": DOLLAR}
    await guild.ada.call("UpdateSponsor", request_for("UpdateSponsor", **raised))
    failure = (await guild.said(guild.bo)).failure
    assert failure.metadata["budget"] == "what this server's sponsor gives"
    assert talks(internet) == []
    await guild.ada.call(
        "UpdateSponsor",
        request_for("UpdateSponsor", sponsor_id=sponsor.id, cap_micros=DOLLAR),
    )
    assert (await guild.said(guild.bo)).message.text
    assert len(talks(internet)) == 1


async def test_what_one_member_has_used_up_is_there_for_the_others(
    guild: Guild, internet: FakeInternet
) -> None:
    await guild.sponsored(each=DOLLAR // 2)
    internet.model.script(Reply("One.", cost=0.6), Reply("Two.", cost=0.3))
    heard = await guild.heard(guild.bo)
    told = sorted(it.notice.failure.message for it in heard if it.HasField("notice"))
    assert [it.partition(" are spent")[0] for it in told] == [
        "100 % of what this server's sponsor gives you of $0.5000 a day",
        "50 % of what this server's sponsor gives of $1.00 a day",
    ]
    used_up = await guild.explained(guild.bo)
    (way,) = [it for it in used_up.alternatives if it.route == SPONSOR]
    assert way.obstacle == payment_pb2.PAYMENT_OBSTACLE_CAP_REACHED
    assert way.HasField("until_time")
    assert used_up.refusal.reason == reason("SPONSOR_CAP_REACHED")
    assert (await guild.said(guild.bo)).failure.reason == reason("SPONSOR_CAP_REACHED")
    assert (await guild.said(guild.cy)).message.text == "Two."
    (after,) = (await guild.ada.call("ListSponsors")).sponsors
    assert (after.spent_micros, after.reached_percent) == (900_000, 80)


async def test_a_budget_of_the_key_counts_what_it_pays_for_others(
    guild: Guild, internet: FakeInternet
) -> None:
    await guild.sponsored()
    (key,) = await listed(guild.ada)
    internet.model.script(Reply("One.", cost=0.6))
    assert (await guild.said(guild.bo)).message.text == "One."
    made = await budget(guild.ada, api_key_id=key.id, cap_micros=600_000)
    assert made.spent_micros == 600_000
    failure = (await guild.said(guild.cy)).failure
    assert failure.reason == reason("SPONSOR_CAP_REACHED")
    assert failure.metadata["budget"] == "the budget of the sponsor's key"


async def test_it_ends_when_it_is_taken_back_and_with_its_key(
    guild: Guild, internet: FakeInternet
) -> None:
    sponsor = await guild.sponsored()
    again = await guild.sponsored(all_=5)
    assert (again.id, again.cap_micros) == (sponsor.id, 5)
    refusal = await guild.bo.refused(
        "DeleteSponsor", request_for("DeleteSponsor", sponsor_id=sponsor.id)
    )
    assert refusal.reason == "SPONSOR_NOT_FOUND"
    await guild.ada.call("DeleteSponsor", request_for("DeleteSponsor", sponsor_id=sponsor.id))
    assert (await guild.said(guild.bo)).failure.reason == reason("NO_PAYING_KEY")
    await guild.sponsored()
    assert (await guild.said(guild.bo)).message.text
    (key,) = await listed(guild.ada)
    await guild.ada.call("DeleteApiKey", request_for("DeleteApiKey", api_key_id=key.id))
    assert (await guild.said(guild.bo)).failure.reason == reason("NO_PAYING_KEY")
    assert list((await guild.ada.call("ListSponsors")).sponsors) == []


@pytest.mark.parametrize(
    ("provider", "model", "expected", "words"),
    [
        ("COMPATIBLE", "", "SPONSOR_KEY_UNSUITABLE", "would read what others say"),
        ("ELEVENLABS", "x", "SPONSOR_KEY_UNSUITABLE", "no model of ElevenLabs's speaks here yet"),
        ("OPENAI", "gpt-of-tomorrow", "MODEL_NOT_LISTED", "gpt-of-tomorrow"),
    ],
)
async def test_not_every_key_can_sponsor(
    *, provider: str, model: str, expected: str, words: str, guild: Guild
) -> None:
    key = await created(guild.ada, provider, guild.key)
    refusal = await guild.ada.refused("SponsorSpace", guild.asked(key.id, model=model))
    assert refusal.reason == expected
    assert words in refusal.message
    theirs = await guild.bo.refused("SponsorSpace", guild.asked(key.id))
    assert theirs.reason == "API_KEY_NOT_FOUND"
    other = await guild.ada.refused("SponsorSpace", guild.asked(key.id, platform="matrix"))
    assert other.reason == "SUBJECT_DENIED"


@pytest.mark.parametrize("standing", [Standing.UNKNOWN, Standing.SPENT])
async def test_a_refused_sponsors_key_is_told_without_what_says_which_it_is(
    standing: Standing, guild: Guild, internet: FakeInternet
) -> None:
    await guild.sponsored()
    (key,) = await listed(guild.ada)
    internet.knows(guild.key, standing)
    told = str(await guild.heard(guild.bo))
    told += str(await guild.heard(guild.bo))  # as it is remembered
    told += str(await guild.explained(guild.bo)) + str(await records(guild.bo))
    assert "the API key of this server" in told
    for secret in (guild.key, key.last_four, key.fingerprint, key.id, "Treasure"):
        assert secret not in told
    (after,) = await listed(guild.ada)
    assert after.HasField("last_failure")


async def test_whoever_sponsors_learns_nothing_of_who_was_answered_or_what_was_said(
    guild: Guild, internet: FakeInternet
) -> None:
    await guild.sponsored()
    words = f"secret-{uuid4().hex}"
    internet.model.script(f"I keep {words}.")
    finished = await guild.said(guild.bo, words)
    assert words in finished.message.text
    seen = [
        str(await guild.ada.call(it)) for it in ("ListSponsors", "ListUsageRecords", "GetUsage")
    ]
    seen += [str(await guild.ada.call(it)) for it in ("ListTurns", "ListBudgets", "ListApiKeys")]
    (me,) = [(await guild.bo.call("GetMe")).person.id]
    for it in (words, me, finished.message.id):
        assert it not in "".join(seen)


async def test_it_is_given_looked_at_changed_and_ended_in_a_dialogue(
    guild: Guild, vault: Served, internet: FakeInternet
) -> None:
    where = guild.place()
    sponsor = await begun(guild.ada, "wallet sponsor", where)
    assert "You have no key that a model speaks with" in sponsor.view.body
    assert "give" not in sponsor.actions
    key = await created(guild.ada, "OPENAI", guild.key, name="Treasure")
    house = await created(guild.ada, "COMPATIBLE", guild.key)
    await sponsor.look()
    assert [it.label for it in sponsor.field("key").choices][1] == "OpenAI (Treasure)"
    given = {"key": key.id, "model": "", "all": "5", "each": "$0.50"}
    await sponsor.answer("give", **given | {"all": "much", "each": "0"})
    assert {it.key: it.error for it in sponsor.view.fields if it.error} == {
        "all": "A number of dollars such as 1.50.",
        "each": "A number of dollars such as 1.50.",
    }
    await sponsor.answer("give", **given | {"key": house.id})
    assert "would read what others say" in sponsor.field("key").error
    await sponsor.answer("give", **given | {"model": "gpt-of-tomorrow"})
    assert "gpt-of-tomorrow" in sponsor.field("model").error
    await sponsor.answer("give", **given)
    assert sponsor.view.body.startswith("gpt-4.1-mini answers members here who have no key.")
    explain = await begun(guild.bo, "wallet explain", where)
    assert explain.item("→ A sponsor of this server: gpt-4.1-mini")
    elsewhere = await begun(guild.ada, "wallet sponsor", guild.place(space_id="2"))
    assert list(elsewhere.view.items) == []
    internet.model.script(Reply("One.", cost=2.5))
    await guild.said(guild.bo)
    await sponsor.choose("gpt-4.1-mini, with OpenAI (Treasure)")
    assert "Today $2.50 of $5.00. 50 % are reached. $0.5000 a day for each" in sponsor.view.body
    assert "$2.50 in 1 requests in 30 days" in sponsor.view.body
    await sponsor.answer("change", all="10", each="1")
    assert "Today $2.50 of $10.00. $1.00 a day for each" in sponsor.view.body
    await sponsor.answer("ask")
    await sponsor.answer("end")
    assert sponsor.view.body.startswith("It pays no more.")
    assert list((await guild.ada.call("ListSponsors")).sponsors) == []
    nowhere = request_for("StartFlow", path="wallet sponsor", place=guild.place(space_id=""))
    assert (await guild.ada.refused("StartFlow", nowhere)).reason == "INVALID_FIELD"


@pytest.fixture(scope="module")
async def house(
    postgres: str, internet: FakeInternet, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """A server that keeps keys, with a model that costs nobody anything."""
    home: Path = tmp_path_factory.mktemp("home")
    async with (
        a_database(postgres) as url,
        FakeProvider.start() as provider,
        a_server(
            url,
            home,
            internet.fetcher,
            model="house",
            model_base_url=provider.base_url,
            ollama_url="http://127.0.0.1:1",
        ) as running,
        grpc.aio.insecure_channel(running.address) as channel,
    ):
        yield Served(running, provider, channel)


async def test_a_free_model_takes_over_where_a_sponsor_gives_no_more_and_says_so(
    house: Served, internet: FakeInternet
) -> None:
    guild = Guild(house, internet)
    house.provider.script("Good evening from the house.")
    await guild.sponsored(each=100)
    heard = await guild.heard(guild.bo)
    (notice,) = [it.notice.failure for it in heard if it.HasField("notice")]
    assert notice.reason == reason("ANSWERED_BY_ANOTHER")
    assert "sponsor gives you, $0.0001 a day, until " in notice.message
    assert notice.message.endswith("house answers meanwhile.")
    assert heard[-1].finished.message.text == "Good evening from the house."
    assert [it.payer for it in await records(guild.bo)] == [usage_pb2.USAGE_PAYER_SERVER]
