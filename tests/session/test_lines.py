"""What is said around characters: what of it is kept, for how long, and who is told of it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.session.channeling import MUTED, activates, thread
from tests.session.stage import Person, Stage
from tzurot import clock
from tzurot.account.tokens import ALL_SCOPES
from tzurot.errors import InvalidField, SubjectDenied
from tzurot.memory.venues import Venue
from tzurot.session.channels.lines import Lines, Overheard
from tzurot.session.said import Place as Said
from tzurot.transport.subject import Caller
from tzurot_client import NotFound
from tzurot_client.gen.tzurot.account.v1 import (
    CreateDenialRequest,
    DeleteDenialRequest,
    Denial,
    DenialKind,
    GetMeRequest,
)
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    DeleteMessageRequest,
    EditMessageRequest,
    MessageRef,
    Place,
    PlatformMessage,
    SetChannelSettingRequest,
    SettingValue,
)

BOB = "local:bob-who-was-never-here"


@pytest.fixture
async def meadow(stage: Stage, ada: Person, lilith: Personality) -> Place:
    """A channel in which Lilith is active."""
    place = stage.channel()
    await activates(ada, place, lilith)
    return place


@pytest.fixture
def lines(stage: Stage) -> Lines:
    return Lines(stage.server.parts.database)


async def caller(person: Person) -> Caller:
    me = (await person.client.account.get_me(GetMeRequest())).person
    assert me
    return Caller(UUID(me.id), UUID(int=0), person.subject, ALL_SCOPES, UUID(int=0))


def said(place: Place) -> Said:
    return Said(
        place.platform,
        place.space_id,
        place.channel_id,
        Venue.PUBLIC_CHANNEL,
        place.parent_channel_id,
    )


def overheard(text: str, message_id: str = "", **fields: object) -> Overheard:
    """Something that Bob said just now."""
    values = {"author_subject": BOB, "author_name": "Bob", "create_time": clock.now()} | fields
    return Overheard(message_id or uuid4().hex, text=text, **values)  # pyright: ignore[reportArgumentType]


async def kept(stage: Stage, place: Place) -> list[str]:
    """The texts that are kept of a channel, oldest first."""
    query = "SELECT text FROM channel_lines WHERE channel_id = :channel ORDER BY id"
    return [str(text) for (text,) in await stage.rows(query, channel=place.channel_id)]


async def test_the_active_character_sees_what_was_said_around_it(
    stage: Stage, ada: Person, meadow: Place, lines: Lines
) -> None:
    heard = [overheard("My bees hum."), overheard("Mine\n  don't.")]
    assert await lines.record(await caller(ada), said(meadow), heard) == 2
    await ada.says("And yours?", place=meadow)
    prompt = str(stage.asked[-1].messages)
    assert "My bees hum." in prompt
    assert "Bob" in prompt
    assert (await kept(stage, meadow))[:3] == ["My bees hum.", "Mine\n  don't.", "And yours?"]


async def test_a_message_is_kept_once(
    stage: Stage, ada: Person, meadow: Place, lines: Lines
) -> None:
    me, where = await caller(ada), said(meadow)
    assert await lines.record(me, where, [overheard("Hi", "m1")]) == 1
    assert await lines.record(me, where, [overheard("Hi", "m1"), overheard("Ho", "m2")]) == 1
    assert await kept(stage, meadow) == ["Hi", "Ho"]


async def test_a_thread_is_heard_as_its_parent(
    stage: Stage, ada: Person, meadow: Place, lines: Lines
) -> None:
    inside = thread(meadow, uuid4().hex)
    assert await lines.record(await caller(ada), said(inside), [overheard("Hi")]) == 1
    assert await kept(stage, meadow) == []


async def test_even_a_muted_one_hears(
    ada: Person, meadow: Place, lilith: Personality, lines: Lines
) -> None:
    await activates(ada, meadow, lilith, MUTED)
    assert await lines.record(await caller(ada), said(meadow), [overheard("Hi")]) == 1


async def test_nothing_is_kept_where_nobody_is_active(
    stage: Stage, ada: Person, lines: Lines
) -> None:
    elsewhere = stage.channel()
    assert await lines.record(await caller(ada), said(elsewhere), [overheard("Hi")]) == 0
    assert await kept(stage, elsewhere) == []


async def test_nothing_is_kept_where_the_channel_allows_none(
    stage: Stage, ada: Person, meadow: Place, lines: Lines
) -> None:
    none = SetChannelSettingRequest(
        key="ambient_limit", value=SettingValue(whole=0), place=meadow, bound=True
    )
    await ada.client.setting.set_channel_setting(none)
    assert await lines.record(await caller(ada), said(meadow), [overheard("Hi")]) == 0
    assert await kept(stage, meadow) == []


async def test_whoever_is_known_is_known_by_it(
    stage: Stage, ada: Person, meadow: Place, lines: Lines
) -> None:
    me = await caller(ada)
    heard = [overheard("Hi"), overheard("Ho", author_subject=ada.subject, author_name="Ada")]
    await lines.record(me, said(meadow), heard)
    query = """SELECT author_subject, person_id FROM channel_lines
        WHERE channel_id = :channel ORDER BY id"""
    rows = await stage.rows(query, channel=meadow.channel_id)
    assert rows == [(BOB, None), (ada.subject, me.person_id)]


async def test_old_news_is_none(stage: Stage, ada: Person, meadow: Place, lines: Lines) -> None:
    now = clock.now()
    times: Sequence[timedelta] = (timedelta(hours=-7), timedelta(hours=-5), timedelta(hours=1))
    heard = [overheard(str(it), create_time=now + it) for it in times]
    assert await lines.record(await caller(ada), said(meadow), heard) == 2
    query = "SELECT text FROM channel_lines WHERE channel_id = :channel AND create_time <= now()"
    assert len(await stage.rows(query, channel=meadow.channel_id)) == 2  # none is of the future


async def test_a_channel_keeps_its_newest_lines(
    stage: Stage, ada: Person, meadow: Place, lines: Lines
) -> None:
    me, where = await caller(ada), said(meadow)
    for batch in range(3):
        await lines.record(me, where, [overheard(f"{batch}.{it}") for it in range(90)])
    left = await kept(stage, meadow)
    assert (len(left), left[0], left[-1]) == (200, "0.70", "2.89")


async def test_what_is_too_old_is_forgotten_everywhere(
    stage: Stage, ada: Person, meadow: Place, lines: Lines
) -> None:
    inside = thread(meadow, uuid4().hex)
    me = await caller(ada)
    for place in (meadow, inside):
        await lines.record(me, said(place), [overheard("old"), overheard("new")])
    aged = """UPDATE channel_lines SET create_time = create_time - interval '7 hours'
        WHERE text = 'old' AND channel_id IN (:meadow, :inside)"""
    await stage.execute(aged, meadow=meadow.channel_id, inside=inside.channel_id)
    await lines.forget()
    assert [await kept(stage, it) for it in (meadow, inside)] == [["new"], ["new"]]


async def test_authors_are_of_the_channels_platform(
    ada: Person, meadow: Place, lines: Lines
) -> None:
    me = await caller(ada)
    with pytest.raises(InvalidField):
        await lines.record(me, said(meadow), [overheard("Hi", author_subject="discord:1")])
    foreign = Said("discord", "", meadow.channel_id, Venue.PUBLIC_CHANNEL)
    with pytest.raises(SubjectDenied):
        await lines.record(me, foreign, [overheard("Hi", author_subject="discord:1")])
    with pytest.raises(InvalidField):
        await lines.record(me, Said("local", "", "1", Venue.DIRECT), [overheard("Hi")])


async def test_what_somebody_says_who_is_denied_there_is_nobodys_business(
    stage: Stage, ada: Person, meadow: Place, lines: Lines
) -> None:
    denied = Denial(
        subject="local:mallory-the-loud",
        platform="local",
        within_space_id=meadow.space_id,
        kind=DenialKind.MUTE,
    )
    made = await ada.client.moderation.create_denial(CreateDenialRequest(denial=denied))
    try:
        said_there = [
            overheard("Buy my bees!", author_subject="local:mallory-the-loud"),
            overheard("No."),
        ]
        assert await lines.record(await caller(ada), said(meadow), said_there) == 1
        assert await kept(stage, meadow) == ["No."]
    finally:
        request = DeleteDenialRequest(
            denial_id=made.denial.id if made.denial else "",
            platform="local",
            within_space_id=meadow.space_id,
        )
        await ada.client.moderation.delete_denial(request)


class TestWhatItsAuthorChanges:
    """Bob has never been here: his client tells of what he did to his own message."""

    @pytest.fixture
    def bob(self, stage: Stage) -> Person:
        return stage.person("Bob")

    @pytest.fixture
    async def told(
        self, stage: Stage, ada: Person, bob: Person, meadow: Place, lines: Lines
    ) -> MessageRef:
        """What Bob said aside, after which Ada was answered."""
        heard = overheard("My bees hum.", "m1", author_subject=bob.subject)
        await lines.record(await caller(ada), said(meadow), [heard])
        await ada.says("And yours?", place=meadow)
        assert await traced(stage, meadow, "My bees hum.")
        return shown(meadow, "m1")

    async def test_its_new_words_are_heard_and_the_old_ones_are_gone(
        self, stage: Stage, ada: Person, bob: Person, meadow: Place, told: MessageRef
    ) -> None:
        edit = EditMessageRequest(message=told, text="My wasps hum.")
        assert (await bob.client.message.edit_message(edit)).message is None
        assert (await kept(stage, meadow))[0] == "My wasps hum."
        assert not await traced(stage, meadow, "My bees hum.")
        await ada.says("Go on.", place=meadow)
        assert "My wasps hum." in str(stage.asked[-1].messages)

    async def test_deleted_nothing_of_it_is_left(
        self, stage: Stage, bob: Person, meadow: Place, told: MessageRef
    ) -> None:
        await bob.client.message.delete_message(DeleteMessageRequest(message=told))
        assert "My bees hum." not in await kept(stage, meadow)
        assert not await traced(stage, meadow, "My bees hum.")

    async def test_only_its_author_changes_it(
        self, stage: Stage, ada: Person, bob: Person, meadow: Place, told: MessageRef
    ) -> None:
        edit = EditMessageRequest(message=told, text="Buzz.")
        elsewhere = EditMessageRequest(message=shown(stage.channel(), "m1"), text="Buzz.")
        for who, request in ((ada, edit), (bob, elsewhere)):
            with pytest.raises(NotFound):
                await who.client.message.edit_message(request)
            with pytest.raises(NotFound):
                gone = DeleteMessageRequest(message=request.message)
                await who.client.message.delete_message(gone)
        assert (await kept(stage, meadow))[0] == "My bees hum."


def shown(place: Place, message_id: str) -> MessageRef:
    """A message as its platform names it."""
    where = PlatformMessage(
        platform=place.platform, channel_id=place.channel_id, message_id=message_id
    )
    return MessageRef(platform_message=where)


async def traced(stage: Stage, place: Place, words: str) -> bool:
    """Whether what a turn was told in a place still has these words."""
    query = """SELECT 1 FROM traces r JOIN turns t ON t.id = r.turn_id
        WHERE t.channel_id = :channel AND position(:words IN r.document::text) > 0"""
    return bool(await stage.rows(query, channel=place.channel_id, words=words))
