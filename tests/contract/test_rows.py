"""Every RPC has a row, and what its row calls right is answered."""

import pytest
from google.protobuf.descriptor import FieldDescriptor

from tests.calling import METHODS, scope_of
from tests.conftest import Served
from tests.contract.conftest import Tokens
from tests.contract.residents import Resident, settle
from tests.contract.rows import ROWS, RPCS
from tzurot.account.tokens import ALL_SCOPES


def test_every_rpc_of_the_contracts_has_a_row_and_every_row_an_rpc() -> None:
    assert sorted(ROWS) == RPCS


def test_every_scope_that_an_rpc_asks_for_can_be_given_to_a_token() -> None:
    assert {scope_of(method) for method in METHODS.values()} == ALL_SCOPES


@pytest.mark.parametrize("rpc", RPCS)
async def test_the_scope_of_the_contract_is_enough_to_be_answered(
    rpc: str, served: Served, tokens: Tokens, mira: Resident
) -> None:
    (newcomer,) = served.people("newcomer")
    mine = await settle(newcomer, served) if ROWS[rpc].spends else mira
    only = served.client(mine.client.subject, tokens.only[scope_of(METHODS[rpc])])
    assert await only.call(rpc, ROWS[rpc].asked(mine.ids)) is not None


@pytest.mark.parametrize("rpc", RPCS)
async def test_a_field_that_breaks_its_rule_is_named(rpc: str, mira: Resident) -> None:
    row = ROWS[rpc]
    if row.wrong is None:
        assert not METHODS[rpc].input_type.fields, "a request with fields can be wrong"
        return
    refusal = await mira.client.refused(rpc, row.wrong)
    assert refusal.code.name == "INVALID_ARGUMENT"
    assert refusal.reason == "INVALID_FIELD"
    assert refusal.metadata["field"] == row.field
    assert row.field in refusal.fields
    assert refusal.domain == "tzurot"
    assert refusal.localized == refusal.message


@pytest.mark.parametrize("rpc", RPCS)
async def test_a_zero_character_in_any_text_is_refused_by_naming_its_field(
    rpc: str, mira: Resident
) -> None:
    for field in METHODS[rpc].input_type.fields:
        if field.type != FieldDescriptor.TYPE_STRING or field.is_repeated:
            continue
        request = ROWS[rpc].request(mira.ids)
        setattr(request, field.name, "a\0b")
        refusal = await mira.client.refused(rpc, request)
        assert (refusal.reason, refusal.metadata["field"]) == ("INVALID_FIELD", field.name)
