"""What is somebody else's does not exist: refused by the reason of its kind, or not shown."""

from dataclasses import replace

import grpc.aio
import pytest

from tests.calling import METHODS, Asked, Client, Refusal, refusal_of
from tests.contract.residents import Ids, Resident
from tests.contract.rows import ROWS, RPCS

NAMING = [rpc for rpc in RPCS if ROWS[rpc].request(Ids.of_nothing()).ListFields()]


@pytest.mark.parametrize("rpc", [rpc for rpc in RPCS if ROWS[rpc].missing])
async def test_what_does_not_exist_is_not_found_by_the_reason_of_its_kind(
    rpc: str, mira: Resident
) -> None:
    ids = Ids.of_nothing()
    refusal = await mira.client.refused(rpc, ROWS[rpc].asked(ids))
    assert (refusal.code.name, refusal.reason) == ("NOT_FOUND", ROWS[rpc].missing)
    (named,) = refusal.metadata.values()
    assert named in ids.all


@pytest.mark.parametrize("rpc", [rpc for rpc in NAMING if ROWS[rpc].owned])
async def test_what_is_somebody_elses_answers_like_what_does_not_exist(
    rpc: str, mira: Resident, kael: Resident
) -> None:
    nothing = Ids.of_nothing()
    theirs = await _answer(mira.client, rpc, ROWS[rpc].asked(kael.ids))
    absent = await _answer(mira.client, rpc, ROWS[rpc].asked(nothing))
    if ROWS[rpc].missing:
        assert isinstance(theirs, Refusal)
    if isinstance(theirs, Refusal) and isinstance(absent, Refusal):
        assert _masked(theirs, kael.ids) == _masked(absent, nothing)
    elif METHODS[rpc].name.startswith(("List", "Resolve")) and rpc != "ListPersonalities":
        assert (str(theirs), str(absent)) == ("", "")  # shown is nothing, by either name


async def test_listing_shows_what_is_mine_and_nothing_of_anybody_elses(
    mira: Resident, kael: Resident
) -> None:
    lists = [rpc for rpc in RPCS if rpc.startswith("List") and rpc != "ListServiceTokens"]
    for rpc in lists:
        shown = str(await mira.client.call(rpc, ROWS[rpc].request(mira.ids)))
        assert not [handle for handle in kael.ids.all if handle in shown], rpc


async def _answer(client: Client, rpc: str, request: Asked) -> object:
    try:
        return await client.call(rpc, request)
    except grpc.aio.AioRpcError as error:
        return refusal_of(error)


def _masked(refusal: Refusal, ids: Ids) -> Refusal:
    """The refusal with the handles that the request named left out."""

    def masked(text: str) -> str:
        for handle in ids.all:
            text = text.replace(handle, "…")
        return text

    return replace(
        refusal,
        metadata={key: masked(value) for key, value in refusal.metadata.items()},
        message=masked(refusal.message),
        localized=masked(refusal.localized),
    )
