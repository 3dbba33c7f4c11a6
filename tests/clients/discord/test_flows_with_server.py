"""The bot with the real dialogues of the server: every command, form, list and preview of theirs.

Its token is the one that docs/how-to/discord-bot.md tells to make.
"""

import re
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.clients.discord.harness import a_bot
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.command_rules import command_breaches
from tests.fakes.discord.controls import labels
from tests.fakes.discord.state import Interaction, Message, User
from tests.fakes.provider import FakeProvider
from tzurot.account.tokens import NewToken
from tzurot_client import NotFound, connect
from tzurot_client.gen.tzurot.memory.v1 import CreateMemoryRequest
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityRequest,
    GetPersonalityRequest,
    ListPersonalitiesRequest,
    Personality,
    PersonalityRef,
    Visibility,
)
from tzurot_discord.commands import OWN

PUT_COMMANDS = ("PUT", "/applications/{application_id}/commands")
SCOPES = frozenset(
    {
        "personality.read",
        "session.chat",
        "session.read",
        "session.write",
        "flow.read",
        "flow.write",
        "channel.write",
    }
)
EPHEMERAL = 64  # Discord "Message Flags"
SLOW = 60  # seconds: the first answer of a process loads its embedding model
CARDS = Path(__file__).parents[2] / "formats" / "data" / "cards"
COMMANDS_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "commands.md"
BACKUP = Path(__file__).parents[3] / "docs" / "how-to" / "examples" / "marta-lamp"
LUNA = CARDS / "ca_LunaStarweaver_v3.json"


class Desk:
    """Ada and Eve in a channel with the bot, and a way to look at the server behind its back."""

    def __init__(self, fake: FakeDiscord, server: RunningServer, token: str) -> None:
        self.fake, self.server, self.token = fake, server, token
        self.channel = fake.add_channel("meadow")
        self.ada, self.eve = fake.add_member("ada", "Ada"), fake.add_member("eve", "Eve")

    async def begin(self, path: str, who: User | None = None, **options: Any) -> Message:
        """Send the command; the dialogue's message."""
        asked = self.fake.slash(who or self.ada, self.channel, path, options)
        return (await self.fake.until(lambda: asked.replies))[0]

    async def click(self, message: Message, label: str, who: User | None = None) -> Interaction:
        return await self._answered(self.fake.click(who or self.ada, message, label))

    async def choose(self, message: Message, label: str) -> Interaction:
        return await self._answered(self.fake.choose(self.ada, message, label))

    async def fill_in(self, opened: Interaction, answers: Mapping[str, Any]) -> Interaction:
        return await self._answered(self.fake.submit(opened, answers))

    async def titled(self, message: Message, title: str) -> str:
        """Wait until the message bears this title; all that it says then."""
        await self.fake.until(lambda: _title(message) == title)
        return told(message)

    async def create(self, name: str, **fields: Any) -> Personality:
        """A character of Ada's."""
        new = Personality(name=name, **fields)
        async with connect(self.server.address, self.server.token) as client:
            ada = client.acting_for(f"discord:{self.ada.id}")
            request = CreatePersonalityRequest(personality=new)
            made = (await ada.personality.create_personality(request)).personality
        assert made
        return made

    async def look_at(self, slug: str) -> Personality:
        """A character of Ada's as it is now."""
        async with connect(self.server.address, self.server.token) as client:
            ada = client.acting_for(f"discord:{self.ada.id}")
            request = GetPersonalityRequest(personality=PersonalityRef(slug=slug))
            found = (await ada.personality.get_personality(request)).personality
        assert found
        return found

    async def owned(self) -> list[str]:
        """The names of Ada's characters."""
        return [one.name for one in await self.characters()]

    async def characters(self) -> list[Personality]:
        """Ada's characters."""
        async with connect(self.server.address, self.server.token) as client:
            ada = client.acting_for(f"discord:{self.ada.id}")
            request = ListPersonalitiesRequest(mine=True)
            return (await ada.personality.list_personalities(request)).personalities

    async def remember(self, who: Personality, text: str) -> None:
        """Tell a character of Ada's something to remember."""
        async with connect(self.server.address, self.server.token) as client:
            ada = client.acting_for(f"discord:{self.ada.id}")
            request = CreateMemoryRequest(personality_id=who.id, text=text)
            await ada.memory.create_memory(request)

    async def chat(self, text: str) -> Message:
        """Say something in the channel; the answer, once it is whole."""
        self.fake.say(self.ada, self.channel, text)
        answer = await self.fake.until(self._answer, SLOW)
        assert answer
        return answer

    def _answer(self) -> Message | None:
        last = self.fake.messages(self.channel)[-1]
        return last if last.webhook else None

    async def _answered(self, interaction: Interaction) -> Interaction:
        await self.fake.until(interaction.answered.is_set)
        return interaction


