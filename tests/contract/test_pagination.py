"""Every list goes through all that is there, once, in pages of any size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.calling import METHODS, Client, request_for
from tests.conftest import Served
from tests.contract.residents import Ids, Resident, settle

COPIES = 205  # more than a page can hold
DEFAULT, MAXIMUM = 50, 200
# A share is of a person of its own, so that no copies can be made: tests/personality/test_shares.py
# Channels are rows that only deciding something makes: tests/session/test_channel_pages.py
# Each message has one summary at most: tests/session/summaries/test_summarizing.py
# Models are no rows: tests/wallet/test_models.py
ELSEWHERE = {"ListPersonalityShares", "ListChannels", "ListSummaries", "ListModels"}


@dataclass(frozen=True, slots=True)
class Listing:
    """How to fill a list, and how to ask for it.

    `table` is where copies of the row `handle` go; `fresh` are the columns that a copy must have
    for itself, as SQL. `filters` ask for what was filled, `others` for something else.
    """

    table: str
    handle: Callable[[Ids], str]
    fresh: Mapping[str, str] = field(default_factory=dict)
    filters: Callable[[Ids], Mapping[str, Any]] = lambda _: {}
    others: Mapping[str, Any] | None = None


LISTS: Mapping[str, Listing] = {
    "ListPersonalities": Listing(
        "personalities",
        lambda ids: ids.personality,
        {"slug": "'p-' || gen_random_uuid()"},
        lambda _: {"mine": True},
        {"mine": False},
    ),
    "ListPersonalityAliases": Listing(
        "personality_aliases",
        lambda ids: ids.alias,
        {"folded_alias": "gen_random_uuid()"},
        lambda ids: {"personality": {"id": ids.personality}},
        {"personality": {"id": str(uuid4())}},
    ),
    "ListLorebooks": Listing(
        "lorebooks",
        lambda ids: ids.lorebook,
        {"content_sha256": "md5(gen_random_uuid()::text)"},
    ),
    "ListPresets": Listing("presets", lambda ids: ids.preset, {"name": "gen_random_uuid()"}),
    "ListDocuments": Listing(
        "documents",
        lambda ids: ids.document,
        {"origin": "gen_random_uuid()"},
        lambda ids: {"personality": {"id": ids.personality}},
        {"personality": {"id": str(uuid4())}},
    ),
    "ListMemories": Listing(
        "memories",
        lambda ids: ids.memory,
        filters=lambda ids: {"personality_id": ids.personality},
        others={"personality_id": str(uuid4())},
    ),
    "ListDreams": Listing(
        "dreams",
        lambda ids: ids.dream,
        filters=lambda ids: {"personality_id": ids.personality},
        others={"personality_id": str(uuid4())},
    ),
    "ListFacts": Listing(
        "facts",
        lambda ids: ids.fact,
        filters=lambda ids: {"personality_id": ids.personality},
        others={"personality_id": str(uuid4())},
    ),
    "ListMemoryClaims": Listing(
        "memory_claims",
        lambda ids: ids.claim,
        {"sender_id": "gen_random_uuid()"},
    ),
    "ListPersonas": Listing("personas", lambda ids: ids.persona, {"origin": "gen_random_uuid()"}),
    "ListTurns": Listing(
        "turns",
        lambda ids: ids.turn,
        filters=lambda ids: {"conversation_id": ids.conversation},
        others={"conversation_id": str(uuid4())},
    ),
    "ListConversations": Listing(
        "conversations",
        lambda ids: ids.conversation,
        {"channel_id": "gen_random_uuid()"},
        lambda _: {"platform": "terminal"},
        {"platform": "discord"},
    ),
    "ListMessages": Listing(
        "messages",
        lambda ids: ids.conversation,
        {"chosen": "false"},
        lambda ids: {"conversation_id": ids.conversation},
    ),
    "ListUsageRecords": Listing("model_attempts", lambda ids: ids.attempt),
    "ListFlows": Listing("flows", lambda ids: ids.flow),
    "ListDenials": Listing(
        "denials",
        lambda ids: ids.denial,
        {"target_id": "'local:' || gen_random_uuid()"},
        lambda ids: {"platform": "local", "within_space_id": ids.personality},
        {"platform": "local", "within_space_id": "elsewhere"},
    ),
    "ListServiceTokens": Listing(
        "service_tokens",
        lambda ids: ids.token,
        {"secret_hash": "decode(md5(gen_random_uuid()::text), 'hex')"},
    ),
}


def test_every_rpc_that_takes_a_page_token_has_a_row() -> None:
    paged = {name for name, method in METHODS.items() if "page_token" in _fields(name)}
    assert paged == set(LISTS) | ELSEWHERE
    for name in paged:
        method = METHODS[name]
        assert method.input_type.fields_by_name["page_size"].type == 5  # int32, by descriptor.proto
        assert "next_page_token" in method.output_type.fields_by_name
        assert method.output_type.fields_by_number[1].is_repeated


@pytest.fixture(scope="module")
async def rich(served: Served) -> Resident:
    """Somebody with more of everything than fits on a page."""
    (client,) = served.people("rich")
    resident = await settle(client, served)
    async with served.running.parts.database.transaction() as tx:
        await tx.execute(text("ALTER TABLE memories DISABLE TRIGGER memories_tell_index"))
        for listing in LISTS.values():
            await tx.execute(
                text(_copying(listing, await _columns(tx, listing.table))),
                {
                    "handle": listing.handle(resident.ids),
                    "copies": COPIES,
                },
            )
        await tx.execute(text("ALTER TABLE memories ENABLE TRIGGER memories_tell_index"))
    return resident


@pytest.mark.parametrize("rpc", sorted(LISTS))
async def test_pages_are_the_whole_list_without_repeats(rpc: str, rich: Resident) -> None:
    pages = await _pages(rich, rpc, page_size=70)
    shown = [item.id for page in pages for item in page]
    assert len(shown) > COPIES
    assert len(set(shown)) == len(shown)
    assert [len(page) for page in pages[:-1]] == [70] * (len(pages) - 1)
    if rpc != "ListServiceTokens":  # those of all tests
        assert len(shown) in (COPIES + 1, COPIES + 2)
    whole = [item.id for page in await _pages(rich, rpc, page_size=MAXIMUM) for item in page]
    assert shown == whole


@pytest.mark.parametrize("rpc", sorted(LISTS.keys() - {"ListPersonas"}))  # that one is by name
async def test_lists_are_newest_first(rpc: str, rich: Resident) -> None:
    key = "update_time" if rpc == "ListConversations" else "id"
    shown = [item for page in await _pages(rich, rpc, page_size=MAXIMUM) for item in page]
    order = [_order(item, key) for item in shown]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("rpc", sorted(LISTS))
@pytest.mark.parametrize(
    ("asked", "given"), [(0, DEFAULT), (1, 1), (MAXIMUM, MAXIMUM), (MAXIMUM + 1, MAXIMUM)]
)
async def test_a_page_size_is_a_wish_within_limits(
    rpc: str, asked: int, given: int, rich: Resident
) -> None:
    page = await rich.client.call(rpc, _request(rpc, rich.ids, page_size=asked))
    assert len(_items(page)) == given
    assert page.next_page_token


@pytest.mark.parametrize("rpc", sorted(LISTS))
async def test_a_negative_page_size_is_refused(rpc: str, rich: Resident) -> None:
    refusal = await rich.client.refused(rpc, _request(rpc, rich.ids, page_size=-1))
    assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("page_size",))


@pytest.mark.parametrize("rpc", sorted(LISTS))
@pytest.mark.parametrize("garbage", ["x", "AAAA", "ünï", "…", "e30=", "0" * 1024])
async def test_a_token_that_no_list_gave_is_refused(rpc: str, garbage: str, rich: Resident) -> None:
    refusal = await rich.client.refused(rpc, _request(rpc, rich.ids, page_token=garbage))
    assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "PAGE_TOKEN_INVALID")


@pytest.mark.parametrize("rpc", [rpc for rpc, it in sorted(LISTS.items()) if it.others])
async def test_a_token_of_a_list_with_other_filters_is_refused(rpc: str, rich: Resident) -> None:
    token = await _token(rich.client, rpc, rich.ids)
    others = request_for(rpc, **(LISTS[rpc].others or {}), page_token=token)
    refusal = await rich.client.refused(rpc, others)
    assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "PAGE_TOKEN_MISMATCH")


@pytest.mark.parametrize("rpc", sorted(LISTS))
async def test_a_token_of_another_list_is_refused(rpc: str, rich: Resident) -> None:
    for other in sorted(LISTS):
        if other == rpc:
            continue
        token = await _token(rich.client, other, rich.ids)
        refusal = await rich.client.refused(rpc, _request(rpc, rich.ids, page_token=token))
        assert refusal.reason == "PAGE_TOKEN_MISMATCH", f"{other} → {rpc}"


async def _token(client: Client, rpc: str, ids: Ids) -> str:
    return (await client.call(rpc, _request(rpc, ids, page_size=1))).next_page_token


async def _pages(who: Resident, rpc: str, page_size: int) -> list[list[Any]]:
    pages: list[list[Any]] = []
    token = ""
    while True:
        request = _request(rpc, who.ids, page_size=page_size, page_token=token)
        page = await who.client.call(rpc, request)
        pages.append(_items(page))
        token = page.next_page_token
        if not token:
            return pages


def _request(rpc: str, ids: Ids, **fields: Any) -> Any:
    return request_for(rpc, **LISTS[rpc].filters(ids), **fields)


def _items(page: Any) -> list[Any]:
    return list(getattr(page, page.DESCRIPTOR.fields_by_number[1].name))


def _order(item: Any, key: str) -> Any:
    value = getattr(item, key)
    return value if isinstance(value, str) else value.ToNanoseconds()


def _fields(rpc: str) -> set[str]:
    return set(METHODS[rpc].input_type.fields_by_name)


async def _columns(tx: Any, table: str) -> list[str]:
    query = text("SELECT column_name FROM information_schema.columns WHERE table_name = :table")
    return list((await tx.scalars(query, {"table": table})).all())


def _copying(listing: Listing, columns: list[str]) -> str:
    """SQL that copies a row, with what a copy must have for itself."""
    fresh = {"id": "uuidv7()", **listing.fresh}
    if "request_id" in columns:
        fresh["request_id"] = "NULL"
    values = ", ".join(fresh.get(column, f"it.{column}") for column in columns)
    handle = "conversation_id" if listing.table == "messages" else "id"
    return (
        f"INSERT INTO {listing.table} ({', '.join(columns)}) SELECT {values} "  # noqa: S608 - ours
        f"FROM {listing.table} it, generate_series(1, :copies) WHERE it.{handle} = :handle"
    )
