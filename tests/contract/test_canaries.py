"""What is a secret is in no answer of any RPC, and what people write is in no line of the log."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from tests.calling import METHODS, request_for
from tests.conftest import Served
from tests.contract.residents import saying, settle
from tests.contract.rows import ROWS, RPCS
from tzurot.__main__ import CHATTY


async def test_secrets_are_never_told_and_what_people_write_is_never_logged(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    (client,) = served.people("canary")
    resident = await settle(client, served)
    for chatty in CHATTY:  # as the server has it
        caplog.set_level(logging.WARNING, logger=chatty)
    caplog.set_level(logging.DEBUG)
    key, words = f"sk-canary-{uuid4().hex}", f"canary-{uuid4().hex}"
    provider = "API_KEY_PROVIDER_ANTHROPIC"
    kept = request_for("CreateApiKey", provider=provider, secret=key, name="canary")
    await client.call("CreateApiKey", kept)
    await client.call("Chat", saying(f"{words}, good evening!", resident.ids.personality))
    told: list[str] = []

    async def call(rpc: str, request: Message) -> None:
        rest = ROWS[rpc].rest
        try:
            told.append(str(await client.call(rpc, [request, *rest] if rest else request)))
        except grpc.aio.AioRpcError as error:
            told.append(f"{error!r} {error.trailing_metadata()!r}")

    for rpc in sorted(RPCS, key=lambda it: ROWS[it].spends):  # what deletes comes last
        given = ROWS[rpc].request(resident.ids)
        fitting, everywhere = ROWS[rpc].request(resident.ids), ROWS[rpc].request(resident.ids)
        for path in _texts(METHODS[rpc].input_type):
            _put(everywhere, path, words)
            if _at(given, path) not in ("", *resident.ids.all):
                _put(fitting, path, words)
        for request in (given, fitting, everywhere):
            await call(rpc, request)
        if rpc == "SetMaintenance":
            await client.call(rpc)  # else nobody would be answered from now on

    answers = "\n".join(told)
    assert words in answers  # it went through
    assert key not in answers
    assert "/tzurot.session.v1.SessionService/Chat" in caplog.text
    assert [it for it in caplog.text.splitlines() if key in it or words in it] == []


def _texts(message: Descriptor, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every single text below `message`."""
    for field in message.fields:
        path = (*above, field.name)
        if field.is_repeated:
            continue
        if field.message_type:
            yield from _texts(field.message_type, path)
        elif field.type == FieldDescriptor.TYPE_STRING:
            yield path


def _at(request: Any, path: tuple[str, ...]) -> str:
    for name in path:
        request = getattr(request, name)
    return str(request)


def _put(request: Any, path: tuple[str, ...], text: str) -> None:
    *above, last = path
    for name in above:
        request = getattr(request, name)
    setattr(request, last, text)
