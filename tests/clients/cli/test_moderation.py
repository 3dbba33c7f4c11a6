"""`tzurot deny`, `maintenance` and `age` with the real `tzurot` at a real server."""

import shlex
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    (client,) = served.people("ada")
    return Person(served, client, tmp_path)


@pytest.fixture
async def over(ada: Person) -> AsyncIterator[None]:
    """Whatever a test begins, the work is over afterwards."""
    yield
    await ada.run("maintenance", "off")


async def denied(who: Person, *where: str) -> list[dict[str, str]]:
    return (await who.document("deny", "list", *where))["denials"]


async def test_what_is_denied_is_listed_until_it_is_taken_back(ada: Person) -> None:
    slug, server = await ada.character("Lilith"), uuid4().hex
    where = ("--platform", "local", "--within", server)
    for target, what, field in (
        (["local:kim"], "person local:kim", "subject"),
        (["--server", "7"], "server 7", "space_id"),
        (["--channel", "8"], "channel 8", "channel_id"),
        (["--character", slug], "character ", "personality_id"),
    ):
        told = await ada.run("deny", "add", *target, *where, "--mute", "--reason", "Spam.")
        assert (told.code, told.err) == (0, "")
        assert told.out.startswith(f"The {what}")
        (denial,) = await denied(ada, *where)
        assert denial[field]
        assert (denial["kind"], denial["reason"]) == ("DENIAL_KIND_MUTE", "Spam.")
        row = (await ada.run("deny", "list", *where)).out.splitlines()[1].split()
        assert row[:2] == [denial["id"], what.split()[0]]
        assert row[-3:] == ["mute", "-", "Spam."]
        told = await ada.run("deny", "remove", denial["id"], *where)
        assert (told.code, told.out) == (0, f"The denial {denial['id']} is taken back.\n")
        assert await denied(ada, *where) == []


async def test_a_denial_is_told_and_without_end_unless_it_is_said(ada: Person) -> None:
    where = ("--platform", "local", "--within", uuid4().hex)
    made = (await ada.document("deny", "add", "local:kim", *where))["denial"]
    assert made["kind"] == "DENIAL_KIND_BLOCK"
    assert not made.get("expire_time")
    made = (await ada.document("deny", "add", "local:kim", *where, "--expire-days", "3"))["denial"]
    assert made["expire_time"]
    assert len(await denied(ada, *where)) == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("deny add", "Deny one: a SUBJECT, --server, --channel or --character."),
        ("deny add local:kim --server 7", "Deny one: a SUBJECT,"),
        ("deny add --server 7", "must name the platform that a server or channel is of"),
        ("deny add kim", "denial.subject"),
        ("deny remove 0199c5a0-0000-7000-8000-000000000001", "There is no denial"),
        ("maintenance on ' '", "Say what people are told meanwhile."),
        ("age set local:kim grown", "'grown' is not one of 'adult', 'barred', 'unproven'"),
    ],
)
async def test_what_cannot_be_done_ends_with_a_sentence(
    command: str, words: str, ada: Person
) -> None:
    ended = await ada.run(*shlex.split(command))
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


async def test_work_on_the_server_is_begun_shown_and_ended(ada: Person, over: None) -> None:
    assert (await ada.run("maintenance", "show")).out == "The server is not being worked on.\n"
    told = await ada.run("maintenance", "on", "Back at noon.")
    assert told.out == "Nobody is answered until `tzurot maintenance off`.\n"
    shown = await ada.run("maintenance", "show")
    assert shown.out.splitlines()[0].split(maxsplit=1) == ["message", "Back at noon."]
    assert (await ada.document("maintenance", "show"))["message"] == "Back at noon."
    assert (await ada.run("maintenance", "off")).out == "People are answered.\n"
    assert (await ada.run("maintenance", "show")).out == "The server is not being worked on.\n"


async def test_what_is_known_of_an_age_is_said_and_forgotten(ada: Person) -> None:
    async def adult() -> bool:
        return (await ada.client.call("GetMe")).person.HasField("adult_time")

    me = str(ada.client.subject)
    for standing in ("adult", "unproven", "adult", "barred", "adult"):
        told = await ada.run("age", "set", me, standing)
        assert told.out == f"{me} is {standing} from now on.\n"
        assert await adult() == (standing == "adult")
    told = await ada.run("age", "revoke")
    assert told.out == "It is forgotten that you proved to be an adult.\n"
    assert not await adult()
