"""Nobody gets in without a token, beyond its scopes, or for somebody it may not act for."""

import pytest

from tests.calling import METHODS, Refusal, path_of, scope_of
from tests.conftest import Served
from tests.contract.conftest import Tokens
from tests.contract.rows import RPCS

UNKNOWN = "tzu_nobody-made-this-one"
DISCORD = "discord:123"


@pytest.mark.parametrize("rpc", RPCS)
async def test_a_call_without_a_token_is_refused(rpc: str, served: Served) -> None:
    nobody = served.client()
    refusal = await type(nobody)(served.channel).refused(rpc)
    _is(refusal, "UNAUTHENTICATED", "TOKEN_MISSING")


@pytest.mark.parametrize("rpc", RPCS)
async def test_an_unknown_token_is_refused(rpc: str, served: Served) -> None:
    refusal = await served.client(token=UNKNOWN).refused(rpc)
    _is(refusal, "UNAUTHENTICATED", "TOKEN_INVALID")


@pytest.mark.parametrize("rpc", RPCS)
async def test_a_revoked_token_is_refused_like_an_unknown_one(
    rpc: str, served: Served, tokens: Tokens
) -> None:
    refusal = await served.client(token=tokens.revoked).refused(rpc)
    _is(refusal, "UNAUTHENTICATED", "TOKEN_INVALID")


@pytest.mark.parametrize("rpc", RPCS)
async def test_an_expired_token_is_refused(rpc: str, served: Served, tokens: Tokens) -> None:
    refusal = await served.client(token=tokens.expired).refused(rpc)
    _is(refusal, "UNAUTHENTICATED", "TOKEN_EXPIRED")


@pytest.mark.parametrize("rpc", RPCS)
async def test_a_token_without_the_scope_is_refused_and_the_scope_named(
    rpc: str, served: Served, tokens: Tokens
) -> None:
    scope = scope_of(METHODS[rpc])
    refusal = await served.client(token=tokens.lacking[scope]).refused(rpc)
    _is(refusal, "PERMISSION_DENIED", "SCOPE_MISSING", scope=scope)


@pytest.mark.parametrize("rpc", RPCS)
async def test_a_token_may_not_act_for_anybody_else(
    rpc: str, served: Served, tokens: Tokens
) -> None:
    stranger = served.client("local:owner", tokens.for_discord)
    _is(await stranger.refused(rpc), "PERMISSION_DENIED", "SUBJECT_DENIED", subject="local:owner")


@pytest.mark.parametrize("rpc", RPCS)
async def test_a_token_without_a_subject_of_its_own_must_name_one(
    rpc: str, served: Served, tokens: Tokens
) -> None:
    nameless = served.client(None, tokens.without_subject)
    _is(await nameless.refused(rpc), "PERMISSION_DENIED", "SUBJECT_DENIED", subject="nobody")


@pytest.mark.parametrize(
    "subject", ["discord", "discord:", ":123", "Discord:123", "discord:1 2", "discord:*", "*"]
)
async def test_a_subject_that_names_nobody_is_refused(subject: str, served: Served) -> None:
    refusal = await served.client(subject).refused("GetMe")
    _is(refusal, "PERMISSION_DENIED", "SUBJECT_DENIED", subject=subject)


async def test_a_token_acts_for_all_of_its_platform(served: Served, tokens: Tokens) -> None:
    bot = served.client(DISCORD, tokens.for_discord)
    assert (await bot.call("GetMe")).person.subject == DISCORD


async def test_a_refused_call_creates_no_person(served: Served, tokens: Tokens) -> None:
    (newcomer,) = served.people("newcomer")
    for token in (tokens.expired, tokens.for_discord, UNKNOWN):
        await served.client(newcomer.subject, token).refused("GetMe")
    before = served.running.parts.database
    async with before.transaction() as tx:
        found = await tx.connection()
        rows = await found.exec_driver_sql(
            "SELECT 1 FROM identities WHERE subject = %s", (newcomer.subject,)
        )
        assert rows.all() == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "abc"])
async def test_a_malformed_authorization_is_a_missing_token(header: str, served: Served) -> None:
    call = served.channel.unary_unary(path_of(METHODS["GetMe"]))
    metadata = (("authorization", header),)
    code = await call(b"", metadata=metadata, timeout=5).code()
    assert code.name == "UNAUTHENTICATED"


def _is(refusal: Refusal, code: str, reason: str, **metadata: str) -> None:
    assert (refusal.code.name, refusal.reason) == (code, reason)
    assert refusal.metadata == metadata
    assert refusal.domain == "tzurot"
    assert refusal.localized == refusal.message != ""