def backup() -> bytes:
    """All files of the how-to's backup in one archive."""
    archive = BytesIO()
    with ZipFile(archive, "w") as files:
        for path in sorted(BACKUP.iterdir()):
            files.write(path, path.name)
    return archive.getvalue()


def own_memories(text: str) -> int:
    """How many memories of one's own an import tells of."""
    found = re.search(r"(\d+) memories of yours", text)
    return int(found[1]) if found else 0


def told(message: Message) -> str:
    """All text of the message."""
    texts = [message.content]
    for embed in message.embeds:
        texts += [embed.get("title", ""), embed.get("description", "")]
    return "\n".join(text for text in texts if text)


def prefilled(form: Interaction) -> dict[str, str]:
    """What the texts of a form are filled in with."""
    assert form.modal
    components = {one["label"]: one["component"] for one in form.modal["components"]}
    return {label: one.get("value") or "" for label, one in components.items()}


def _title(message: Message) -> str:
    return message.embeds[0].get("title", "") if message.embeds else ""


@pytest.fixture
async def token(running_server: RunningServer) -> str:
    """The bot's: for Discord's people, and nobody's own."""
    new = NewToken("discord bot", SCOPES, acts_for=("discord:*",))
    _, secret = await running_server.parts.tokens.create(new)
    return secret


@pytest.fixture
async def desk(fake: FakeDiscord, running_server: RunningServer, token: str) -> AsyncIterator[Desk]:
    desk = Desk(fake, running_server, token)
    async with a_bot(fake, running_server.address, token):
        yield desk


async def test_k4_the_catalogue_is_told_once_and_again_only_if_it_changes(
    fake: FakeDiscord, running_server: RunningServer, token: str
) -> None:
    for _ in range(2):
        async with a_bot(fake, running_server.address, token):
            pass

    assert len(fake.requested(*PUT_COMMANDS)) == 1
    commands = {command["name"]: command for command in fake.world.commands}
    assert list(command_breaches(fake.world.commands)) == []
    verbs = {
        name: [option["name"] for option in command["options"]]
        for name, command in commands.items()
        if name not in {one.declared["name"] for one in OWN}
    }
    assert verbs == {
        "channel": ["activate", "browse", "budget", "deactivate"],
        "character": [
            *("aliases", "avatar", "browse", "chat", "clone", "create"),
            *("delete", "edit", "import", "override", "share"),
        ],
        "deny": ["add", "browse"],
        "help": ["command"],
        "history": ["browse", "clear", "delete", "stats", "undo"],
        "knowledge": ["browse"],
        "lorebook": ["browse", "test"],
        "me": ["front", "model", "time"],
        "memory": [
            *("add", "browse", "dreams", "export", "facts", "forget", "fresh"),
            *("graph", "incognito", "purge", "search", "stats", "undo"),
        ],
        "message": ["alternatives", "delete", "edit"],
        "models": ["query"],
        "note": ["character", "conversation"],
        "preset": ["browse", "create"],
        "turn": ["why"],
        "wallet": ["explain", "keys", "sponsor", "usage"],
    }


