"""The server's flows as slash commands: told once, completed, and within Discord's limits."""

import pytest

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted_flows import (
    BOOLEAN,
    CHOICE,
    FILE,
    TEXT,
    Argument,
    Choice,
    Kind,
    ScriptedFlows,
    View,
    serving,
)
from tests.clients.stub_server import Refusal
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.command_rules import command_breaches
from tzurot_discord.commands import OWN

PUT = ("PUT", "/applications/{application_id}/commands")
SEARCH = "memory search"


def search(*arguments: Argument) -> Kind:
    return Kind(path=SEARCH, summary="Find a memory", arguments=arguments)


def typed(*, key: str = "character", required: bool = False) -> Argument:
    return Argument(key=key, summary="Who", kind=TEXT, completes=True, required=required)


async def test_the_catalogue_becomes_groups_with_subcommands(
    fake: FakeDiscord, flows: ScriptedFlows
) -> None:
    flags = Argument(key="all", summary="All of them", kind=BOOLEAN)
    sort = Argument(key="sort", summary="Order", kind=CHOICE, choices=[Choice(value="new")])
    flows.offer(search(flags, sort, typed(required=True)), View(title="Found"))
    flows.offer(Kind(path="memory export", summary="All of it"), View(title="Here"))
    flows.offer(Kind(path="help", summary="What I can do"), View(title="Help"))
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")

    async with a_bot(fake, flows.address):
        values = {"character": "li", "all": True, "sort": "new"}
        asked = fake.slash(ada, channel, SEARCH, values)
        await fake.until(lambda: asked.replies)
        alone = fake.slash(ada, channel, "help")
        await fake.until(lambda: alone.replies)

    commands = {command["name"]: command for command in fake.world.commands}
    assert [*commands][len(OWN) :] == ["help", "memory"]
    export, find = commands["memory"]["options"]
    assert (export["name"], find["name"]) == ("export", "search")
    assert [option["name"] for option in find["options"]] == ["character", "all", "sort"]
    started = flows.requests("StartFlow")
    assert [request.path for request in started] == [SEARCH, "help"]
    assert dict(started[0].arguments) == {"character": "li", "all": "true", "sort": "new"}


async def test_k4_commands_are_told_once_and_again_only_when_the_catalogue_has_changed(
    fake: FakeDiscord, flows: ScriptedFlows
) -> None:
    flows.offer(search(typed()), View(title="Found"))
    for _ in range(2):
        async with a_bot(fake, flows.address):
            fake.invalidate_gateway()  # on_ready comes once more
            await fake.wait_ready()
    assert len(fake.requested(*PUT)) == 1

    flows.kinds[0].arguments[0].completes = False
    async with a_bot(fake, flows.address):
        pass
    assert len(fake.requested(*PUT)) == 2


async def test_a_server_that_is_away_leaves_discord_what_it_has_until_it_is_back(
    fake: FakeDiscord,
) -> None:
    flows = ScriptedFlows()
    flows.offer(search(typed()), View(title="Found"))
    async with serving(flows), a_bot(fake, flows.address):
        pass
    flows.offer(Kind(path="memory export", summary="All of it"), View(title="Here"))

    async with a_bot(fake, flows.address):
        known = [command["name"] for command in fake.world.commands]
        assert known[len(OWN) :] == ["memory"]
        assert len(fake.requested(*PUT)) == 1
        async with serving(flows):
            await fake.wait_for(*PUT, count=2, timeout=20)

    assert len(fake.world.commands[len(OWN)]["options"]) == 2


async def test_what_discord_has_no_place_for_is_left_out_and_the_rest_is_told(
    fake: FakeDiscord, flows: ScriptedFlows, caplog: pytest.LogCaptureFixture
) -> None:
    names = [
        Choice(value=f"{place}-" + "v" * 90, label=f"{place}-" + "n" * 90) for place in range(25)
    ]
    large = [Argument(key=f"a{n}", summary="s" * 300, kind=CHOICE, choices=names) for n in range(3)]
    flows.kinds = [
        *(Kind(path=f"lots {place}", summary="One") for place in range(30)),
        *(Kind(path=f"zoo{place} go", summary="One") for place in range(120)),
        Kind(path="huge one", summary="One", arguments=large),
        Kind(path="huge two", summary="Two", arguments=large[:1]),
        Kind(path="chat with", summary="A name that is taken"),
        Kind(path="Not A Name", summary=""),
        Kind(path="one two three", summary="Too deep"),
        Kind(path="attach one", arguments=[Argument(key="file", kind=FILE, required=True)]),
    ]

    async with a_bot(fake, flows.address):
        pass

    assert list(command_breaches(fake.world.commands)) == []
    by_name = {command["name"]: command for command in fake.world.commands if command["type"] == 1}
    assert len(by_name) == 100
    assert [option["name"] for option in by_name["huge"]["options"]] == ["two"]
    assert len(by_name["lots"]["options"]) == 25
    assert by_name["attach"]["options"][0]["options"][0]["type"] == 11
    for left_out in ("huge one", "chat with", "Not A Name", "one two three", "zoo99"):
        assert f"no command for {left_out!r}" in caplog.text


async def test_d9_completions_are_25_of_100_characters_and_told_apart(
    fake: FakeDiscord, flows: ScriptedFlows
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    flows.offer(search(typed()), View(title="Found"))
    flows.choices = [
        *(
            Choice(value=f"id-{place}", label="Lilith", description=f"lilith-{place}")
            for place in (1, 2)
        ),
        Choice(value="id-3", label="Lilith", description="lilith-1"),
        *(Choice(value=str(place), label="n" * 300) for place in range(40)),
    ]

    async with a_bot(fake, flows.address):
        asked = fake.complete(ada, channel, SEARCH, {"character": "li"})
        await fake.until(lambda: asked.choices)

    names = [choice["name"] for choice in asked.choices]
    assert len(names) == 25 == len(set(names))
    assert names[:3] == ["Lilith · lilith-1", "Lilith · lilith-2", "Lilith · lilith-1 (id-3)"]
    (request,) = flows.requests("CompleteFlowArgument")
    assert (request.path, request.key, request.typed) == (SEARCH, "character", "li")


@pytest.mark.parametrize("trouble", ["stalls", "fails"])
async def test_d9_a_server_without_an_answer_completes_nothing_in_time(
    fake: FakeDiscord, flows: ScriptedFlows, trouble: str
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    flows.offer(search(typed()), View(title="Found"))
    if trouble == "stalls":
        flows.delays["CompleteFlowArgument"] = 5
    else:
        flows.refusals["CompleteFlowArgument"] = Refusal("INTERNAL", "INTERNAL")

    async with a_bot(fake, flows.address):
        asked = fake.complete(ada, channel, SEARCH, {"character": "li"})
        await fake.until(asked.answered.is_set)

    assert asked.choices == []


async def test_a_command_that_the_server_no_longer_knows_is_one_sentence(
    fake: FakeDiscord, flows: ScriptedFlows
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    flows.offer(search(), View(title="Found"))

    async with a_bot(fake, flows.address):
        flows.begins.clear()
        asked = fake.slash(ada, channel, SEARCH)
        await fake.until(lambda: asked.replies)

    assert asked.replies[0].ephemeral
    assert "no longer exists" in asked.replies[0].content
