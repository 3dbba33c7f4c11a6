"""What messages refer to, and who may have it read."""

import asyncio
from typing import Any

import pytest

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import answer_each
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel, Message
from tests.fakes.discord.telling import (
    add_private_thread,
    add_thread_from,
    forward,
    link_to,
)
from tzurot.session.v1 import place_pb2
from tzurot.session.v1 import utterance_pb2 as utterance
from tzurot_bots.references import MOST, MOST_TOLD

GET = ("GET", "/channels/{channel_id}/messages/{message_id}")
READ_HISTORY = 1 << 16  # Discord "Permissions"


class Scene:
    """Ada in the meadow, and a character that answers everything there."""

    def __init__(self, fake: FakeDiscord, server: StubServer) -> None:
        self.fake, self.server = fake, server
        self.meadow, self.ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
        answer_each(server, "I see.")

    async def told(self, said: Message) -> list[Any]:
        """The references that the server is told of with this message."""

        def request() -> Any:
            chats = self.server.requests("Chat")
            return next((it for it in chats if _id(it.utterance) == str(said.id)), None)

        return list((await self.fake.until(request)).utterance.references)

    def say(self, *linked: Message, reply_to: Message | None = None) -> Message:
        text = " ".join(["@Lilith look", *map(link_to, linked)])
        return self.fake.say(self.ada, self.meadow, text, reply_to=reply_to)


@pytest.fixture
async def scene(fake: FakeDiscord, server: StubServer) -> Scene:
    return Scene(fake, server)


async def test_f1_what_a_message_refers_to_comes_nearest_first_and_within_limits(
    scene: Scene,
) -> None:
    fake, meadow = scene.fake, scene.meadow
    hidden = fake.add_channel("vault", private=True)
    bob = fake.add_member("bob", "Bob")
    hidden.insiders = {bob.id, fake.world.bot.id}
    secret = fake.say(bob, hidden, "the treasure lies under the oak")
    chain = [fake.say(bob, meadow, "one 1")]
    for number in range(2, 13):
        chain.append(fake.say(bob, meadow, f"one {number}", reply_to=chain[-1]))
    news = fake.say(bob, fake.add_channel("news"), "bees found")

    async with a_bot(fake, scene.server.address):
        told = await scene.told(scene.say(news, secret, reply_to=chain[-1]))

    states = [(_kind(one), _state(one), one.text) for one in told]
    assert states == [
        ("REPLY", "READ", "one 12"),
        ("LINK", "READ", "bees found"),
        ("LINK", "HIDDEN", ""),
        ("REPLY", "READ", "one 11"),
        ("REPLY", "READ", "one 10"),
        ("REPLY", "READ", "one 9"),
        ("REPLY", "READ", "one 8"),
        ("REPLY", "OVER_LIMIT", ""),
    ]
    assert [_referrer(one) for one in told] == [None, None, None, 0, 3, 4, 5, 6]
    assert told[0].author_subject == f"discord:{bob.id}"
    assert told[0].author_name == "Bob"
    assert told[0].age_limit == place_pb2.AGE_LIMIT_NONE
    _says_nothing(told[2])
    assert "treasure" not in str(scene.server.calls)
    assert not any(str(secret.id) in one.path.values() for one in fake.requested(*GET))


async def test_f1_a_hundred_links_are_not_followed(scene: Scene) -> None:
    bob = scene.fake.add_member("bob")
    said = [scene.fake.say(bob, scene.meadow, f"line {number}") for number in range(30)]

    async with a_bot(scene.fake, scene.server.address):
        told = await scene.told(scene.say(*said))

    assert [_state(one) for one in told] == ["READ"] * 5 + ["OVER_LIMIT"]
    assert len(scene.fake.requested(*GET)) == 5


async def test_f1_a_tree_of_links_ends_at_the_limits(scene: Scene) -> None:
    fake, bob = scene.fake, scene.fake.add_member("bob")
    lowest = [fake.say(bob, scene.meadow, f"leaf {number}") for number in range(25)]
    middle = [
        fake.say(bob, scene.meadow, " ".join(map(link_to, lowest[at : at + 5])))
        for at in range(0, 25, 5)
    ]

    async with a_bot(fake, scene.server.address):
        told = await scene.told(scene.say(*middle))

    assert len(told) <= MOST_TOLD
    assert sum(_state(one) == "READ" for one in told) == MOST
    assert len(fake.requested(*GET)) == MOST


