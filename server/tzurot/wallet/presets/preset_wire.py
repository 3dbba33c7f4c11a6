"""Presets and parameters as messages, and back."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from tzurot.errors import InvalidField, UpdateMaskInvalid
from tzurot.llm.parameters import BY_NAME, PARAMETERS, Kind, Parameters
from tzurot.transport.wire import moment, uuid_or_none
from tzurot.wallet import wire
from tzurot.wallet.plan import Wish
from tzurot.wallet.presets.preset_file import Found
from tzurot.wallet.presets.presets import (
    NewPreset,
    Preset,
    PresetChange,
    Shortfall,
    columns_of,
    stored,
)
from tzurot.wallet.v1 import preset_pb2
from tzurot.wallet.v1 import preset_service_pb2 as pb

_FIELDS = ("name", "model", "provider", "parameters")
_SEVERAL = {Kind.TEXTS, Kind.BIASES}  # fields without a presence of their own


def preset_to(
    preset: Preset, person_id: UUID, shortfalls: Sequence[Shortfall] = ()
) -> preset_pb2.Preset:
    """A preset as a person sees it, with what comes to nothing for them."""
    wish = preset.wish
    return preset_pb2.Preset(
        id=str(preset.id),
        name=preset.name,
        model=wish.model if wish else "",
        provider=wire.provider_to(wish.kind if wish else None),
        parameters=_parameters_to(preset.parameters),
        published=preset.published,
        owned=preset.owner_id == person_id,
        etag=str(preset.version),
        create_time=moment(preset.create_time),
        update_time=moment(preset.update_time),
        warnings=[
            preset_pb2.PresetWarning(parameter=it.parameter, message=it.message)
            for it in shortfalls
        ],
    )


def found_to(found: Found) -> pb.ExplainPresetFileResponse:
    """What a file comes to."""
    preset = preset_pb2.Preset(
        name=found.name,
        model=found.wish.model if found.wish else "",
        provider=wire.provider_to(found.wish.kind if found.wish else None),
        parameters=_parameters_to(found.parameters),
    )
    return pb.ExplainPresetFileResponse(preset=preset, left_out=found.left_out)


def new_from(request: pb.CreatePresetRequest) -> NewPreset:
    """The preset that a request describes.

    Raises:
        InvalidField: it says two things of one parameter, or a provider without a model.
    """
    wanted = request.preset
    return NewPreset(
        wanted.name,
        _wish_from(wanted),
        parameters_from(wanted.parameters),
        uuid_or_none(request.request_id),
        _digest(request),
    )


def copy_from(request: pb.ClonePresetRequest) -> NewPreset:
    """What a request says of a copy."""
    request_id = uuid_or_none(request.request_id)
    return NewPreset(request.name, request_id=request_id, request_hash=_digest(request))


def change_from(request: pb.UpdatePresetRequest) -> PresetChange:
    """The new values that a request names: those in its mask, or without one those that are set.

    Raises:
        UpdateMaskInvalid: a path is unknown, output only or a wildcard.
        InvalidField: it says two things of one parameter, or leaves no name.
    """
    wanted = request.preset
    given = [field.name for field, _ in wanted.ListFields() if field.name in _FIELDS]
    paths = list(request.update_mask.paths) or given
    for path in paths:
        if path not in _FIELDS:
            raise UpdateMaskInvalid(path[:80])
    if "name" in paths and not wanted.name:
        raise InvalidField([("preset.name", "preset.name.required", "must be set")])
    columns: dict[str, Any] = {"name": wanted.name} | dict(columns_of(_wish_from(wanted)))
    columns["parameters"] = stored(parameters_from(wanted.parameters))
    return PresetChange({path: columns[path] for path in paths}, wanted.etag)


def parameters_from(message: preset_pb2.AdvancedParameters) -> Parameters:
    """What is set, and what is off.

    Raises:
        InvalidField: a parameter has a value and is off.
    """
    values: dict[str, Any] = {}
    for parameter in PARAMETERS:
        value = getattr(message, parameter.name)
        if parameter.kind is Kind.TEXTS and value:
            values[parameter.name] = tuple(value)
        elif parameter.kind is Kind.BIASES and value:
            values[parameter.name] = dict(value)
        elif parameter.kind not in _SEVERAL and message.HasField(parameter.name):
            values[parameter.name] = value
    for name in message.off:
        if name in values:
            problem = f"must not name `{name}`, which has a value"
            raise InvalidField([("preset.parameters.off", "parameters.off", problem)])
        values[name] = None
    for name, value in values.items():  # what no rule of the contract says: numbers that are none
        if value is not None and BY_NAME[name].fitted(value) is None:
            field = f"preset.parameters.{name}"
            raise InvalidField([(field, "parameters.range", f"must be {BY_NAME[name].range}")])
    return values


def _parameters_to(values: Parameters) -> preset_pb2.AdvancedParameters:
    given: Mapping[str, Any] = {name: value for name, value in values.items() if value is not None}
    off = sorted(name for name, value in values.items() if value is None)
    return preset_pb2.AdvancedParameters(**given, off=off)


def _wish_from(wanted: preset_pb2.Preset) -> Wish | None:
    return Wish(wanted.model, wire.kind_from(wanted.provider)) if wanted.model else None


def _digest(request: Message) -> bytes:
    return hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
