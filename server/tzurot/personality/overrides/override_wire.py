"""Overrides as messages, and back."""

from tzurot.errors import UpdateMaskInvalid
from tzurot.personality.overrides.override_store import FIELDS
from tzurot.personality.overrides.overrides import OverrideChange
from tzurot.personality.tables import Override
from tzurot.personality.v1 import override_service_pb2


def override_to(override: Override) -> override_service_pb2.PersonalityOverride:
    """An override."""
    return override_service_pb2.PersonalityOverride(
        personality_id=str(override.personality_id),
        etag=str(override.version),
        **{name: getattr(override, name) for name in FIELDS},
    )


def change_from(
    request: override_service_pb2.UpdatePersonalityOverrideRequest,
) -> OverrideChange:
    """The new values that a request names: those in its mask, or without one those that are set.

    Raises:
        UpdateMaskInvalid: a path is unknown, output only or a wildcard.
    """
    wanted = request.override
    paths = list(request.update_mask.paths) or [name for name in FIELDS if getattr(wanted, name)]
    for path in paths:
        if path not in FIELDS:
            raise UpdateMaskInvalid(path[:80])
    return OverrideChange({path: getattr(wanted, path) for path in paths}, wanted.etag)
