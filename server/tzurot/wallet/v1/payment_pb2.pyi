import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PaymentRoute(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PAYMENT_ROUTE_UNSPECIFIED: _ClassVar[PaymentRoute]
    PAYMENT_ROUTE_OWN_KEY: _ClassVar[PaymentRoute]
    PAYMENT_ROUTE_OPERATORS_KEY: _ClassVar[PaymentRoute]
    PAYMENT_ROUTE_FREE_MODEL: _ClassVar[PaymentRoute]
    PAYMENT_ROUTE_OPEN_ADDRESS: _ClassVar[PaymentRoute]
    PAYMENT_ROUTE_LOCAL: _ClassVar[PaymentRoute]
    PAYMENT_ROUTE_SPONSOR: _ClassVar[PaymentRoute]

class PaymentObstacle(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PAYMENT_OBSTACLE_UNSPECIFIED: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_NO_KEY: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_FOR_SEVERAL: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_NOT_SHARED: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_OWN_KEY_PAYS: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_REJECTED: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_LACKS_CREDIT: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_RATE_LIMITED: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_FAILED: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_POLICY: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_SWITCHED_OFF: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_NO_SPONSOR: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_SPONSOR_PAYS: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_CAP_REACHED: _ClassVar[PaymentObstacle]
    PAYMENT_OBSTACLE_UNPRICED: _ClassVar[PaymentObstacle]

class DataPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DATA_POLICY_UNSPECIFIED: _ClassVar[DataPolicy]
    DATA_POLICY_NONE: _ClassVar[DataPolicy]
    DATA_POLICY_NO_TRAINING: _ClassVar[DataPolicy]
    DATA_POLICY_NO_RETENTION: _ClassVar[DataPolicy]
    DATA_POLICY_LOCAL_ONLY: _ClassVar[DataPolicy]
PAYMENT_ROUTE_UNSPECIFIED: PaymentRoute
PAYMENT_ROUTE_OWN_KEY: PaymentRoute
PAYMENT_ROUTE_OPERATORS_KEY: PaymentRoute
PAYMENT_ROUTE_FREE_MODEL: PaymentRoute
PAYMENT_ROUTE_OPEN_ADDRESS: PaymentRoute
PAYMENT_ROUTE_LOCAL: PaymentRoute
PAYMENT_ROUTE_SPONSOR: PaymentRoute
PAYMENT_OBSTACLE_UNSPECIFIED: PaymentObstacle
PAYMENT_OBSTACLE_NO_KEY: PaymentObstacle
PAYMENT_OBSTACLE_FOR_SEVERAL: PaymentObstacle
PAYMENT_OBSTACLE_NOT_SHARED: PaymentObstacle
PAYMENT_OBSTACLE_OWN_KEY_PAYS: PaymentObstacle
PAYMENT_OBSTACLE_REJECTED: PaymentObstacle
PAYMENT_OBSTACLE_LACKS_CREDIT: PaymentObstacle
PAYMENT_OBSTACLE_RATE_LIMITED: PaymentObstacle
PAYMENT_OBSTACLE_FAILED: PaymentObstacle
PAYMENT_OBSTACLE_POLICY: PaymentObstacle
PAYMENT_OBSTACLE_SWITCHED_OFF: PaymentObstacle
PAYMENT_OBSTACLE_NO_SPONSOR: PaymentObstacle
PAYMENT_OBSTACLE_SPONSOR_PAYS: PaymentObstacle
PAYMENT_OBSTACLE_CAP_REACHED: PaymentObstacle
PAYMENT_OBSTACLE_UNPRICED: PaymentObstacle
DATA_POLICY_UNSPECIFIED: DataPolicy
DATA_POLICY_NONE: DataPolicy
DATA_POLICY_NO_TRAINING: DataPolicy
DATA_POLICY_NO_RETENTION: DataPolicy
DATA_POLICY_LOCAL_ONLY: DataPolicy

class PaymentAlternative(_message.Message):
    __slots__ = ("route", "provider_name", "model", "api_key_id", "taken", "obstacle", "until_time", "explanation")
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_NAME_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    OBSTACLE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    route: PaymentRoute
    provider_name: str
    model: str
    api_key_id: str
    taken: bool
    obstacle: PaymentObstacle
    until_time: _timestamp_pb2.Timestamp
    explanation: str
    def __init__(self, route: _Optional[_Union[PaymentRoute, str]] = ..., provider_name: _Optional[str] = ..., model: _Optional[str] = ..., api_key_id: _Optional[str] = ..., taken: bool = ..., obstacle: _Optional[_Union[PaymentObstacle, str]] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., explanation: _Optional[str] = ...) -> None: ...
