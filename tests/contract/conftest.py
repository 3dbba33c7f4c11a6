"""Two residents and the tokens that are refused: shared by all tables, changed by none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from google.protobuf.message import Message

from tests.calling import METHODS, Client, request_for, scope_of
from tests.conftest import Served
from tests.contract.residents import Resident, settle
from tzurot import clock
from tzurot.account.tokens import ALL_SCOPES


@pytest.fixture(scope="session")
async def mira(served: Served) -> Resident:
    """Somebody with one of everything."""
    (client,) = served.people("mira")
    return await settle(client, served)


@pytest.fixture(scope="session")
async def kael(served: Served) -> Resident:
    """Somebody else with one of everything."""
    (client,) = served.people("kael")
    return await settle(client, served)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Secrets of tokens that some calls are refused with."""

    revoked: str
    expired: str
    for_discord: str
    without_subject: str
    lacking: Mapping[str, str]
    only: Mapping[str, str]


@pytest.fixture(scope="session")
async def tokens(served: Served) -> Tokens:
    """One token of each kind, and for each scope one that lacks it and one with nothing else."""
    (owner,) = served.people("owner")
    revoked = await owner.call("CreateServiceToken", _wanted(ALL_SCOPES))
    revocation = request_for("RevokeServiceToken", token_id=revoked.service_token.id)
    await owner.call("RevokeServiceToken", revocation)
    past = clock.now() - timedelta(seconds=1)
    scopes = sorted({scope_of(method) for method in METHODS.values()})
    return Tokens(
        revoked=revoked.secret,
        expired=await _secret(owner, ALL_SCOPES, expire_time=past),
        for_discord=await _secret(owner, ALL_SCOPES, acts_for=["discord:*"]),
        without_subject=await _secret(owner, ALL_SCOPES, subject=""),
        lacking={scope: await _secret(owner, ALL_SCOPES - {scope}) for scope in scopes},
        only={scope: await _secret(owner, {scope}) for scope in scopes},
    )


def _wanted(scopes: "frozenset[str] | set[str]", **fields: object) -> Message:
    token = {
        "name": "of a table",
        "scopes": sorted(scopes),
        "subject": "local:table",
        "acts_for": ["*"],
    }
    return request_for("CreateServiceToken", service_token=token | fields)


async def _secret(owner: Client, scopes: "frozenset[str] | set[str]", **fields: object) -> str:
    created = await owner.call("CreateServiceToken", _wanted(scopes, **fields))
    return created.secret
