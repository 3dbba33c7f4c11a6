"""Which memories a command is about: its options become the contract's filter."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clients.cli.running import Ended, tzurot
from tests.clients.scripted_talk import identity
from tests.clients.stub_server import StubServer
from tzurot.account.v1 import account_service_pb2, person_pb2
from tzurot.memory.v1 import memory_filter_pb2

ADA, SOL, TWIN = identity("ada"), identity("sol"), identity("twin")


@pytest.fixture
async def search(stub: StubServer, tmp_path: Path) -> Any:
    """Searches with options; how it ended and the filter that was asked for, if any was."""
    stub.answers["ListPersonas"] = lambda _: account_service_pb2.ListPersonasResponse(
        personas=[
            person_pb2.Persona(id=ADA, name="Ada", display_name="Countess"),
            person_pb2.Persona(id=SOL, name="Sol"),
            person_pb2.Persona(id=TWIN, name="sol"),
        ]
    )

    async def searched(*options: str) -> tuple[Ended, memory_filter_pb2.MemoryFilter | None]:
        command = ("memory", "search", "bees", *options)
        ended = await tzurot(*command, home=tmp_path, address=stub.address)
        requests = stub.requests("SearchMemories")
        if not requests or not requests[-1].HasField("filter"):
            return ended, None
        return ended, requests[-1].filter

    return searched


async def test_without_options_nothing_is_left_out(search: Any) -> None:
    _, meant = await search()
    assert meant is None


async def test_each_option_is_a_field_of_the_filter(search: Any) -> None:
    _, meant = await search(
        "--sector", "emotional", "--sector", "episodic", "--venue", "public", "--venue", "direct",
        "--since", "2026-07-01T00:00+00:00", "--until", "2026-07-31T18:30+02:00",
        "--persona", "countess", "--persona", TWIN, "--locked",
    )  # fmt: skip
    assert list(meant.sectors) == [4, 1]
    assert list(meant.venues) == [3, 1]
    assert meant.occur_from.ToDatetime(UTC) == datetime(2026, 7, 1, tzinfo=UTC)
    assert meant.occur_until.ToDatetime(UTC) == datetime(2026, 7, 31, 16, 30, tzinfo=UTC)
    assert list(meant.persona_ids) == [ADA, TWIN]
    assert meant.locked


async def test_what_is_not_locked_is_another_thing_than_both(search: Any) -> None:
    _, meant = await search("--not-locked")
    assert meant.HasField("locked")
    assert not meant.locked


@pytest.mark.parametrize(
    ("told", "ago"),
    [
        ("10m", timedelta(minutes=10)),
        ("6h", timedelta(hours=6)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
    ],
)
async def test_a_time_can_be_told_as_how_long_ago(search: Any, told: str, ago: timedelta) -> None:
    before = datetime.now(UTC) - ago
    _, meant = await search("--since", told)
    moment = meant.occur_from.ToDatetime(UTC)
    assert before <= moment <= datetime.now(UTC) - ago


async def test_a_day_begins_where_this_machine_is(search: Any) -> None:
    _, meant = await search("--since", "2026-07-31")
    moment = meant.occur_from.ToDatetime(UTC).astimezone()
    assert (moment.hour, moment.minute, moment.day) == (0, 0, 31)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--since", "lately"), "is no time"),
        (("--since", "9999999999d"), "is no time"),
        (("--until", "999999w"), "is no time"),
        (("--sector", "sad"), "emotional"),
        (("--venue", "cellar"), "private"),
        (("--persona", "Luna"), "is no persona of yours"),
        (("--persona", "SOL"), "Several of your personas"),
    ],
)
async def test_what_means_nothing_is_told_before_anything_is_searched(
    search: Any, options: tuple[str, ...], told: str
) -> None:
    ended, meant = await search(*options)
    assert meant is None
    assert ended.code == 2
    assert told in " ".join((ended.out + ended.err).split())
