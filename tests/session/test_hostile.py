"""Whatever somebody writes: no foreign memory, no hidden definition, no mark of a prompt closed.

The inputs are in hostile/inputs.yaml, by the place where each is written. Each is played at a real
server and compared with something harmless in its place: what the provider gets, and what the
person can read afterwards.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc.aio
import pytest
import yaml

from tests.conftest import RunningServer
from tests.fakes.provider import FakeProvider
from tests.session.hostile.meadow import ASKED, Meadow, Played
from tests.session.hostile.parsing import Prompt
from tests.session.hostile.scene import Canary, Card, Row
from tests.session.stage import set_up
from tzurot_client import connect

ROWS = [
    Row(place, **row)
    for place, rows in yaml.safe_load(
        (Path(__file__).parent / "hostile" / "inputs.yaml").read_text()
    ).items()
    for row in rows
]
# What Mallory said elsewhere, to each of them, is Mallory's to look up.
LOOKED_UP = {"Lilith": {Canary.DIRECT, Canary.DEN}, "Kael": {Canary.OTHER}}


@pytest.fixture(scope="module")
async def meadow(shared_server: RunningServer, model: FakeProvider) -> AsyncIterator[Meadow]:
    async with (
        connect(shared_server.address, shared_server.token) as client,
        grpc.aio.insecure_channel(shared_server.address) as channel,
        set_up(shared_server, model, client) as stage,
    ):
        yield await Meadow.laid(stage, channel)


def sung(text: bytes | str) -> set[Canary]:
    """The canaries in what somebody reads."""
    read = text if isinstance(text, bytes) else text.encode()
    return {it for it in Canary if it.encode() in read}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.place}-{row.input}")
async def test_it_gets_nothing_that_it_wants(row: Row, meadow: Meadow) -> None:
    usual = await meadow.usually(row.harmless)
    played = await meadow.plays(row.hostile(meadow.known))
    keeps_its_structure(row, usual, played)
    tells_no_secret(played)


def keeps_its_structure(row: Row, usual: Played, played: Played) -> None:
    """The same pieces in the same order; its own are all that it changes."""
    before, now = usual.prompt, played.prompt
    assert set(now.pieces) <= set(before.pieces)
    assert row.place == "said" or set(now.pieces) == set(before.pieces)  # it decides what comes up
    assert others(row, now) == others(row, before)
    assert (now.pieces != before.pieces) is bool(row.own)
    assert str(played.asked[0].messages).count(ASKED) == 1
    assert now.pieces.get("message", now.pieces.get("nudge", "")).count(ASKED) == 1


def others(row: Row, prompt: Prompt) -> list[tuple[str, str]]:
    """The pieces that are none of a row's, in order."""
    return [(name, text) for name, text in prompt.pieces.items() if name not in row.own]


def tells_no_secret(played: Played) -> None:
    """What is not Mallory's to know is nowhere that the model, or Mallory, could read it."""
    assert sung(str(played.others.body)) == {Canary.KAEL}
    for request in played.asked:
        assert sung(str(request.body)) == {Canary.LILITH}
    for what, told in played.read.items():
        call, _, who = what.partition(" of ")
        assert sung(told) <= (LOOKED_UP[who] if call.endswith("Memories") else set[Canary]()), what


def test_there_are_enough_and_no_two_are_the_same() -> None:
    assert len(ROWS) >= 60
    assert len({(row.place, row.input) for row in ROWS}) == len(ROWS)
    assert all(row.tries and row.text for row in ROWS)


async def test_what_is_kept_from_mallory_is_there_for_others(meadow: Meadow) -> None:
    lilith = await meadow.lilith(Card())
    asked = len(meadow.stage.asked)
    await meadow.ada.asks("Where do my bees live?", lilith)
    assert sung(str(meadow.stage.asked[asked].body)) == {
        *(Canary.LILITH, Canary.NEIGHBOR, Canary.NEIGHBOR_ALONE)
    }
