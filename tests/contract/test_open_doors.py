"""What answers without a token: health and reflection. And what GetServerInfo tells an operator."""

from collections.abc import AsyncIterator
from typing import Any

import grpc.aio
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

import tzurot
from tests.calling import declared_services
from tests.conftest import Served
from tzurot.storage import schema

SERVICES = [service.full_name for service in declared_services()]


@pytest.mark.parametrize("service", ["", *SERVICES])
async def test_health_answers_for_the_server_and_for_each_service(
    service: str, served: Served
) -> None:
    stub: Any = health_pb2_grpc.HealthStub(served.channel)
    answer = await stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_health_knows_no_other_service(served: Served) -> None:
    stub: Any = health_pb2_grpc.HealthStub(served.channel)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.Check(health_pb2.HealthCheckRequest(service="tzurot.Nothing"), timeout=5)
    assert error.value.code() is grpc.StatusCode.NOT_FOUND


async def test_reflection_lists_every_service_of_the_contracts(served: Served) -> None:
    (answer,) = await _reflect(served, list_services="")
    named = {service.name for service in answer.list_services_response.service}
    standard = {"grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}
    assert named == {*SERVICES, *standard}


async def test_reflection_gives_the_contract_of_a_service(served: Served) -> None:
    (answer,) = await _reflect(served, file_containing_symbol="tzurot.session.v1.SessionService")
    names = {
        FileDescriptorProto.FromString(file).name
        for file in answer.file_descriptor_response.file_descriptor_proto
    }
    assert "tzurot/session/v1/session_service.proto" in names


async def test_an_rpc_that_no_contract_has_is_unimplemented(served: Served) -> None:
    call = served.channel.unary_unary("/tzurot.session.v1.SessionService/Sing")
    code = await call(b"", timeout=5).code()
    assert code is grpc.StatusCode.UNIMPLEMENTED


async def test_server_info_tells_what_runs(served: Served) -> None:
    info = await served.client().call("GetServerInfo")
    assert info.version == tzurot.__version__
    assert info.database_version.startswith("PostgreSQL 18")
    assert info.schema_revision == schema.head()
    assert info.index_engine == "postgres"
    assert info.index_backlog_count >= 0
    assert info.running_turn_count == 0


async def _reflect(served: Served, **asked: Any) -> list[reflection_pb2.ServerReflectionResponse]:
    async def requests() -> AsyncIterator[reflection_pb2.ServerReflectionRequest]:
        yield reflection_pb2.ServerReflectionRequest(**asked)

    reflection: Any = reflection_pb2_grpc.ServerReflectionStub
    stub = reflection(served.channel)
    return [answer async for answer in stub.ServerReflectionInfo(requests(), timeout=5)]