async def test_help_lists_what_the_page_of_the_commands_lists(desk: Desk) -> None:
    page = COMMANDS_PAGE.read_text()
    own = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|$", page.partition("## Only on Discord")[2], re.M)
    groups = [name for name in re.findall(r"^## (\w+)$", page, re.M) if name != "help"]
    message = await desk.begin("help")

    titles = re.findall(r"^\*\*(.+)\*\*$", told(message), re.M)
    assert titles == [*(f"/{name}" for name in groups), *(name for name, _ in own)]
    assert all(sentence in told(message) for _, sentence in own)

    await desk.choose(message, "/turn")
    await desk.click(message, "Back")
    assert re.findall(r"^\*\*(.+)\*\*$", told(message), re.M) == titles


async def test_a_character_is_made_from_forms(desk: Desk) -> None:
    message = await desk.begin("character create", name="Lilith")

    form = await desk.click(message, "Identity")
    assert prefilled(form)["Name"] == "Lilith"
    await desk.fill_in(form, {"Slug": "lilith", "Tags": "witch, bees"})
    form = await desk.click(message, "Biography")
    await desk.fill_in(form, {"Description": "Keeps the archive of a small town."})
    assert await desk.owned() == []
    await desk.click(message, "Create")

    assert await desk.owned() == ["Lilith"]
    made = await desk.look_at("lilith")
    assert (list(made.tags), made.visibility) == (["witch", "bees"], Visibility.PRIVATE)
    assert made.description == "Keeps the archive of a small town."
    assert "Its handle is `lilith`." in told(message)
    assert message.components == []


async def test_what_a_form_gets_wrong_is_told_beside_what_was_entered(desk: Desk) -> None:
    message = await desk.begin("character create", name="Lilith")

    form = await desk.click(message, "Identity")
    await desk.fill_in(form, {"Slug": "Not A Slug", "Nickname": "Lil"})

    assert "Slug**: Lowercase letters" in told(message)
    form = await desk.click(message, "Identity")
    assert (prefilled(form)["Slug"], prefilled(form)["Nickname"]) == ("Not A Slug", "Lil")


async def test_a_character_is_edited_in_forms_that_say_what_it_is(desk: Desk) -> None:
    made = await desk.create("Lilith", description="A witch.", traits="calm")

    message = await desk.begin("character edit", character=made.slug)
    assert "A witch." in told(message)
    form = await desk.click(message, "Biography")
    assert prefilled(form)["Description"] == "A witch."
    await desk.fill_in(form, {"Description": "A beekeeper."})

    assert "A beekeeper." in told(message)
    now = await desk.look_at(made.slug)
    assert (now.description, now.traits) == ("A beekeeper.", "calm")


async def test_completion_offers_ones_own_characters(desk: Desk) -> None:
    await desk.create("Lilith")

    for who, names in ((desk.ada, ["Lilith · lilith"]), (desk.eve, [])):
        typed = desk.fake.complete(who, desk.channel, "character edit", {"character": "lil"})
        await desk.fake.until(typed.answered.is_set)
        assert [choice["name"] for choice in typed.choices] == names


async def test_nobody_else_goes_on_with_a_dialogue(desk: Desk) -> None:
    made = await desk.create("Lilith", description="A witch.")
    message = await desk.begin("character edit", character=made.slug)
    form = await desk.click(message, "Biography")

    for label in ("Biography", "Close"):
        clicked = await desk.click(message, label, desk.eve)
        assert "isn't yours" in clicked.replies[0].content
    form.author = desk.eve
    sent = await desk.fill_in(form, {"Description": "Mine now."})

    assert "isn't yours" in sent.replies[0].content
    assert (await desk.look_at(made.slug)).description == "A witch."