async def test_f2_cycles_deleted_messages_other_servers_and_forwards(scene: Scene) -> None:
    fake, bob = scene.fake, scene.fake.add_member("bob", "Bob")
    elsewhere = fake.add_guild("Elsewhere")
    carl = fake.add_member("carl", guild=elsewhere)
    foreign = fake.say(carl, fake.add_channel("cellar", guild=elsewhere), "nobody else's business")
    first = fake.say(bob, scene.meadow, "A")
    second = fake.say(bob, scene.meadow, f"B {link_to(first)}")
    first.write(f"A {link_to(second)}")
    gone = fake.say(bob, scene.meadow, "gone")
    news = fake.say(bob, fake.add_channel("news", nsfw=True), "bees found")
    forwarded = forward(fake, bob, scene.meadow, news)

    async with a_bot(fake, scene.server.address):
        fake.delete(gone)
        told = await scene.told(scene.say(first, gone, foreign, forwarded))

    assert [(_kind(one), _state(one)) for one in told] == [
        ("LINK", "READ"),
        ("LINK", "DELETED"),
        ("LINK", "HIDDEN"),
        ("LINK", "READ"),
        ("LINK", "READ"),
        ("FORWARD", "READ"),
        ("LINK", "REPEATED"),
    ]
    assert told[5].text == "bees found"
    assert told[5].author_subject == ""
    assert told[5].age_limit == place_pb2.AGE_LIMIT_ADULTS
    assert _referrer(told[5]) == 3
    for one in (told[1], told[2], told[6]):
        _says_nothing(one)


async def test_f2_who_is_a_member_of_the_other_server_has_it_read(scene: Scene) -> None:
    fake = scene.fake
    elsewhere = fake.add_guild("Elsewhere")
    elsewhere.members[scene.ada.id] = scene.ada
    carl = fake.add_member("carl", guild=elsewhere)
    open_ = fake.say(carl, fake.add_channel("hall", guild=elsewhere), "hello from the hall")

    async with a_bot(fake, scene.server.address):
        (before,) = await scene.told(scene.say(open_))
        del elsewhere.members[scene.ada.id]
        (after,) = await scene.told(scene.say(open_))

    assert (_state(before), before.text) == ("READ", "hello from the hall")
    assert _state(after) == "HIDDEN", "what was read before is asked about again"
    _says_nothing(after)


async def test_f3_who_refers_to_nothing_costs_no_request_and_no_wait(scene: Scene) -> None:
    async with a_bot(scene.fake, scene.server.address):
        with scene.fake.hold(*GET):
            told = await scene.told(scene.say())

    assert told == []
    assert not [one for one in scene.fake.requests if one.method == "GET" and _reads(one.template)]


async def test_f3_a_reply_is_read_from_the_message_itself(scene: Scene) -> None:
    first = scene.fake.say(scene.fake.add_member("bob"), scene.meadow, "one")

    async with a_bot(scene.fake, scene.server.address):
        (told,) = await scene.told(scene.say(reply_to=first))

    assert (_kind(told), told.text) == ("REPLY", "one")
    assert not [one for one in scene.fake.requests if one.method == "GET" and _reads(one.template)]


async def test_a_direct_message_is_read_by_the_two_alone_and_only_there(scene: Scene) -> None:
    fake, bob = scene.fake, scene.fake.add_member("bob")
    theirs = fake.direct_message(bob, "@Lilith my secret")
    mine = fake.direct_message(scene.ada, "mine alone")

    async with a_bot(fake, scene.server.address):
        (foreign,) = await scene.told(scene.say(theirs))
        (elsewhere,) = await scene.told(scene.say(mine))
        (there,) = await scene.told(fake.direct_message(scene.ada, f"@Lilith {link_to(mine)}"))
        (cross,) = await scene.told(fake.direct_message(scene.ada, f"@Lilith {link_to(theirs)}"))

    assert [_state(one) for one in (foreign, elsewhere, there, cross)] == [
        "HIDDEN",
        "HIDDEN",
        "READ",
        "HIDDEN",
    ]
    assert there.text == "mine alone"
    assert "my secret" not in str(scene.server.requests("Chat"))


async def test_a_private_thread_is_for_its_members(scene: Scene) -> None:
    fake, bob = scene.fake, scene.fake.add_member("bob")
    with_ada = add_private_thread(fake, "whispers", scene.meadow, bob, scene.ada)
    without = add_private_thread(fake, "murmurs", scene.meadow, bob)
    heard, unheard = fake.say(bob, with_ada, "for Ada"), fake.say(bob, without, "not for Ada")

    async with a_bot(fake, scene.server.address):
        told = await scene.told(scene.say(heard, unheard))

    assert [(_state(one), one.text) for one in told] == [("READ", "for Ada"), ("HIDDEN", "")]


async def test_a_thread_that_the_bot_was_not_told_of_is_looked_up(scene: Scene) -> None:
    fake, bob = scene.fake, scene.fake.add_member("bob")
    old = fake.add_thread("old times", scene.meadow)
    heard = fake.say(bob, old, "from long ago")
    kept = fake.world.channels.pop(old.id)  # an archived thread is in no GUILD_CREATE

    async with a_bot(fake, scene.server.address):
        fake.world.channels[old.id] = kept
        (told,) = await scene.told(scene.say(heard))

    assert (_state(told), told.text) == ("READ", "from long ago")


