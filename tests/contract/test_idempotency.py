"""The same request id twice makes one thing; whatever the two calls do at the same time."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.message import Message

from tests.calling import METHODS, request_for
from tests.conftest import Served
from tests.contract.residents import OLD_IDS, Ids, Resident, saying, settle

TWINS = 5


@dataclass(frozen=True, slots=True)
class Creation:
    """What makes something, what makes something else, and how to tell what came of it.

    `made` is the identity of what an answer speaks of, `listing` the RPC that lists them all.
    """

    request: Callable[[Ids, str], Message]
    other: Callable[[Ids, str], Message]
    made: Callable[[Any], str]
    listing: str


_NUMBERS: defaultdict[str, int] = defaultdict(count(2).__next__)  # of request ids: one claim each

CREATIONS: Mapping[str, Creation] = {
    "CreateFact": Creation(
        lambda ids, key: request_for(
            "CreateFact", personality_id=ids.personality, text=f"Io likes {key}.", request_id=key
        ),
        lambda ids, key: request_for(
            "CreateFact", personality_id=ids.personality, text=f"Io sells {key}.", request_id=key
        ),
        lambda answer: answer.fact.id,
        "ListFacts",
    ),
    "CreatePersonality": Creation(
        lambda ids, key: request_for(
            "CreatePersonality", personality={"name": "Io", "slug": f"io-{key}"}, request_id=key
        ),
        lambda ids, key: request_for(
            "CreatePersonality",
            personality={"name": "Io", "slug": f"io-{key}", "greeting": "Hello."},
            request_id=key,
        ),
        lambda answer: answer.personality.id,
        "ListPersonalities",
    ),
    "ClonePersonality": Creation(
        lambda ids, key: request_for(
            "ClonePersonality", personality={"id": ids.personality}, request_id=key
        ),
        lambda ids, key: request_for(
            "ClonePersonality", personality={"id": ids.personality}, name="Io", request_id=key
        ),
        lambda answer: answer.personality.id,
        "ListPersonalities",
    ),
    "CreatePersonalityAlias": Creation(
        lambda ids, key: request_for(
            "CreatePersonalityAlias",
            personality={"id": ids.personality},
            alias=f"Io {key}",
            request_id=key,
        ),
        lambda ids, key: request_for(
            "CreatePersonalityAlias",
            personality={"id": ids.personality},
            alias=f"Europa {key}",
            request_id=key,
        ),
        lambda answer: answer.alias.id,
        "ListPersonalityAliases",
    ),
    "CreateLorebook": Creation(
        lambda ids, key: request_for("CreateLorebook", lorebook={"name": "Io"}, request_id=key),
        lambda ids, key: request_for("CreateLorebook", lorebook={"name": "Europa"}, request_id=key),
        lambda answer: answer.lorebook.id,
        "ListLorebooks",
    ),
    "CreateLorebookEntry": Creation(
        lambda ids, key: request_for(
            "CreateLorebookEntry",
            lorebook_id=ids.lorebook,
            entry={"content": "It hums."},
            request_id=key,
        ),
        lambda ids, key: request_for(
            "CreateLorebookEntry",
            lorebook_id=ids.lorebook,
            entry={"content": "It rings."},
            request_id=key,
        ),
        lambda answer: answer.entry.id,
        "GetLorebook",  # no list of its own
    ),
    "CreateMemory": Creation(
        lambda ids, key: request_for(
            "CreateMemory", personality_id=ids.personality, text="I have a cat.", request_id=key
        ),
        lambda ids, key: request_for(
            "CreateMemory", personality_id=ids.personality, text="I have a dog.", request_id=key
        ),
        lambda answer: answer.memory.id,
        "ListMemories",
    ),
    "CreateApiKey": Creation(
        lambda ids, key: request_for(
            "CreateApiKey",
            provider="API_KEY_PROVIDER_ELEVENLABS",
            name=key,
            secret="sk-of-io",
            request_id=key,
        ),
        lambda ids, key: request_for(
            "CreateApiKey",
            provider="API_KEY_PROVIDER_ELEVENLABS",
            name=key,
            secret="sk-of-europa",
            request_id=key,
        ),
        lambda answer: answer.api_key.id,
        "ListApiKeys",
    ),
    "CreatePreset": Creation(
        lambda ids, key: request_for("CreatePreset", preset={"name": f"Io {key}"}, request_id=key),
        lambda ids, key: request_for("CreatePreset", preset={"name": f"Io! {key}"}, request_id=key),
        lambda answer: answer.preset.id,
        "ListPresets",
    ),
    "ClonePreset": Creation(
        lambda ids, key: request_for("ClonePreset", preset_id=ids.preset, request_id=key),
        lambda ids, key: request_for(
            "ClonePreset", preset_id=ids.preset, name=f"Copy {key}", request_id=key
        ),
        lambda answer: answer.preset.id,
        "ListPresets",
    ),
    "CreateMemoryClaim": Creation(
        lambda ids, key: request_for(
            "CreateMemoryClaim",
            personality_id=ids.personality,
            sender_id=OLD_IDS[_NUMBERS[key]],
            request_id=key,
        ),
        lambda ids, key: request_for(
            "CreateMemoryClaim",
            personality_id=ids.personality,
            sender_id=OLD_IDS[-_NUMBERS[key]],
            request_id=key,
        ),
        lambda answer: answer.claim.id,
        "ListMemoryClaims",
    ),
    "StartFlow": Creation(
        lambda ids, key: request_for("StartFlow", path="character create", request_id=key),
        lambda ids, key: request_for("StartFlow", path="memory browse", request_id=key),
        lambda answer: answer.flow.id,
        "ListFlows",
    ),
    "CreateDenial": Creation(
        lambda ids, key: request_for(
            "CreateDenial",
            denial={"subject": f"local:{key}", "kind": "DENIAL_KIND_MUTE"},
            request_id=key,
        ),
        lambda ids, key: request_for(
            "CreateDenial",
            denial={"subject": f"local:{key}", "kind": "DENIAL_KIND_BLOCK"},
            request_id=key,
        ),
        lambda answer: answer.denial.id,
        "ListDenials",
    ),
    "CreateServiceToken": Creation(
        lambda ids, key: request_for(
            "CreateServiceToken",
            service_token={"name": key, "scopes": ["memory.read"]},
            request_id=key,
        ),
        lambda ids, key: request_for(
            "CreateServiceToken",
            service_token={"name": key, "scopes": ["memory.read"], "acts_for": ["*"]},
            request_id=key,
        ),
        lambda answer: answer.service_token.id,
        "ListServiceTokens",
    ),
    "Chat": Creation(
        lambda ids, key: saying("What do I keep?", ids.personality, request_id=key),
        lambda ids, key: saying("What else do I keep?", ids.personality, request_id=key),
        lambda answer: answer[-1].event.turn_id,
        "ListTurns",
    ),
}

RPCS = sorted(CREATIONS)


@pytest.fixture(scope="module")
async def maker(served: Served) -> Resident:
    (client,) = served.people("maker")
    return await settle(client, served)


def test_every_rpc_that_takes_a_request_id_has_a_row() -> None:
    taking = {name for name, it in METHODS.items() if "request_id" in it.input_type.fields_by_name}
    assert taking == set(CREATIONS)
    creating = {name for name in METHODS if name.startswith("Create")}
    assert creating <= taking


@pytest.mark.parametrize("rpc", RPCS)
async def test_a_repeat_gives_what_the_first_call_made(rpc: str, maker: Resident) -> None:
    row, key = CREATIONS[rpc], str(uuid4())
    first = await maker.client.call(rpc, row.request(maker.ids, key))
    again = await maker.client.call(rpc, row.request(maker.ids, key))
    assert row.made(first) == row.made(again)
    assert await _count(maker, row, {row.made(first)}) == 1


@pytest.mark.parametrize("rpc", RPCS)
async def test_twins_at_the_same_time_make_one_thing(rpc: str, maker: Resident) -> None:
    row, key = CREATIONS[rpc], str(uuid4())
    before = await _ids(maker, row)
    answers = await asyncio.gather(
        *(maker.client.call(rpc, row.request(maker.ids, key)) for _ in range(TWINS))
    )
    assert len({row.made(answer) for answer in answers}) == 1
    assert len(await _ids(maker, row) - before) == 1


@pytest.mark.parametrize("rpc", RPCS)
async def test_the_same_request_id_for_something_else_is_refused(rpc: str, maker: Resident) -> None:
    row, key = CREATIONS[rpc], str(uuid4())
    await maker.client.call(rpc, row.request(maker.ids, key))
    refusal = await maker.client.refused(rpc, row.other(maker.ids, key))
    assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "REQUEST_ID_REUSED")
    assert refusal.metadata == {"request_id": key}


@pytest.mark.parametrize("rpc", RPCS)
async def test_two_people_may_use_the_same_request_id(
    rpc: str, maker: Resident, mira: Resident
) -> None:
    row, key = CREATIONS[rpc], str(uuid4())
    mine = await maker.client.call(rpc, row.request(maker.ids, key))
    if rpc == "CreatePersonality":  # slugs are unique for all people
        hers = await mira.client.call(
            rpc, request_for(rpc, personality={"name": "Io"}, request_id=key)
        )
    else:
        hers = await mira.client.call(rpc, row.request(mira.ids, key))
    assert row.made(mine) != row.made(hers)


async def test_a_repeat_never_shows_the_secret_again(maker: Resident) -> None:
    row, key = CREATIONS["CreateServiceToken"], str(uuid4())
    answers = await asyncio.gather(
        *(
            maker.client.call("CreateServiceToken", row.request(maker.ids, key))
            for _ in range(TWINS)
        )
    )
    secrets = [answer.secret for answer in answers if answer.secret]
    assert len(secrets) == 1
    again = await maker.client.call("CreateServiceToken", row.request(maker.ids, key))
    assert again.secret == ""
    assert secrets[0] not in str(again)


async def test_a_repeat_gives_the_personality_as_it_is_now(maker: Resident) -> None:
    row, key = CREATIONS["CreatePersonality"], str(uuid4())
    request = row.request(maker.ids, key)
    first = await maker.client.call("CreatePersonality", request)
    change = {"name": "Europa", "greeting": "Here."}
    ref = {"id": first.personality.id}
    await maker.client.call(
        "UpdatePersonality", request_for("UpdatePersonality", ref=ref, personality=change)
    )
    again = await maker.client.call("CreatePersonality", request)
    assert (again.personality.id, again.personality.name) == (first.personality.id, "Europa")


async def test_a_repeat_of_a_chat_gives_its_events_from_the_start(maker: Resident) -> None:
    row, key = CREATIONS["Chat"], str(uuid4())
    first = await maker.client.call("Chat", row.request(maker.ids, key))
    again = await maker.client.call("Chat", row.request(maker.ids, key))
    assert again[0].event.WhichOneof("kind") == "started"
    assert again[-1].event == first[-1].event  # finished, with the same number and message


async def _ids(maker: Resident, row: Creation) -> set[str]:
    if row.listing == "GetLorebook":
        asked = request_for("GetLorebook", lorebook_id=maker.ids.lorebook)
        book = (await maker.client.call("GetLorebook", asked)).lorebook
        return {entry.id for entry in book.entries}
    paged = "page_size" in METHODS[row.listing].input_type.fields_by_name
    asked = request_for(row.listing, **({"page_size": 200} if paged else {}))
    page = await maker.client.call(row.listing, asked)
    return {item.id for item in getattr(page, page.DESCRIPTOR.fields_by_number[1].name)}


async def _count(maker: Resident, row: Creation, wanted: set[str]) -> int:
    return len(await _ids(maker, row) & wanted)