async def test_deleting_wants_its_phrase_and_happens_once(desk: Desk) -> None:
    made = await desk.create("Lilith")
    message = await desk.begin("character delete", character=made.slug)
    assert "DELETE LILITH" in told(message)

    form = await desk.click(message, "Delete")
    await desk.fill_in(form, {"Confirmation": "delete it"})
    assert "Nothing was deleted" in told(message)
    assert await desk.owned() == ["Lilith"]

    form = await desk.click(message, "Delete")
    both = [desk.fake.submit(form, {"Confirmation": "delete lilith"}) for _ in range(2)]
    for one in both:
        await desk.fake.until(one.answered.is_set)

    with pytest.raises(NotFound):
        await desk.look_at(made.slug)
    assert "Lilith is gone" in await desk.titled(message, "Lilith is gone")
    assert message.components == []


async def test_characters_are_looked_through_page_by_page(desk: Desk) -> None:
    for number in range(12):
        await desk.create(f"Bee {number:02}", description=f"Number {number} of the hive.")

    message = await desk.begin("character browse", whose="mine")
    first = [label for label in labels(message) if label.startswith("Bee")]
    await desk.click(message, "Next")
    second = [label for label in labels(message) if label.startswith("Bee")]
    await desk.choose(message, second[0])
    detail = told(message)
    await desk.click(message, "Back")

    assert (len(first), len(second), len({*first, *second})) == (10, 2, 12)
    assert _title(message) == "Your characters"
    assert detail.startswith(second[0])
    assert "of the hive." in detail


async def test_a_character_is_shared_with_whom_the_command_mentions(desk: Desk) -> None:
    made = await desk.create("Lilith")

    message = await desk.begin("character share", character=made.slug, person=f"<@{desk.eve.id}>")
    form = await desk.click(message, "Give a role")
    assert prefilled(form)["Person"] == f"<@{desk.eve.id}>"
    await desk.fill_in(form, {"Role": ["Viewer"]})

    assert "co-owns it now and reads all of it" in told(message)
    theirs = await desk.begin("character share", desk.eve, character=made.slug)
    assert "Your role is viewer." in told(theirs)
    assert "Give a role" not in labels(theirs)


async def test_a_character_is_had_otherwise_and_a_setting_decided(desk: Desk) -> None:
    made = await desk.create("Lilith")

    message = await desk.begin("character override", character=made.slug)
    form = await desk.click(message, "Have it otherwise")
    await desk.fill_in(form, {"Nickname": "Lil"})
    assert "Lil" in told(message)
    await desk.choose(message, "Memories that are recalled at most")
    form = await desk.click(message, "Decide")
    await desk.fill_in(form, {"Value": "51"})
    assert "It must be a whole number from 0 to 50, or inherit." in told(message)
    form = await desk.click(message, "Decide")
    await desk.fill_in(form, {"Value": "9"})

    assert "`memory_limit` is 9, as you decided here." in told(message)


async def test_a_picture_comes_with_the_command(desk: Desk) -> None:
    made = await desk.create("Lilith")
    file = (CARDS / "Default-chan_v3_ccv3only.png").read_bytes()

    message = await desk.begin(
        "character avatar", character=made.slug, file=desk.fake.attach("face.png", file)
    )
    await desk.fake.until(lambda: "That is its picture now." in told(message))

    assert (await desk.look_at(made.slug)).avatar_sha256


async def test_memories_are_looked_through_searched_and_forgotten(desk: Desk) -> None:
    await desk.create("Lilith", visibility=Visibility.PUBLIC)
    await desk.chat("@Lilith my bees are called Ann and Bea")

    found = await desk.begin("memory search", character="lilith", query="what are my bees called?")
    assert "Ann and Bea" in told(found)
    assert found.flags & EPHEMERAL
    form = await desk.click(found, "Search again")
    await desk.fill_in(form, {"Search for": "bees"})
    assert "Ann and Bea" in told(found)

    listed = await desk.begin("memory browse", character="lilith")
    assert _title(listed) == "What Lilith remembers of you"
    (memory, *_) = labels(listed)
    await desk.choose(listed, memory)
    assert "my bees are called Ann and Bea" in told(listed)
    await desk.click(listed, "Forget")
    assert _title(listed) == "Forget this?"
    await desk.click(listed, "Forget for good")

    assert "Ann and Bea" not in told(listed)
    assert "Forgotten." in told(listed)
    nobody = await desk.begin("memory browse", desk.eve, character="lilith")
    assert "Ann and Bea" not in told(nobody)