async def test_without_the_right_to_read_the_history_nothing_is_read(scene: Scene) -> None:
    bob = scene.fake.add_member("bob")
    wall = scene.fake.add_channel("wall")
    wall.denied = READ_HISTORY
    old = scene.fake.say(bob, wall, "from before")

    async with a_bot(scene.fake, scene.server.address):
        (told,) = await scene.told(scene.say(old))

    assert _state(told) == "HIDDEN"
    _says_nothing(told)


async def test_a_link_that_lies_about_its_server_opens_nothing(scene: Scene) -> None:
    fake, bob = scene.fake, scene.fake.add_member("bob")
    elsewhere = fake.add_guild("Elsewhere")
    carl = fake.add_member("carl", guild=elsewhere)
    foreign = fake.say(carl, fake.add_channel("cellar", guild=elsewhere), "nobody else's business")
    honest = link_to(fake.say(bob, scene.meadow, "here"))
    lie = "/".join([*honest.split("/")[:5], *link_to(foreign).split("/")[5:]])

    async with a_bot(fake, scene.server.address):
        said = fake.say(
            scene.ada, scene.meadow, f"@Lilith {lie} https://discord.com/channels/1/2/3"
        )
        told = await scene.told(said)

    assert [_state(one) for one in told] == ["HIDDEN", "HIDDEN"]
    assert not fake.requested(*GET)


async def test_what_discord_does_not_tell_in_time_is_out_of_reach(scene: Scene) -> None:
    bob = scene.fake.add_member("bob")
    slow = scene.fake.say(bob, scene.meadow, "slow")

    async with a_bot(scene.fake, scene.server.address):
        with scene.fake.hold(*GET):
            async with asyncio.timeout(8):
                (told,) = await scene.told(scene.say(slow))

    assert _state(told) == "UNREACHABLE"
    _says_nothing(told)


async def test_a_message_is_read_once_and_again_when_it_has_changed(scene: Scene) -> None:
    bob = scene.fake.add_member("bob")
    rule = scene.fake.say(bob, scene.meadow, "no running")

    async with a_bot(scene.fake, scene.server.address):
        texts = [(await scene.told(scene.say(rule)))[0].text for _ in range(2)]
        reads = len(scene.fake.requested(*GET))
        scene.fake.edit(rule, "running is fine")
        (edited,) = await scene.told(scene.say(rule))
        scene.fake.delete(rule)
        (deleted,) = await scene.told(scene.say(rule))

    assert (texts, reads) == (["no running"] * 2, 1)
    assert edited.text == "running is fine"
    assert _state(deleted) == "DELETED"


async def test_a_thread_brings_what_it_began_with(scene: Scene) -> None:
    bob = scene.fake.add_member("bob", "Bob")
    starter = scene.fake.say(bob, scene.meadow, "Who knows bees?")
    thread = add_thread_from(scene.fake, "bees", starter)
    bare = scene.fake.add_thread("nothing yet", scene.meadow)

    async with a_bot(scene.fake, scene.server.address):
        (told,) = await scene.told(_say(scene, thread))
        again = await scene.told(_say(scene, thread))
        nothing = await scene.told(_say(scene, bare))

    assert (_kind(told), told.text, told.author_name) == (
        "THREAD_STARTER",
        "Who knows bees?",
        "Bob",
    )
    assert [one.text for one in again] == ["Who knows bees?"]
    assert nothing == []
    assert len(scene.fake.requested(*GET)) == 2, "one for each thread"


async def test_a_huge_text_is_cut_and_names_stand_for_markup(scene: Scene) -> None:
    bob = scene.fake.add_member("bob", "Bob")
    huge = scene.fake.say(bob, scene.meadow, f"<@{scene.ada.id}> " + "x" * 30_000)

    async with a_bot(scene.fake, scene.server.address):
        (told,) = await scene.told(scene.say(huge))

    assert told.text.startswith("Ada xxx")
    assert len(told.text) == 20_000


def _say(scene: Scene, channel: Channel) -> Message:
    return scene.fake.say(scene.ada, channel, "@Lilith well?")


def _id(said: Any) -> str:
    return said.platform_message_id


def _kind(one: Any) -> str:
    return utterance.ReferenceKind.Name(one.kind).removeprefix("REFERENCE_KIND_")


def _state(one: Any) -> str:
    return utterance.ReferenceState.Name(one.state).removeprefix("REFERENCE_STATE_")


def _referrer(one: Any) -> int | None:
    return one.referrer_index if one.HasField("referrer_index") else None


def _says_nothing(one: Any) -> None:
    assert (one.text, one.author_subject, one.author_name) == ("", "", "")
    assert not one.HasField("create_time")
    assert one.age_limit == 0


def _reads(template: str) -> bool:
    return any(word in template for word in ("/messages", "/members", "/thread-members"))
