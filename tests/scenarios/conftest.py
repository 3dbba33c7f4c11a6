"""Scenarios are played on the stage of the session's tests."""

import pytest

pytest.register_assert_rewrite(
    *(f"tests.scenarios.{name}" for name in ("playing", "acting", "checking", "moderating"))
)

from tests.session.conftest import authority, kit, model, shared_server, stage  # noqa: E402 (after the line above)

__all__ = ["authority", "kit", "model", "shared_server", "stage"]
