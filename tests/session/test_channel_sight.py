"""Who sees what is active in a channel, and where something may be active at all."""

from uuid import uuid4

import pytest

from tests.session.channeling import (
    MUTED,
    NAMED,
    activates,
    active,
    deactivates,
    gives_the_floor,
    looks,
    names,
    resets,
    trusted_with,
)
from tests.session.stage import Person, Stage, who
from tzurot_client import InvalidArgument, NotFound, PermissionDenied
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, Venue
from tzurot_client.gen.tzurot.personality.v1 import Personality, PersonalityRef, Visibility
from tzurot_client.gen.tzurot.session.v1 import (
    ActivatePersonalityRequest,
    AgeLimit,
    Channel,
    ChannelRule,
    ListChannelsRequest,
    Place,
)


class TestSight:
    @pytest.fixture
    async def tabby(self, stage: Stage) -> Personality:
        """A private character of the operator's."""
        return await stage.character("Tabby", Visibility.PRIVATE)

    @pytest.fixture
    def operator(self, stage: Stage, ada: Person) -> Person:
        return Person("Operator", "local", "local:owner", stage.client)

    async def test_one_that_the_activator_may_not_see_is_not_found(
        self, ada: Person, meadow: Place, tabby: Personality
    ) -> None:
        with pytest.raises(NotFound) as refused:
            await activates(ada, meadow, tabby)
        assert refused.value.reason is ErrorReason.PERSONALITY_NOT_FOUND
        assert await active(ada, meadow) == []

    async def test_it_is_silent_to_whoever_may_not_see_it(
        self, ada: Person, meadow: Place, tabby: Personality, lilith: Personality, operator: Person
    ) -> None:
        await activates(operator, meadow, tabby)
        assert who(await operator.says("Hi", place=meadow)) == ["Tabby"]
        assert await ada.says("Hi", place=meadow) == []
        await activates(ada, meadow, lilith)
        (told,) = await ada.says("Hi", place=meadow)
        assert told.by == "Lilith"
        assert "tabby" not in str((await ada.trace(told.turn_id)).steps[1].outcome).lower()

    async def test_who_moderates_sees_mutes_and_takes_out_whatever_is_active(
        self, ada: Person, meadow: Place, tabby: Personality, operator: Person
    ) -> None:
        await activates(operator, meadow, tabby)
        assert await active(ada, meadow) == ["Tabby"]
        muting = ActivatePersonalityRequest(
            place=meadow, personality=PersonalityRef(id=tabby.id), rule=ChannelRule(mode=MUTED)
        )
        muted = (await ada.client.channel.activate_personality(muting)).channel
        assert muted
        assert [it.mode for it in muted.activations] == [MUTED]
        assert names(await deactivates(ada, meadow, tabby)) == []

    async def test_others_do_not_learn_of_it(
        self,
        stage: Stage,
        ada: Person,
        meadow: Place,
        tabby: Personality,
        lilith: Personality,
        operator: Person,
    ) -> None:
        await activates(operator, meadow, tabby)
        await activates(operator, meadow, lilith)
        await gives_the_floor(operator, meadow, tabby)
        async with trusted_with(stage, ada, "session.read") as reader:
            channel = await looks(reader, meadow)
            assert (names(channel), channel.next_speaker_id) == (["Lilith"], "")
            (listed,) = await _listed(reader, meadow)
            assert names(listed) == ["Lilith"]


class TestPlace:
    async def test_another_platforms_channel_is_out_of_reach(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        foreign = stage.channel(platform="discord")
        for asked in (looks(ada, foreign), activates(ada, foreign, lilith), resets(ada, foreign)):
            with pytest.raises(PermissionDenied) as refused:
                await asked
            assert refused.value.reason is ErrorReason.SUBJECT_DENIED

    async def test_a_direct_place_is_no_channel(self, ada: Person, lilith: Personality) -> None:
        with pytest.raises(InvalidArgument) as refused:
            await activates(ada, ada.direct, lilith)
        assert refused.value.reason is ErrorReason.INVALID_FIELD

    async def test_what_is_for_adults_is_active_only_where_adults_alone_are(
        self, stage: Stage, ada: Person
    ) -> None:
        vamp = await stage.character("Vamp", age_restricted=True)
        for limit in (AgeLimit.UNSPECIFIED, AgeLimit.NONE):
            meadow = stage.channel()
            meadow.age_limit = limit
            with pytest.raises(PermissionDenied) as refused:
                await activates(ada, meadow, vamp)
            assert refused.value.reason is ErrorReason.PLACE_NOT_AGE_RESTRICTED
        cellar = stage.channel()
        cellar.age_limit = AgeLimit.ADULTS
        assert names(await activates(ada, cellar, vamp)) == ["Vamp"]

    async def test_a_private_channel_is_a_channel(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        den = stage.channel(Venue.PRIVATE_CHANNEL)
        await activates(ada, den, lilith)
        assert who(await ada.says("Hi", place=den)) == ["Lilith"]

    async def test_a_server_lists_what_it_decided_the_last_change_first(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        space = uuid4().hex
        places = [stage.channel() for _ in range(3)]
        for place in places:
            place.space_id = space
            await activates(ada, place, lilith)
        await activates(ada, places[1], lilith, NAMED)
        found, token = list[Channel](), ""
        while True:
            request = ListChannelsRequest(
                platform="local", space_id=space, page_size=2, page_token=token
            )
            page = await ada.client.channel.list_channels(request)
            found += page.channels
            if not (token := page.next_page_token):
                break
        ids = [it.place.channel_id for it in found if it.place]
        assert ids == [places[it].channel_id for it in (1, 2, 0)]
        assert all(names(it) == ["Lilith"] for it in found)


async def _listed(reader: Person, place: Place) -> list[Channel]:
    """The channel among those of its server."""
    request = ListChannelsRequest(platform=place.platform, space_id=place.space_id, page_size=200)
    page = await reader.client.channel.list_channels(request)
    return [it for it in page.channels if it.place and it.place.channel_id == place.channel_id]