async def test_e4_who_is_incognito_leaves_no_memory(desk: Desk) -> None:
    await desk.create("Lilith", visibility=Visibility.PUBLIC)
    mode = await desk.begin("memory incognito", character="lilith", lasts="1h")
    assert mode.flags & EPHEMERAL
    assert "Off: you have not decided otherwise." in told(mode)
    await desk.click(mode, "Switch on for 1 hour")
    assert "Nothing is kept of what you say and are answered" in told(mode)
    answer = await desk.chat("@Lilith my bees are called Ann and Bea")
    await desk.fake.until(lambda: "incognito: nothing of this is kept" in answer.content, SLOW)

    listed = await desk.begin("memory browse", character="lilith")
    assert "Ann and Bea" not in told(listed)
    form = await desk.begin("memory forget", minutes="10")
    assert "2 messages, 0 memories and 0 facts" in told(form)
    assert "What Discord shows stays there." in told(form)
    await desk.click(form, "Forget it")
    assert _title(form) == "Forgotten"

    await desk.click(mode, "Switch off")
    await desk.chat("@Lilith my cat is called Kit")
    listed = await desk.begin("memory browse", character="lilith")
    assert "Kit" in told(listed)
    assert "Ann and Bea" not in told(listed)


async def test_a_memory_is_corrected_kept_and_left_by_a_purge(desk: Desk) -> None:
    await desk.create("Lilith", visibility=Visibility.PUBLIC)
    await desk.chat("@Lilith my bees are called Ann and Bea")

    listed = await desk.begin("memory browse", character="lilith")
    assert listed.flags & EPHEMERAL
    form = await desk.click(listed, "Filter")
    await desk.fill_in(form, {"When it was said": ["In the last day"]})
    assert "Only what was said in the last day." in told(listed)
    await desk.choose(listed, labels(listed)[0])
    assert "Said to Lilith (lilith) in a public channel." in told(listed)
    form = await desk.click(listed, "Other words")
    assert "my bees are called Ann and Bea" in prefilled(form)["Its words"]
    await desk.fill_in(form, {"Its words": "My bees are called Ann and Cleo"})
    assert "My bees are called Ann and Cleo" in told(listed)
    await desk.click(listed, "Lock")
    assert "Locked: it does not fade" in told(listed)

    await desk.chat("@Lilith my cat is called Kit")
    purge = await desk.begin("memory purge", character="lilith")
    assert purge.flags & EPHEMERAL
    await desk.click(purge, "Look")
    assert _title(purge) == "Forget 1 memory?"
    assert "1 locked memory stays." in told(purge)
    form = await desk.click(purge, "Forget")
    await desk.fill_in(form, {"Confirmation": "forget it"})
    assert "Nothing was forgotten." in told(purge)
    form = await desk.click(purge, "Forget")
    both = [desk.fake.submit(form, {"Confirmation": "forget 1 memory"}) for _ in range(2)]
    for one in both:
        await desk.fake.until(one.answered.is_set)

    await desk.titled(purge, "1 memory forgotten")
    assert purge.components == []
    left = await desk.begin("memory browse", character="lilith")
    assert "Ann and Cleo" in told(left)
    assert "Kit" not in told(left)


