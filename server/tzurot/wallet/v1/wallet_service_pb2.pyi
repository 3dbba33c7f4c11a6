import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.common.v1 import failure_pb2 as _failure_pb2
from tzurot.wallet.v1 import api_key_pb2 as _api_key_pb2
from tzurot.wallet.v1 import budget_pb2 as _budget_pb2
from tzurot.wallet.v1 import model_pb2 as _model_pb2
from tzurot.wallet.v1 import payment_pb2 as _payment_pb2
from tzurot.wallet.v1 import usage_pb2 as _usage_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_ORDER_UNSPECIFIED: _ClassVar[ModelOrder]
    MODEL_ORDER_PRICE: _ClassVar[ModelOrder]
    MODEL_ORDER_CONTEXT: _ClassVar[ModelOrder]
    MODEL_ORDER_NAME: _ClassVar[ModelOrder]
MODEL_ORDER_UNSPECIFIED: ModelOrder
MODEL_ORDER_PRICE: ModelOrder
MODEL_ORDER_CONTEXT: ModelOrder
MODEL_ORDER_NAME: ModelOrder

class ListModelsRequest(_message.Message):
    __slots__ = ("query", "provider", "max_price_micros", "min_context_tokens", "input_modality", "free_only", "tools_only", "speaking_only", "order", "page_size", "page_token")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    MAX_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    MIN_CONTEXT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    INPUT_MODALITY_FIELD_NUMBER: _ClassVar[int]
    FREE_ONLY_FIELD_NUMBER: _ClassVar[int]
    TOOLS_ONLY_FIELD_NUMBER: _ClassVar[int]
    SPEAKING_ONLY_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    query: str
    provider: _model_pb2.ModelProvider
    max_price_micros: int
    min_context_tokens: int
    input_modality: _model_pb2.ModelModality
    free_only: bool
    tools_only: bool
    speaking_only: bool
    order: ModelOrder
    page_size: int
    page_token: str
    def __init__(self, query: _Optional[str] = ..., provider: _Optional[_Union[_model_pb2.ModelProvider, str]] = ..., max_price_micros: _Optional[int] = ..., min_context_tokens: _Optional[int] = ..., input_modality: _Optional[_Union[_model_pb2.ModelModality, str]] = ..., free_only: bool = ..., tools_only: bool = ..., speaking_only: bool = ..., order: _Optional[_Union[ModelOrder, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models", "advice", "next_page_token")
    MODELS_FIELD_NUMBER: _ClassVar[int]
    ADVICE_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[_model_pb2.Model]
    advice: str
    next_page_token: str
    def __init__(self, models: _Optional[_Iterable[_Union[_model_pb2.Model, _Mapping]]] = ..., advice: _Optional[str] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetModelRequest(_message.Message):
    __slots__ = ("model_id", "provider")
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    model_id: str
    provider: _model_pb2.ModelProvider
    def __init__(self, model_id: _Optional[str] = ..., provider: _Optional[_Union[_model_pb2.ModelProvider, str]] = ...) -> None: ...

class GetModelResponse(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: _model_pb2.Model
    def __init__(self, model: _Optional[_Union[_model_pb2.Model, _Mapping]] = ...) -> None: ...

class ExplainPaymentRequest(_message.Message):
    __slots__ = ("personality_id", "platform", "channel_id", "space_id")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    platform: str
    channel_id: str
    space_id: str
    def __init__(self, personality_id: _Optional[str] = ..., platform: _Optional[str] = ..., channel_id: _Optional[str] = ..., space_id: _Optional[str] = ...) -> None: ...

class ExplainPaymentResponse(_message.Message):
    __slots__ = ("alternatives", "data_policy", "refusal")
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    DATA_POLICY_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    alternatives: _containers.RepeatedCompositeFieldContainer[_payment_pb2.PaymentAlternative]
    data_policy: _payment_pb2.DataPolicy
    refusal: _failure_pb2.Failure
    def __init__(self, alternatives: _Optional[_Iterable[_Union[_payment_pb2.PaymentAlternative, _Mapping]]] = ..., data_policy: _Optional[_Union[_payment_pb2.DataPolicy, str]] = ..., refusal: _Optional[_Union[_failure_pb2.Failure, _Mapping]] = ...) -> None: ...

class CreateApiKeyRequest(_message.Message):
    __slots__ = ("provider", "name", "secret", "base_url", "model", "request_id")
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    provider: _api_key_pb2.ApiKeyProvider
    name: str
    secret: str
    base_url: str
    model: str
    request_id: str
    def __init__(self, provider: _Optional[_Union[_api_key_pb2.ApiKeyProvider, str]] = ..., name: _Optional[str] = ..., secret: _Optional[str] = ..., base_url: _Optional[str] = ..., model: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateApiKeyResponse(_message.Message):
    __slots__ = ("api_key",)
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    api_key: _api_key_pb2.ApiKey
    def __init__(self, api_key: _Optional[_Union[_api_key_pb2.ApiKey, _Mapping]] = ...) -> None: ...

class ListApiKeysRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListApiKeysResponse(_message.Message):
    __slots__ = ("api_keys",)
    API_KEYS_FIELD_NUMBER: _ClassVar[int]
    api_keys: _containers.RepeatedCompositeFieldContainer[_api_key_pb2.ApiKey]
    def __init__(self, api_keys: _Optional[_Iterable[_Union[_api_key_pb2.ApiKey, _Mapping]]] = ...) -> None: ...

class UpdateApiKeyRequest(_message.Message):
    __slots__ = ("api_key_id", "model")
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    api_key_id: str
    model: str
    def __init__(self, api_key_id: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...

class UpdateApiKeyResponse(_message.Message):
    __slots__ = ("api_key",)
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    api_key: _api_key_pb2.ApiKey
    def __init__(self, api_key: _Optional[_Union[_api_key_pb2.ApiKey, _Mapping]] = ...) -> None: ...

class CheckApiKeyRequest(_message.Message):
    __slots__ = ("api_key_id",)
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    api_key_id: str
    def __init__(self, api_key_id: _Optional[str] = ...) -> None: ...

class CheckApiKeyResponse(_message.Message):
    __slots__ = ("api_key",)
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    api_key: _api_key_pb2.ApiKey
    def __init__(self, api_key: _Optional[_Union[_api_key_pb2.ApiKey, _Mapping]] = ...) -> None: ...

class DeleteApiKeyRequest(_message.Message):
    __slots__ = ("api_key_id",)
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    api_key_id: str
    def __init__(self, api_key_id: _Optional[str] = ...) -> None: ...

class DeleteApiKeyResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetUsageRequest(_message.Message):
    __slots__ = ("group_by", "start_time", "end_time")
    GROUP_BY_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    group_by: _usage_pb2.UsageGrouping
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, group_by: _Optional[_Union[_usage_pb2.UsageGrouping, str]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetUsageResponse(_message.Message):
    __slots__ = ("sums", "total", "start_time", "end_time")
    SUMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    sums: _containers.RepeatedCompositeFieldContainer[_usage_pb2.UsageSum]
    total: _usage_pb2.UsageSum
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, sums: _Optional[_Iterable[_Union[_usage_pb2.UsageSum, _Mapping]]] = ..., total: _Optional[_Union[_usage_pb2.UsageSum, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListUsageRecordsRequest(_message.Message):
    __slots__ = ("start_time", "end_time", "page_size", "page_token")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    page_size: int
    page_token: str
    def __init__(self, start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListUsageRecordsResponse(_message.Message):
    __slots__ = ("usage_records", "next_page_token")
    USAGE_RECORDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    usage_records: _containers.RepeatedCompositeFieldContainer[_usage_pb2.UsageRecord]
    next_page_token: str
    def __init__(self, usage_records: _Optional[_Iterable[_Union[_usage_pb2.UsageRecord, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListBudgetsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListBudgetsResponse(_message.Message):
    __slots__ = ("budgets",)
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    budgets: _containers.RepeatedCompositeFieldContainer[_budget_pb2.Budget]
    def __init__(self, budgets: _Optional[_Iterable[_Union[_budget_pb2.Budget, _Mapping]]] = ...) -> None: ...

class UpdateBudgetRequest(_message.Message):
    __slots__ = ("api_key_id", "period", "cap_micros", "cap_tokens")
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    CAP_TOKENS_FIELD_NUMBER: _ClassVar[int]
    api_key_id: str
    period: _budget_pb2.BudgetPeriod
    cap_micros: int
    cap_tokens: int
    def __init__(self, api_key_id: _Optional[str] = ..., period: _Optional[_Union[_budget_pb2.BudgetPeriod, str]] = ..., cap_micros: _Optional[int] = ..., cap_tokens: _Optional[int] = ...) -> None: ...

class UpdateBudgetResponse(_message.Message):
    __slots__ = ("budget",)
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    budget: _budget_pb2.Budget
    def __init__(self, budget: _Optional[_Union[_budget_pb2.Budget, _Mapping]] = ...) -> None: ...

class ListServerBudgetsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListServerBudgetsResponse(_message.Message):
    __slots__ = ("budgets",)
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    budgets: _containers.RepeatedCompositeFieldContainer[_budget_pb2.Budget]
    def __init__(self, budgets: _Optional[_Iterable[_Union[_budget_pb2.Budget, _Mapping]]] = ...) -> None: ...

class UpdateServerBudgetRequest(_message.Message):
    __slots__ = ("personality_id", "period", "cap_micros", "cap_tokens")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    CAP_TOKENS_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    period: _budget_pb2.BudgetPeriod
    cap_micros: int
    cap_tokens: int
    def __init__(self, personality_id: _Optional[str] = ..., period: _Optional[_Union[_budget_pb2.BudgetPeriod, str]] = ..., cap_micros: _Optional[int] = ..., cap_tokens: _Optional[int] = ...) -> None: ...

class UpdateServerBudgetResponse(_message.Message):
    __slots__ = ("budget",)
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    budget: _budget_pb2.Budget
    def __init__(self, budget: _Optional[_Union[_budget_pb2.Budget, _Mapping]] = ...) -> None: ...

class ListChannelBudgetsRequest(_message.Message):
    __slots__ = ("platform", "channel_id")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    platform: str
    channel_id: str
    def __init__(self, platform: _Optional[str] = ..., channel_id: _Optional[str] = ...) -> None: ...

class ListChannelBudgetsResponse(_message.Message):
    __slots__ = ("budgets",)
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    budgets: _containers.RepeatedCompositeFieldContainer[_budget_pb2.Budget]
    def __init__(self, budgets: _Optional[_Iterable[_Union[_budget_pb2.Budget, _Mapping]]] = ...) -> None: ...

class UpdateChannelBudgetRequest(_message.Message):
    __slots__ = ("platform", "channel_id", "period", "cap_micros", "cap_tokens")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    CAP_TOKENS_FIELD_NUMBER: _ClassVar[int]
    platform: str
    channel_id: str
    period: _budget_pb2.BudgetPeriod
    cap_micros: int
    cap_tokens: int
    def __init__(self, platform: _Optional[str] = ..., channel_id: _Optional[str] = ..., period: _Optional[_Union[_budget_pb2.BudgetPeriod, str]] = ..., cap_micros: _Optional[int] = ..., cap_tokens: _Optional[int] = ...) -> None: ...

class UpdateChannelBudgetResponse(_message.Message):
    __slots__ = ("budget",)
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    budget: _budget_pb2.Budget
    def __init__(self, budget: _Optional[_Union[_budget_pb2.Budget, _Mapping]] = ...) -> None: ...
