"""People's keys as messages, and back: never with what is secret."""

from pydantic import SecretStr

from tzurot.transport.wire import moment, moment_or_none, uuid_or_none
from tzurot.wallet.keys.key_tables import ApiKey
from tzurot.wallet.keys.keys import NewKey
from tzurot.wallet.keys.providers import Provider
from tzurot.wallet.v1 import api_key_pb2
from tzurot.wallet.v1 import wallet_service_pb2 as pb

_DEFAULT_NAME = "default"
_PROVIDERS = {
    api_key_pb2.API_KEY_PROVIDER_OPENROUTER: Provider.OPENROUTER,
    api_key_pb2.API_KEY_PROVIDER_OPENAI: Provider.OPENAI,
    api_key_pb2.API_KEY_PROVIDER_ANTHROPIC: Provider.ANTHROPIC,
    api_key_pb2.API_KEY_PROVIDER_GEMINI: Provider.GEMINI,
    api_key_pb2.API_KEY_PROVIDER_ELEVENLABS: Provider.ELEVENLABS,
    api_key_pb2.API_KEY_PROVIDER_MISTRAL: Provider.MISTRAL,
    api_key_pb2.API_KEY_PROVIDER_COMPATIBLE: Provider.COMPATIBLE,
}
_PROVIDER_NUMBERS = {provider: number for number, provider in _PROVIDERS.items()}
_FAILURES = {
    "rejected": api_key_pb2.API_KEY_FAILURE_KIND_REJECTED,
    "lacks_permission": api_key_pb2.API_KEY_FAILURE_KIND_LACKS_PERMISSION,
    "lacks_credit": api_key_pb2.API_KEY_FAILURE_KIND_LACKS_CREDIT,
}


def new_key_from(request: pb.CreateApiKeyRequest) -> NewKey:
    """What a request wants to be stored."""
    return NewKey(
        provider=_PROVIDERS[request.provider],
        name=request.name or _DEFAULT_NAME,
        secret=SecretStr(request.secret),
        base_url=request.base_url,
        model=request.model,
        request_id=uuid_or_none(request.request_id),
    )


def key_to(row: ApiKey) -> api_key_pb2.ApiKey:
    """A key as its person sees it."""
    return api_key_pb2.ApiKey(
        id=str(row.id),
        provider=_PROVIDER_NUMBERS[Provider(row.provider)],
        name=row.name,
        last_four=row.last_four,
        fingerprint=row.fingerprint,
        base_url=row.base_url,
        model=row.model,
        create_time=moment(row.create_time),
        check_time=moment(row.check_time),
        last_use_time=moment_or_none(row.last_use_time),
        last_failure=_failure(row),
    )


def _failure(row: ApiKey) -> api_key_pb2.ApiKeyFailure | None:
    if row.failure is None:
        return None
    kind = _FAILURES[row.failure]
    return api_key_pb2.ApiKeyFailure(kind=kind, time=moment_or_none(row.failure_time))
