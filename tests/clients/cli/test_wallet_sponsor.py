"""Sponsoring a server on the command line, with a real server."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served
from tests.wallet.keys.test_keys import a_key


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


async def test_a_server_is_sponsored_listed_changed_and_no_more(ada: Person) -> None:
    space = f"local:{uuid4().hex}"
    await ada.run("wallet", "key", "add", "openai", said=a_key())
    much = ("--dollars", "5", "--each", "0.5")
    ended = await ada.run("wallet", "sponsor", "add", "default", space, *much)
    assert (ended.code, ended.out.splitlines()) == (
        0,
        [
            f"gpt-4.1-mini answers members of {space}.",
            "$5.00 a day for all, of which $0.0000 is spent; $0.5000 for each member.",
        ],
    )
    (listed,) = (await ada.document("wallet", "sponsor", "list"))["sponsors"]
    assert (listed["cap_micros"], listed["member_cap_micros"]) == ("5000000", "500000")
    assert space in (await ada.run("wallet", "sponsor", "list")).out
    ended = await ada.run("wallet", "sponsor", "set", listed["id"], "--each", "1")
    assert ended.out.endswith(
        "$5.00 a day for all, of which $0.0000 is spent; $1.00 for each member.\n"
    )
    ended = await ada.run("wallet", "sponsor", "set", listed["id"])
    assert ended.err == "Say how much: --dollars, --each or both.\n"
    shown = (await ada.document("wallet", "explain", "--in", f"{space}/hall"))["alternatives"]
    assert [it["route"] for it in shown][:2] == ["PAYMENT_ROUTE_OWN_KEY", "PAYMENT_ROUTE_SPONSOR"]
    ended = await ada.run("wallet", "sponsor", "remove", listed["id"])
    assert ended.out == "It pays no more.\n"
    assert (await ada.document("wallet", "sponsor", "list"))["sponsors"] == []


async def test_what_can_not_be_sponsored_is_said(ada: Person) -> None:
    much = ("--dollars", "5", "--each", "0.5")
    ended = await ada.run("wallet", "sponsor", "add", "default", "discord", *much)
    assert ended.err == "'discord' is no server: it must be PLATFORM:SPACE.\n"
    ended = await ada.run("wallet", "sponsor", "add", "default", "local:1", *much)
    assert ended.err.startswith("You have no such key.")
    ended = await ada.run("wallet", "sponsor", "remove", str(uuid4()))
    assert ended.err.startswith("You sponsor nothing by the id")
