"""No value of any field is a fault of the server: it is answered, or refused with a reason."""

from collections.abc import Iterator
from typing import Any

import grpc.aio
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from tests.calling import METHODS, refusal_of, request_for
from tests.conftest import Served
from tests.contract.residents import Resident, saying, settle
from tests.contract.rows import ROWS, RPCS
from tzurot.common.v1 import venue_pb2
from tzurot.session.v1.place_pb2 import Place
from tzurot.session.v1.utterance_pb2 import Utterance

INTEGERS = {
    FieldDescriptor.TYPE_INT32: (-(2**31), -1, 2**31 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), -1, 2**63 - 1),
}
TEXTS = (
    "",
    " \n",
    "\u202e\ufeff" + "\U0010ffff" * 8,
    "'; DROP TABLE people; -- %s {0} {x} $1 \\",
    "x" * 100_000,
)


@pytest.fixture(scope="module")
async def lab(served: Served) -> Resident:
    """Somebody on whose things anything may be tried."""
    (client,) = served.people("lab")
    return await settle(client, served)


@pytest.mark.parametrize("rpc", [rpc for rpc in RPCS if METHODS[rpc].input_type.fields])
async def test_an_extreme_value_is_answered_or_refused_with_a_reason(
    rpc: str, lab: Resident
) -> None:
    faults: list[str] = []
    for path, value in _extremes(METHODS[rpc].input_type):
        request = _to_nobody() if rpc == "Chat" else ROWS[rpc].request(lab.ids)
        _put(request, path, value)
        try:
            await lab.client.call(rpc, [request, *ROWS[rpc].rest] if ROWS[rpc].rest else request)
        except grpc.aio.AioRpcError as error:
            refusal = refusal_of(error)
            if not refusal.reason or refusal.reason == "INTERNAL":
                faults.append(f"{'.'.join(path)} = {value!r:.40}: {refusal.code.name}")
    if rpc == "SetMaintenance":
        await lab.client.call(rpc)  # else nobody would be answered from now on
    assert faults == []


async def test_a_character_answers_whatever_is_said(lab: Resident) -> None:
    new = request_for("CreatePersonality", personality={"name": "Kael"})  # others are full by now
    kael = (await lab.client.call("CreatePersonality", new)).personality
    told = await lab.client.call("Chat", saying("".join(TEXTS[:-1]), kael.id))
    assert told[-1].event.finished.message.text


def _to_nobody() -> Message:
    """Said where nobody is addressed: most values of these fields would make a whole turn."""
    public = Place(platform="local", channel_id="1", venue=venue_pb2.VENUE_PUBLIC_CHANNEL)
    return request_for("Chat", place=public, utterance=Utterance(text="Anybody here?"))


def _extremes(message: Descriptor, above: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """Every field below `message`, with values that nobody sends by accident."""
    for field in message.fields:
        path = (*above, field.name)
        if field.message_type:
            if not field.is_repeated:
                yield from _extremes(field.message_type, path)
        elif field.type == FieldDescriptor.TYPE_STRING:
            yield from ((path, text) for text in TEXTS)
        elif field.type == FieldDescriptor.TYPE_ENUM:
            yield from ((path, number) for number in (-1, 0, 99, 2**31 - 1))
        else:
            yield from ((path, number) for number in INTEGERS.get(field.type, ()))


def _put(request: Any, path: tuple[str, ...], value: Any) -> None:
    *above, last = path
    for name in above:
        request = getattr(request, name)
    if request.DESCRIPTOR.fields_by_name[last].is_repeated:
        getattr(request, last).append(value)
    else:
        setattr(request, last, value)
