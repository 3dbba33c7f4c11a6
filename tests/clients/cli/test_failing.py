"""What goes wrong: one sentence on stderr that says what to do, and the exit code."""

from pathlib import Path

import pytest

from tests.clients.cli.running import tzurot
from tests.clients.stub_server import Refusal, StubServer, stub_server


def refusing(*told: str, **metadata: str):
    def refuse(_: object) -> None:
        raise Refusal(*told, **metadata)

    return refuse


async def test_a_server_that_is_down(tmp_path: Path) -> None:
    async with stub_server() as stub:
        address = stub.address
    for command in (("turn", "list"), ("chat",)):
        ended = await tzurot(*command, home=tmp_path, address=address)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == (
            f"No server answers at {address}: start one with `make up`,"
            " or name another with --address.\n"
        )


async def test_a_wrong_token(stub: StubServer, tmp_path: Path) -> None:
    for command in (("turn", "list"), ("chat",)):
        ended = await tzurot("--token", "wrong", *command, home=tmp_path, address=stub.address)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == (
            f"The server at {stub.address} does not accept this token:"
            " give a valid one with --token or TZUROT_TOKEN.\n"
        )


async def test_no_token(tmp_path: Path) -> None:
    ended = await tzurot("model", "list", home=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("There is no token for 127.0.0.1:50551: start a server")
    assert ended.err.count("\n") == 1


async def test_a_taken_slug(stub: StubServer, tmp_path: Path) -> None:
    stub.answers["CreatePersonality"] = refusing("ALREADY_EXISTS", "SLUG_TAKEN", slug="mira")
    command = ("personality", "create", "--name", "Mira")
    ended = await tzurot(*command, home=tmp_path, address=stub.address)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "Another character already uses the slug `mira`: choose another one with --slug.\n"
    )


@pytest.mark.parametrize(
    ("code", "reason", "exit_code"),
    [
        ("INVALID_ARGUMENT", "INVALID_FIELD", 2),
        ("PERMISSION_DENIED", "SCOPE_MISSING", 2),
        ("PERMISSION_DENIED", "SUBJECT_DENIED", 2),
        ("NOT_FOUND", "TURN_NOT_FOUND", 2),
        ("NOT_FOUND", "A_REASON_OF_THE_FUTURE", 2),
        ("FAILED_PRECONDITION", "NO_PAYING_KEY", 2),
        ("ABORTED", "ETAG_MISMATCH", 2),
        ("RESOURCE_EXHAUSTED", "PROVIDER_QUOTA", 1),
        ("UNAVAILABLE", "STORAGE_UNAVAILABLE", 1),
        ("UNAVAILABLE", "DRAINING", 1),
        ("DEADLINE_EXCEEDED", "PROVIDER_TIMEOUT", 1),
        ("INTERNAL", "INTERNAL", 1),
    ],
)
async def test_the_exit_code_tells_whether_the_caller_can_mend_it(
    stub: StubServer, tmp_path: Path, code: str, reason: str, exit_code: int
) -> None:
    stub.answers["ListSkills"] = refusing(code, reason, "It is so.")
    ended = await tzurot("skill", "list", home=tmp_path, address=stub.address)
    assert (ended.code, ended.out) == (exit_code, "")
    assert ended.err.startswith("It ")
    assert ended.err.count("\n") == 1


async def test_advice_names_what_the_error_is_about(stub: StubServer, tmp_path: Path) -> None:
    stub.answers["ListSkills"] = refusing(
        "PERMISSION_DENIED", "SCOPE_MISSING", "The token lacks `skill.read`.", scope="skill.read"
    )
    ended = await tzurot("skill", "list", home=tmp_path, address=stub.address)
    assert "`tzurot token create --scope skill.read …`" in ended.err


async def test_a_refused_key_of_ones_own_is_not_the_operators_matter(
    stub: StubServer, tmp_path: Path
) -> None:
    about = {"provider": "OpenAI", "key": "the API key"}
    told = ("FAILED_PRECONDITION", "API_KEY_REJECTED", "OpenAI refuses the API key.")
    for whose, advice in (("operator", "start the server with"), ("caller", "compare it with")):
        stub.answers["ListSkills"] = refusing(*told, **about, whose=whose)
        ended = await tzurot("skill", "list", home=tmp_path, address=stub.address)
        assert ended.code == 2
        assert ended.err.startswith(f"OpenAI refuses the API key: {advice}")


async def test_what_a_server_says_in_an_error_never_steers_the_terminal(
    stub: StubServer, tmp_path: Path
) -> None:
    stub.answers["ListSkills"] = refusing("INTERNAL", "INTERNAL", "\x1b[2JGone {slug} \x9b0m.")
    ended = await tzurot("skill", "list", home=tmp_path, address=stub.address)
    assert ended.err == "Gone {slug} .\n"


async def test_a_usage_error_is_the_callers(tmp_path: Path) -> None:
    for command in (("turn", "inspect"), ("memory", "search"), ("nonsense",), ("turn", "--what")):
        ended = await tzurot(*command, home=tmp_path)
        assert (ended.code, ended.out) == (2, "")
        assert "Error: " in ended.err


async def test_an_edit_of_nothing(stub: StubServer, tmp_path: Path) -> None:
    ended = await tzurot("personality", "edit", "tzu", home=tmp_path, address=stub.address)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Nothing to change: ")
    assert stub.calls == []


async def test_a_deletion_that_nobody_confirms(stub: StubServer, tmp_path: Path) -> None:
    ended = await tzurot("personality", "delete", "tzu", home=tmp_path, address=stub.address)
    assert (ended.code, ended.out) == (2, "")
    assert "--yes" in ended.err
    assert stub.calls == []


async def test_a_last_turn_that_is_none(stub: StubServer, tmp_path: Path) -> None:
    ended = await tzurot("turn", "inspect", "last", home=tmp_path, address=stub.address)
    assert ended.code == 2
    assert ended.err == "There is no turn yet: say something with `tzurot chat`.\n"