async def test_a_memory_too_long_for_a_form_is_not_cut_unasked(desk: Desk) -> None:
    made = await desk.create("Lilith")
    await desk.remember(made, "b" * 8000)
    listed = await desk.begin("memory browse", character="lilith")
    await desk.choose(listed, labels(listed)[0])
    assert "Show everything" in labels(listed)
    await desk.click(listed, "Other words")
    assert "has 8,000 characters, but a form on Discord holds 4,000" in told(listed)
    await desk.click(listed, "Cancel")
    assert "Show everything" in labels(listed)


async def test_the_graph_comes_as_a_file_that_goes_with_its_screen(desk: Desk) -> None:
    made = await desk.create("Lilith")
    for words in ("Bea was in the garden.", "Bea likes Tom.", "Tom and Bea came."):
        await desk.remember(made, words)
    graph = await desk.begin("memory graph", character="lilith")
    await desk.titled(graph, "Whom and what Lilith's memories of you are about")
    assert graph.attachments == []
    await desk.click(graph, "Draw it")
    await desk.fake.until(lambda: graph.attachments, SLOW)  # the first picture of a process
    assert [one["filename"] for one in graph.attachments] == ["memories.svg"]
    await desk.click(graph, "Back")
    await desk.fake.until(lambda: "Draw it" in labels(graph))
    assert graph.attachments == []


async def test_memories_are_taken_along_as_a_file(desk: Desk) -> None:
    made = await desk.create("Lilith")
    await desk.remember(made, "My bees are called Ann and Bea.")
    taking = await desk.begin("memory export", character="lilith")
    assert "1 memory." in told(taking)
    await desk.click(taking, "Take it")
    assert [one["filename"] for one in taking.attachments] == ["memories-lilith.jsonl"]


async def test_hundreds_of_memories_are_gone_through_and_purged(desk: Desk) -> None:
    made = await desk.create("Lilith")
    for number in range(105):
        await desk.remember(made, f"{number} " + "*`_|" * 500)
    listed = await desk.begin("memory browse", character="lilith")
    for page in range(2, 12):
        await desk.click(listed, "Next")
        last = f"{105 - 10 * (page - 1) - 1}…"
        await desk.fake.until(lambda it=last: f"\n{it}" in told(listed))
    assert len([label for label in labels(listed) if "UTC" in label]) == 5
    for path, title in (
        ("memory stats", "What Lilith remembers of you, in numbers"),
        ("memory graph", "Whom and what Lilith's memories of you are about"),
    ):
        await desk.titled(await desk.begin(path, character="lilith"), title)
    purge = await desk.begin("memory purge", character="lilith")
    await desk.click(purge, "Look")
    await desk.titled(purge, "Forget 105 memories?")
    form = await desk.click(purge, "Forget")
    await desk.fill_in(form, {"Confirmation": "FORGET 105 MEMORIES"})
    await desk.titled(purge, "105 memories forgotten")


async def test_a_message_is_remembered_from_its_menu(desk: Desk) -> None:
    await desk.create("Lilith", visibility=Visibility.PUBLIC)
    reply = await desk.chat("@Lilith hello")
    said, *_ = desk.fake.messages(desk.channel)
    aside = desk.fake.say(desk.eve, desk.channel, f"<@{desk.ada.id}> keeps bees")

    for message, words in ((said, "@Lilith hello"), (reply, reply.content)):
        used = desk.fake.use_on(desk.ada, message, "Remember this")
        (question,) = await desk.fake.until(lambda it=used: it.replies)
        assert _title(question) == "Is Lilith to remember this of you?"
        assert words in told(question)
    used = desk.fake.use_on(desk.ada, aside, "Remember this")
    (question,) = await desk.fake.until(lambda: used.replies)
    form = await desk.click(question, "Fill in")
    assert prefilled(form)["What to remember"] == "Ada keeps bees"
    await desk.fill_in(form, {"Character": "lilith"})
    assert _title(question) == "Is Lilith to remember this of you?"
    await desk.click(question, "Remember")
    assert _title(question) == "Lilith remembers it"

    found = await desk.begin("memory browse", character="lilith")
    assert "Ada keeps bees" in told(found)


