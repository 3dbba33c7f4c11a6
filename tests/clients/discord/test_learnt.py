"""What was learnt of a person, with Undo: only where nobody else reads it, and once."""

import pytest

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Turn, answer_in_turn, know
from tests.clients.discord.test_flows_with_server import SCOPES, told
from tests.clients.stub_server import StubServer
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.controls import click_data, labels
from tests.fakes.discord.state import Interaction, Message, User
from tests.fakes.provider import FakeProvider
from tests.session.learning.classroom import Class, fact
from tests.session.stage import Person, Stage
from tzurot.account.tokens import NewToken
from tzurot_client import connect

SLOW = 60  # seconds: the first answer of a process loads its embedding model


async def test_it_is_told_in_direct_messages_and_nowhere_else(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turns = [Turn().learnt("Ada keeps *bees*.").learnt("Ada sings.", proposed=True)]
    turns += [Turn().learnt("Ada quit\ntea.", before="Ada drinks tea.") for _ in range(2)]
    for number in range(4):
        turns[1].learnt(f"Ada knows {number}.")
    answer_in_turn(server, *(it.ends_as("Hello.") for it in turns))

    async with a_bot(fake, server.address):
        for number, place in enumerate((channel, *[fake.direct_channel(ada)] * 2)):
            fake.say(ada, place, "@Lilith hi")
            await fake.until(lambda: len(server.requests("ReportDelivery")) > number)  # noqa: B023

    assert [it.content for it in fake.messages(channel)] == ["@Lilith hi", "Hello."]
    quit_tea = "-# learnt: “Ada quit tea.” (before: “Ada drinks tea.”)"
    shown = [it for it in fake.messages(fake.direct_channel(ada)) if it.author is not ada]
    assert [(it.content, labels(it)) for it in shown] == [
        ("**Lilith:** Hello.", []),
        (quit_tea, ["Undo"]),
        ("-# learnt: “Ada knows 0.”", ["Undo"]),
        ("-# learnt: “Ada knows 1.”", ["Undo"]),
        ("-# and 2 more: `/memory facts`", []),
        ("**Lilith:** Hello.", []),
        (quit_tea, ["Undo"]),
    ]


async def test_a_command_that_is_answered_directly_tells_it_aside(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_member("ada")
    turn = Turn().learnt("Ada keeps *bees*.").learnt("Ada sings.", proposed=True)
    answer_in_turn(server, turn.ends_as("Hello."))
    know(server, "Lilith")

    async with a_bot(fake, server.address):
        options = {"character": "Lilith", "message": "hi"}
        asked = fake.slash(ada, fake.direct_channel(ada), "chat", options)
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert [(it.content, it.ephemeral, labels(it)) for it in asked.replies] == [
        ("**Lilith:** Hello.", False, []),
        ("-# learnt: “Ada keeps \\*bees\\*.”", True, ["Undo"]),
        ("-# is this so? “Ada sings.”", True, ["Yes, remember", "No"]),
    ]


class Pupil:
    """Ada, who talks with Lilith in direct messages; both are known to a real server."""

    def __init__(self, fake: FakeDiscord, room: Class, ada: User) -> None:
        self.fake, self.room, self.ada = fake, room, ada
        self.channel = fake.direct_channel(ada)

    async def is_told(self, said: str, *learnt: dict[str, object]) -> list[Message]:
        """Say something from which this is learnt; what is told of it with the next answer."""
        await self.says(said)
        self.room.finds(*learnt)
        await self.room.goes_by(hours=2)
        await self.room.learns()
        answer = await self.says("And how are you?")

        def lines() -> list[Message]:
            return [it for it in self.fake.messages(self.channel) if it.id > answer.id]

        await self.fake.until(lambda: len(lines()) == len(learnt))
        return lines()

    async def says(self, text: str) -> Message:
        said = self.fake.direct_message(self.ada, f"@Lilith {text}")

        def answer() -> list[Message]:
            return [it for it in self.fake.messages(self.channel) if it.id > said.id]

        (first, *_) = await self.fake.until(answer, SLOW)
        await self.fake.until(lambda: first.content == "**Lilith:** I see.")
        await self.room.stage.settled()
        return first

    async def clicks(self, message: Message, label: str, who: User | None = None) -> Interaction:
        clicked = self.fake.click(who or self.ada, message, label)
        await self.fake.until(clicked.answered.is_set)
        return clicked


@pytest.fixture
async def token(running_server: RunningServer) -> str:
    """The bot's: it may not do anything with facts itself."""
    new = NewToken("discord bot", SCOPES, acts_for=("discord:*",))
    _, secret = await running_server.parts.tokens.create(new)
    return secret


async def test_it_is_taken_back_once_by_its_person_whatever_bot_has_told_of_it(
    fake: FakeDiscord, running_server: RunningServer, provider: FakeProvider, token: str
) -> None:
    provider.answer = lambda _: "I see."
    ada, eve = fake.add_member("ada", "Ada"), fake.add_member("eve", "Eve")
    async with connect(running_server.address, running_server.token) as client:
        subject = f"discord:{ada.id}"
        stage = Stage(running_server, provider, client)
        person = Person("Ada", "discord", subject, client.acting_for(subject))
        room = Class(stage, person, await stage.character("Lilith"))
        pupil = Pupil(fake, room, ada)
        async with a_bot(fake, running_server.address, token):
            await pupil.is_told("I drink coffee.", fact("Ada drinks coffee.", 1))
            said = "I quit coffee."
            (line,) = await pupil.is_told(said, fact("Ada quit coffee.", 2, supersedes=1))
        assert line.content == "-# learnt: “Ada quit coffee.” (before: “Ada drinks coffee.”)"

        async with a_bot(fake, running_server.address, token):
            foreign = await pupil.clicks(line, "Undo", eve)
            assert foreign.replies[0].content == "That is not there any more."
            assert await room.texts() == ["Ada quit coffee."]

            both = [fake.click(ada, line, "Undo") for _ in range(2)]
            for clicked in both:
                await fake.until(clicked.answered.is_set)
            assert await room.texts() == ["Ada drinks coffee."]
            assert "what was known before counts again" in told(line)
            assert "coffee" not in told(line)
            assert labels(line) == []
            (again,) = [it for clicked in both for it in clicked.replies if it is not line]
            assert (again.content, again.ephemeral) == ("That is not there any more.", True)

            await room.decides("facts_asked", True)
            found = fact("Ada keeps bees.", 2), fact("Ada sings.", 2)
            first, second = await pupil.is_told("I keep bees, and I sing.", *found)
            assert first.content == "-# is this so? “Ada keeps bees.”"
            yes = click_data(first, "Yes, remember")["custom_id"]
            await pupil.clicks(first, "Yes, remember")
            twice = fake.forge(ada, first, yes)  # before Discord had taken the button away
            await fake.until(twice.answered.is_set)
            assert twice.replies[-1].content == "It is remembered."
            await pupil.clicks(second, "No")
            assert "It is remembered." in told(first)
            assert "Taken back." in told(second)
            assert sorted(await room.texts()) == ["Ada drinks coffee.", "Ada keeps bees."]
