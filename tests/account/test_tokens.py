"""Service tokens: only a hash is kept, the secret is shown once, and the end of one is at once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.calling import request_for
from tests.conftest import Served
from tzurot import clock
from tzurot.account import subjects
from tzurot.account.subjects import Subject
from tzurot.account.tokens import ALL_SCOPES, NewToken, Tokens
from tzurot.errors import (
    InvalidField,
    ServiceTokenNotFound,
    SubjectDenied,
    TokenExpired,
    TokenInvalid,
)
from tzurot.storage.database import Database

NAMED = NewToken("bot", ALL_SCOPES, subject="local:bot", acts_for=("discord:*",))


@pytest.fixture(scope="module")
async def rooms(served: Served) -> AsyncIterator[Tokens]:
    yield Tokens(served.running.parts.database)


async def test_the_secret_is_nowhere_in_the_database(served: Served, rooms: Tokens) -> None:
    _, secret = await rooms.create(NAMED)
    await rooms.authenticate(secret, None)
    everything = await _dump(served.running.parts.database)
    assert "service_tokens" in everything
    assert secret not in everything
    assert secret.removeprefix("tzu_") not in everything
    assert secret.encode().hex() not in everything


async def test_two_tokens_have_nothing_in_common(rooms: Tokens) -> None:
    (_, first), (_, second) = await rooms.create(NAMED), await rooms.create(NAMED)
    assert first != second
    assert min(len(first), len(second)) >= 43  # 32 bytes of chance in base64


async def test_the_secret_is_shown_once(served: Served) -> None:
    (mira,) = served.people("mira")
    wanted = request_for("CreateServiceToken", service_token={"name": "once", "scopes": ["admin"]})
    created = await mira.call("CreateServiceToken", wanted)
    listed = await mira.call("ListServiceTokens", request_for("ListServiceTokens", page_size=200))
    assert created.secret
    assert created.service_token.id in {token.id for token in listed.service_tokens}
    assert created.secret not in str(listed)


async def test_a_token_says_who_calls_and_what_it_may(rooms: Tokens) -> None:
    token, secret = await rooms.create(NAMED)
    caller = await rooms.authenticate(secret, None)
    assert (caller.subject, caller.platform) == ("local:bot", "local")
    assert caller.scopes == ALL_SCOPES
    assert caller.token_id == token.id


async def test_a_revoked_token_is_refused_from_the_next_call_on(rooms: Tokens) -> None:
    token, secret = await rooms.create(NAMED)
    await rooms.authenticate(secret, None)
    await rooms.revoke(token.id)
    with pytest.raises(TokenInvalid):
        await rooms.authenticate(secret, None)


async def test_revoking_twice_keeps_the_first_time(rooms: Tokens) -> None:
    token, _ = await rooms.create(NAMED)
    await rooms.revoke(token.id)
    (first,) = [it for it in await rooms.list(None, 200) if it.id == token.id]
    await rooms.revoke(token.id)
    (second,) = [it for it in await rooms.list(None, 200) if it.id == token.id]
    assert first.revoke_time is not None
    assert first.revoke_time == second.revoke_time


async def test_a_token_that_does_not_exist_cannot_be_revoked(rooms: Tokens) -> None:
    with pytest.raises(ServiceTokenNotFound):
        await rooms.revoke(clock.uuid7())


async def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(rooms: Tokens) -> None:
    with pytest.raises(InvalidField, match=r"no scope memory\.reed: .*memory\.read"):
        await rooms.create(NewToken("misspelt", frozenset({"memory.reed"})))


async def test_a_token_works_until_it_expires(rooms: Tokens) -> None:
    soon, past = clock.now() + timedelta(hours=1), clock.now() - timedelta(microseconds=1)
    _, good = await rooms.create(_until(soon))
    _, bad = await rooms.create(_until(past))
    assert (await rooms.authenticate(good, None)).subject == "local:bot"
    with pytest.raises(TokenExpired):
        await rooms.authenticate(bad, None)


async def test_using_a_token_is_noted_to_the_minute(rooms: Tokens) -> None:
    token, secret = await rooms.create(NAMED)
    assert await _last_use(rooms, token.id) is None
    await rooms.authenticate(secret, None)
    first = await _last_use(rooms, token.id)
    await rooms.authenticate(secret, None)
    assert first is not None
    assert await _last_use(rooms, token.id) == first


@pytest.mark.parametrize(
    ("subject", "patterns", "allowed"),
    [
        ("discord:1", ["discord:1"], True),
        ("discord:1", ["discord:*"], True),
        ("discord:1", ["*"], True),
        ("discord:1", ["local:*", "discord:1"], True),
        ("discord:1", [], False),
        ("discord:1", ["discord:2"], False),
        ("discord:1", ["local:*"], False),
        ("discord:12", ["discord:1"], False),
        ("discordia:1", ["discord:*"], False),
        ("local:discord", ["discord:*"], False),
    ],
)
def test_a_pattern_allows_a_subject_a_platform_or_everybody(
    subject: str, patterns: list[str], allowed: bool
) -> None:
    assert subjects.allowed(Subject(subject), patterns) is allowed


@pytest.mark.parametrize("text", ["discord:1", "local:owner", "web:a.b-c_D9", f"x:{'9' * 64}"])
def test_a_subject_is_a_platform_and_a_name(text: str) -> None:
    assert subjects.parse(text) == text


@pytest.mark.parametrize(
    "text",
    ["", ":", "discord", "discord:", "discord:*", "DISCORD:1", "a:b:c", f"x:{'9' * 65}", "a:b\n"],
)
def test_anything_else_is_no_subject(text: str) -> None:
    with pytest.raises(SubjectDenied):
        subjects.parse(text)


async def test_a_token_may_name_its_own_subject_though_no_pattern_has_it(rooms: Tokens) -> None:
    _, secret = await rooms.create(NAMED)
    assert (await rooms.authenticate(secret, "local:bot")).subject == "local:bot"
    with pytest.raises(SubjectDenied):
        await rooms.authenticate(secret, "local:owner")


def _until(moment: Any) -> NewToken:
    return NewToken("bot", ALL_SCOPES, subject="local:bot", expire_time=moment)


async def _last_use(rooms: Tokens, token_id: Any) -> Any:
    (found,) = [token for token in await rooms.list(None, 200) if token.id == token_id]
    return found.last_use_time


async def _dump(database: Database) -> str:
    """Every row of every table, as text."""
    async with database.transaction() as tx:
        names = await tx.scalars(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
                "WHERE schemaname IN ('public', 'jobs')"
            )
        )
        rows = [
            f"{name} {row}"
            for name in names.all()
            for row in (await tx.scalars(text(f"SELECT it::text FROM {name} it"))).all()  # noqa: S608
        ]
    return "\n".join(rows)
