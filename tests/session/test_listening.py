"""What a client is told to listen to: first all, then each change."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import uuid4

import pytest

from tests.session.channeling import (
    EVERY,
    NAMED,
    activates,
    deactivates,
    resets,
    watches,
)
from tests.session.stage import Person, Stage
from tzurot_client import PermissionDenied
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    SetChannelSettingRequest,
    SetSystemSettingRequest,
    SettingValue,
    WatchChannelsResponse,
)


class TestWatching:
    async def test_it_tells_all_and_then_each_change(
        self, stage: Stage, lilith: Personality
    ) -> None:
        platform = _platform()
        ada = stage.person("Ada", platform)
        loud, quiet, off = (stage.channel(platform=platform) for _ in range(3))
        await activates(ada, loud, lilith)
        await activates(ada, quiet, lilith, NAMED)
        await deactivates(ada, off)
        async with aclosing(watches(ada, platform)) as told:
            first = {
                it.channel_id: (it.answers, it.records, it.removed)
                for it in (await anext(told)).channels
            }
            assert first == {
                loud.channel_id: (True, False, False),
                quiet.channel_id: (False, True, False),
                off.channel_id: (False, False, False),
            }
            assert (await anext(told)).complete
            await activates(ada, off, lilith, EVERY)
            assert await _next(told) == [(off.channel_id, True, False, False)]
            await resets(ada, off)
            assert await _next(told) == [(off.channel_id, False, False, True)]

    async def test_a_channel_that_allows_nothing_around_is_not_recorded(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person("Ada", platform := _platform())
        quiet = stage.channel(platform=platform)
        await activates(ada, quiet, lilith, NAMED)
        async with aclosing(watches(ada, platform)) as told:
            assert [it.records for it in (await anext(told)).channels] == [True]
            assert (await anext(told)).complete
            none = SetChannelSettingRequest(
                key="ambient_limit", value=SettingValue(whole=0), place=quiet
            )
            await ada.client.setting.set_channel_setting(none)
            assert await _next(told) == [(quiet.channel_id, False, False, False)]

    async def test_what_the_operator_decides_for_all_is_told_of_all(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada = stage.person("Ada", platform := _platform())
        quiet = stage.channel(platform=platform)
        await activates(ada, quiet, lilith, NAMED)
        async with aclosing(watches(ada, platform)) as told:
            assert [it.records for it in (await anext(told)).channels] == [True]
            assert (await anext(told)).complete
            limit = SetSystemSettingRequest(key="ambient_limit", value=SettingValue(whole=0))
            try:
                await ada.client.setting.set_system_setting(limit)
                assert await _next(told) == [(quiet.channel_id, False, False, False)]
                assert (await anext(told)).complete
            finally:
                undo = SetSystemSettingRequest(key="ambient_limit")
                await ada.client.setting.set_system_setting(undo)
            assert await _next(told) == [(quiet.channel_id, False, True, False)]

    async def test_another_platforms_channels_are_not_told(self, ada: Person) -> None:
        with pytest.raises(PermissionDenied) as refused:
            async with aclosing(watches(ada, "discord")) as told:
                await anext(told)
        assert refused.value.reason is ErrorReason.SUBJECT_DENIED


async def _next(
    told: AsyncGenerator[WatchChannelsResponse],
) -> list[tuple[str, bool, bool, bool]]:
    """What is told next."""
    response = await anext(told)
    return [(it.channel_id, it.answers, it.records, it.removed) for it in response.channels]


def _platform() -> str:
    """A platform that no other test is on: its name has letters alone."""
    return uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
