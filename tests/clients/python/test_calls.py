"""Calls of the Python client: who calls, how long, how often, and what goes wrong."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from google.protobuf.descriptor_pb2 import MethodOptions
from grpclib.const import Status

import tzurot_client
from tests.clients.stub_server import FILES, TOKEN, Refusal, StubServer, cable_to, stub_server
from tzurot.account.v1 import account_service_pb2, person_pb2
from tzurot.personality.v1 import personality_service_pb2
from tzurot_client import Client, connect
from tzurot_client.connection import READS
from tzurot_client.gen.tzurot.account.v1 import (
    CreateServiceTokenRequest,
    GetMeRequest,
    GetServerInfoRequest,
)
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.memory.v1 import CreateMemoryRequest, ListMemoriesRequest
from tzurot_client.gen.tzurot.personality.v1 import (
    DownloadAvatarRequest,
    ListPersonalitiesRequest,
    UpdatePersonalityRequest,
)
from tzurot_client.gen.tzurot.session.v1 import ListTurnsRequest
from tzurot_client.gen.tzurot.skill.v1 import ListSkillsRequest
from tzurot_client.gen.tzurot.wallet.v1 import ListModelsRequest


@pytest.fixture
async def stub() -> AsyncIterator[StubServer]:
    async with stub_server() as running:
        yield running


@pytest.fixture
async def client(stub: StubServer) -> AsyncIterator[Client]:
    async with connect(stub.address, TOKEN) as connected:
        yield connected


def unavailable(_: object) -> None:
    raise Refusal("UNAVAILABLE", "STORAGE_UNAVAILABLE", "The database cannot be reached.")


def me(_: object) -> account_service_pb2.GetMeResponse:
    return account_service_pb2.GetMeResponse(person=person_pb2.Person(subject="local:owner"))


async def test_every_service_is_called_with_the_token_and_a_deadline(
    stub: StubServer, client: Client
) -> None:
    await client.account.get_me(GetMeRequest())
    await client.admin.get_server_info(GetServerInfoRequest())
    await client.memory.list_memories(ListMemoriesRequest())
    await client.personality.list_personalities(ListPersonalitiesRequest())
    await client.session.list_turns(ListTurnsRequest())
    await client.skill.list_skills(ListSkillsRequest())
    await client.wallet.list_models(ListModelsRequest())

    assert len(stub.calls) == 7
    for call in stub.calls:
        assert call.metadata["authorization"] == f"Bearer {TOKEN}"
        assert "tzurot-subject" not in call.metadata
        assert 0 < call.seconds_left <= 10


async def test_a_client_acts_for_the_subject_it_is_given(stub: StubServer) -> None:
    async with connect(stub.address, TOKEN, subject="discord:1") as client:
        await client.account.get_me(GetMeRequest())
        await client.acting_for("discord:2").account.get_me(GetMeRequest())

    assert [call.metadata["tzurot-subject"] for call in stub.calls] == ["discord:1", "discord:2"]


@pytest.mark.parametrize(
    ("code", "reason", "kind"),
    [
        ("INVALID_ARGUMENT", "INVALID_FIELD", tzurot_client.InvalidArgument),
        ("UNAUTHENTICATED", "TOKEN_EXPIRED", tzurot_client.Unauthenticated),
        ("PERMISSION_DENIED", "SCOPE_MISSING", tzurot_client.PermissionDenied),
        ("NOT_FOUND", "TURN_NOT_FOUND", tzurot_client.NotFound),
        ("UNAVAILABLE", "DRAINING", tzurot_client.Unavailable),
        ("DEADLINE_EXCEEDED", "PROVIDER_TIMEOUT", tzurot_client.DeadlineExceeded),
        ("ALREADY_EXISTS", "SLUG_TAKEN", tzurot_client.TzurotError),
        ("INTERNAL", "INTERNAL", tzurot_client.TzurotError),
    ],
)
async def test_an_error_is_typed_and_carries_what_the_server_told(
    stub: StubServer, client: Client, code: str, reason: str, kind: type[Exception]
) -> None:
    def refuse(_: object) -> None:
        raise Refusal(code, reason, "One sentence for a person.", slug="mira")

    stub.answers["GetMe"] = refuse
    with pytest.raises(tzurot_client.TzurotError) as caught:
        await client.account.get_me(GetMeRequest())

    assert type(caught.value) is kind
    assert caught.value.status is Status[code]
    assert caught.value.reason is ErrorReason[reason]
    assert caught.value.message == "One sentence for a person."
    assert caught.value.metadata == {"slug": "mira"}


async def test_a_reason_of_a_newer_server_leaves_the_status_to_tell(
    stub: StubServer, client: Client
) -> None:
    def refuse(_: object) -> None:
        raise Refusal("NOT_FOUND", "WAYPOINT_NOT_FOUND", "There is no such waypoint.")

    stub.answers["GetMe"] = refuse
    with pytest.raises(tzurot_client.NotFound, match="no such waypoint") as caught:
        await client.account.get_me(GetMeRequest())
    assert caught.value.reason is ErrorReason.UNSPECIFIED


async def test_a_read_is_tried_three_times(stub: StubServer, client: Client) -> None:
    stub.answers["GetMe"] = [unavailable, unavailable, me]
    response = await client.account.get_me(GetMeRequest())

    assert response.person is not None
    assert response.person.subject == "local:owner"
    assert len(stub.calls) == 3


async def test_after_three_tries_the_error_is_raised(stub: StubServer, client: Client) -> None:
    stub.answers["GetMe"] = unavailable
    with pytest.raises(tzurot_client.Unavailable):
        await client.account.get_me(GetMeRequest())
    assert len(stub.calls) == 3


async def test_what_only_the_caller_can_mend_is_tried_once(
    stub: StubServer, client: Client
) -> None:
    def refuse(_: object) -> None:
        raise Refusal("NOT_FOUND", "TURN_NOT_FOUND")

    stub.answers["GetMe"] = refuse
    with pytest.raises(tzurot_client.NotFound):
        await client.account.get_me(GetMeRequest())
    assert len(stub.calls) == 1


async def test_a_change_is_repeated_only_if_it_carries_a_request_id(
    stub: StubServer, client: Client
) -> None:
    for method in ("CreateMemory", "CreateServiceToken", "UpdatePersonality"):
        stub.answers[method] = unavailable
    with pytest.raises(tzurot_client.Unavailable):
        await client.memory.create_memory(CreateMemoryRequest(text="I keep bees."))
    with pytest.raises(tzurot_client.Unavailable):
        await client.personality.update_personality(UpdatePersonalityRequest())
    with pytest.raises(tzurot_client.Unavailable):
        await client.admin.create_service_token(CreateServiceTokenRequest(request_id="an id"))

    assert len(stub.requests("CreateMemory")) == 1
    assert len(stub.requests("UpdatePersonality")) == 1
    assert len(stub.requests("CreateServiceToken")) == 3


def test_every_verb_that_is_repeated_freely_has_no_side_effects() -> None:
    services = [s for file in FILES for s in file.DESCRIPTOR.services_by_name.values()]
    methods = [method for service in services for method in service.methods]
    repeatable = (MethodOptions.NO_SIDE_EFFECTS, MethodOptions.IDEMPOTENT)

    reads = [method for method in methods if method.name.startswith(READS)]
    assert {m.name for m in methods if m.GetOptions().idempotency_level == repeatable[0]} <= {
        method.name for method in reads
    }
    assert [m.name for m in reads if m.GetOptions().idempotency_level not in repeatable] == []


async def test_a_lost_connection_is_made_again(stub: StubServer) -> None:
    async with cable_to(stub.address) as cable, connect(cable.address, TOKEN) as client:
        await client.account.get_me(GetMeRequest())
        cable.cut()
        await client.account.get_me(GetMeRequest())
        assert cable.connections == 2


async def test_a_server_that_is_down_is_unavailable_and_says_no_reason() -> None:
    async with stub_server() as stub:
        address = stub.address
    async with connect(address, TOKEN) as client:
        with pytest.raises(tzurot_client.Unavailable) as caught:
            await client.account.get_me(GetMeRequest())
    assert caught.value.reason is ErrorReason.UNSPECIFIED


async def test_a_call_ends_with_its_deadline(stub: StubServer, client: Client) -> None:
    forever = asyncio.Event()
    stub.answers["GetMe"] = lambda _: forever.wait()
    with pytest.raises(tzurot_client.DeadlineExceeded):
        await client.account.get_me(GetMeRequest(), timeout=0.2)
    assert stub.calls[0].seconds_left <= 0.2


async def test_a_download_that_breaks_in_the_middle_is_not_begun_again(
    stub: StubServer, client: Client
) -> None:
    async def breaking(_: object) -> AsyncIterator[object]:
        yield personality_service_pb2.DownloadAvatarResponse(chunk=b"the beginning")
        raise Refusal("UNAVAILABLE", "STORAGE_UNAVAILABLE")

    stub.answers["DownloadAvatar"] = breaking
    download = client.personality.download_avatar(DownloadAvatarRequest())
    assert (await anext(download)).chunk == b"the beginning"
    with pytest.raises(tzurot_client.Unavailable):
        await anext(download)
    assert len(stub.calls) == 1


@pytest.mark.parametrize("address", ["tzurot.example:50551", "10.0.0.1:50551", "0.0.0.0:1"])
async def test_plaintext_does_not_leave_this_machine_unasked(address: str) -> None:
    with pytest.raises(ValueError, match="another machine"):
        async with connect(address, TOKEN):
            pass
    async with connect(address, TOKEN, insecure=True):
        pass


@pytest.mark.parametrize("address", ["", "localhost", "127.0.0.1:", ":50551", "127.0.0.1:http"])
async def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        async with connect(address, TOKEN):
            pass


async def test_a_connection_over_tls_trusts_the_authority_it_is_given(tmp_path: Path) -> None:
    certificate, key = _self_signed()
    authority = tmp_path / "ca.pem"
    authority.write_bytes(certificate)
    credentials = grpc.ssl_server_credentials([(key, certificate)])
    async with stub_server(credentials=credentials) as stub:
        stub.answers["GetMe"] = me
        async with connect(stub.address, TOKEN, tls=authority) as client:
            assert (await client.account.get_me(GetMeRequest())).person is not None
        async with connect(stub.address, TOKEN, tls=True) as client:
            with pytest.raises(tzurot_client.Unavailable, match="CERTIFICATE_VERIFY_FAILED"):
                await client.account.get_me(GetMeRequest())


def _self_signed() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private
