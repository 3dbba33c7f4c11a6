"""Scenarios are played on the stage of the session's tests."""

from tests.session.conftest import model, shared_server, stage

__all__ = ["model", "shared_server", "stage"]