async def test_j2_a_history_is_cleared_and_brought_back(desk: Desk, provider: FakeProvider) -> None:
    await desk.create("Lilith", visibility=Visibility.PUBLIC)
    await desk.chat("@Lilith remember the word juniper")

    message = await desk.begin("history clear")  # it is clear which one: that of the channel
    assert _title(message) == "Begin anew with Lilith (lilith)?"
    assert message.flags & EPHEMERAL
    await desk.click(message, "Begin anew")
    assert _title(message) == "A new beginning"
    await desk.chat("@Lilith hello")
    assert "juniper" not in str(provider.requests[-1].said)

    message = await desk.begin("history undo", character="lilith")
    assert "You can go back once." in told(message)
    await desk.click(message, "Take it back")
    assert "There is no new beginning to take back." in told(message)
    await desk.chat("@Lilith which word?")
    said = [str(each["content"]) for each in provider.requests[-1].said]
    assert "juniper" in said[0]
    assert "hello" in said[2]


async def test_j1_a_card_is_shown_moves_in_and_answers_under_its_name_and_face(
    desk: Desk,
) -> None:
    card = CARDS / "Default-chan_v3_ccv3only.png"
    file = desk.fake.attach(card.name, card.read_bytes())
    name = "Default-chan"

    message = await desk.begin("character import", file=file)
    preview = await desk.titled(message, name)
    assert await desk.owned() == []
    await desk.click(message, "Move in")
    done = await desk.titled(message, f"{name} has moved in")

    assert await desk.owned() == [name]
    assert message.components == []
    answer = await desk.chat(f"@{name} hi")
    assert answer.name == name
    (mine,) = await desk.characters()
    assert sha256(await desk.fake.face(answer)).hexdigest() == mine.avatar_sha256
    assert "Nothing is stored yet." in preview
    assert "New: picture" in preview
    assert f"`@{name} hello`" in done


async def test_j1_a_file_that_is_no_card_is_told_and_another_one_can_be_sent(desk: Desk) -> None:
    broken = desk.fake.attach("lilith.png", b"\x89PNG\r\n\x1a\nnot a picture")

    message = await desk.begin("character import", file=broken)
    await desk.fake.until(lambda: "⚠️" in told(message))
    refusal = told(message)
    assert labels(message) == ["Send a file", "From an address", "Close"]
    form = await desk.click(message, "Send a file")
    await desk.fill_in(form, {"The file": desk.fake.attach(LUNA.name, LUNA.read_bytes())})
    await desk.titled(message, "Luna Starweaver")

    assert "This picture holds no character card." in refusal
    assert await desk.owned() == []


async def test_an_import_asks_for_its_file_if_none_came_with_the_command(desk: Desk) -> None:
    message = await desk.begin("character import")

    assert labels(message) == ["Send a file", "From an address", "Close"]
    await desk.click(message, "Close")
    assert message.components == []


async def test_a_backup_asks_whose_memories_are_ones_own(desk: Desk) -> None:
    message = await desk.begin("character import", file=desk.fake.attach("marta.zip", backup()))
    preview = await desk.titled(message, "Marta")
    assert "A backup of shapes.inc" in preview
    assert "If one of them is you, say so under **Options**" in preview
    before = own_memories(preview)

    form = await desk.click(message, "Options")
    assert form.modal
    senders = form.modal["components"][1]["component"]["options"]
    assert senders[0]["description"].startswith("3 memories, 2024-03-01 to ")
    await desk.fill_in(form, {"Which of these are you?": [senders[0]["label"]]})
    await desk.fake.until(lambda: own_memories(told(message)) == before + 3)
    await desk.click(message, "Move in")
    done = await desk.titled(message, "Marta has moved in")

    assert own_memories(done) == before + 3
    assert "memories of others, kept for them" in done
    listed = await desk.begin("memory browse", character="marta-lamp")
    assert len([label for label in labels(listed) if "UTC" in label]) == before + 3
