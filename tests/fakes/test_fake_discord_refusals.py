"""What the real Discord would refuse, the fake Discord refuses too, and remembers as a violation.

Requests are made by hand here: discord.py would not let most of these pass.
"""

import base64
import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import PER_WEBHOOK, FakeDiscord, Terms
from tests.fakes.discord.mentions import NOBODY, Pings, pinged
from tests.fakes.discord.oracle import DOCUMENT, Oracle
from tests.fakes.discord.rest import ANSWERS
from tests.fakes.discord.state import Channel, Interaction, Webhook
from tests.fakes.discord.trim import OPERATIONS, trimmed
from tests.fakes.discord.wire import Json

PNG = base64.b64encode(b"\x89PNG not looked into").decode()
ECHO = {
    "name": "echo",
    "description": "Say it",
    "options": [{"type": 3, "name": "text", "description": "What", "required": True}],
}


def row(custom_id: str) -> Json:
    """An action row with one button."""
    button = {"type": 2, "style": 1, "label": "x", "custom_id": custom_id}
    return {"type": 1, "components": [button]}


MODAL_FIELD = {"type": 4, "custom_id": "f", "style": 1, "max_length": 2, "value": "three"}


class Caller:
    """Speaks to the fake by plain HTTP, with the bot's token."""

    def __init__(self, discord: FakeDiscord, session: aiohttp.ClientSession) -> None:
        self.discord = discord
        self._session = session
        self.headers: Mapping[str, str] = {}

    async def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and decoded answer."""
        headers = {"Authorization": f"Bot {self.discord.platform.terms.token}"}
        address = self.discord.environment["DISCORD_API_BASE"] + path
        sent = None if body is None else json.dumps(body)
        if sent is not None:
            headers["Content-Type"] = "application/json"
        async with self._session.request(method, address, data=sent, headers=headers) as response:
            self.headers = dict(response.headers)
            raw = await response.read()
            return response.status, json.loads(raw) if raw else None

    async def refused(self, method: str, path: str, body: Any, because: str) -> None:
        """Expect 400 and exactly one violation that says `because`."""
        status, answer = await self(method, path, body)
        assert status == 400, answer
        (violation,) = self.discord.violations
        assert because in violation
        self.discord.violations.clear()


@pytest.fixture
async def discord() -> AsyncGenerator[FakeDiscord, None]:
    async with FakeDiscord.start() as fake:
        yield fake
        fake.check()


@pytest.fixture
async def call(discord: FakeDiscord) -> AsyncGenerator[Caller, None]:
    async with aiohttp.ClientSession() as session:
        yield Caller(discord, session)


@pytest.fixture
def channel(discord: FakeDiscord) -> Channel:
    return discord.add_channel("honey")


async def hooked(call: Caller, channel: Channel) -> Webhook:
    """A webhook of the bot's own."""
    status, made = await call("POST", f"/channels/{channel.id}/webhooks", {"name": "voices"})
    assert status == 200
    return call.discord.world.webhooks[int(made["id"])]


async def asked(call: Caller, channel: Channel) -> Interaction:
    """Somebody has just sent /echo."""
    commands = f"/applications/{call.discord.world.application_id}/commands"
    assert (await call("PUT", commands, [ECHO]))[0] == 200
    person = call.discord.add_member("ada")
    return call.discord.slash(person, channel, "echo", {"text": "hi"})


def execute(hook: Webhook) -> str:
    return f"/webhooks/{hook.id}/{hook.token}"


def answer(interaction: Interaction) -> str:
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def follow(call: Caller, interaction: Interaction) -> str:
    return f"/webhooks/{call.discord.world.application_id}/{interaction.token}"


# The pinned schema


def test_the_pinned_document_holds_exactly_what_the_fake_answers() -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    assert {operation.id for operation in Oracle(document).operations} == OPERATIONS
    assert ANSWERS.keys() == OPERATIONS
    assert trimmed(document) == document
    assert DOCUMENT.stat().st_size < 400_000


async def test_an_operation_that_is_not_pinned_is_a_violation(call: Caller):
    status, _ = await call("GET", "/guilds/1/audit-logs")
    assert status == 404
    assert call.discord.violations == ["GET /guilds/1/audit-logs: no operation of the schema"]
    call.discord.violations.clear()


@pytest.mark.parametrize(
    ("body", "because"),
    [
        ({"content": 5}, "content"),
        ({"content": "x" * 4001}, "content"),
        ({"content": "x", "nonce": "n" * 26}, "nonce"),
        ({"content": "x", "embeds": [{"title": "t" * 257}]}, "embeds"),
        ({"content": "x", "attachments": [{"id": "0"}] * 11}, "attachments"),
        ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions"),
        (None, "needs a body"),
    ],
)
async def test_the_schema_judges_messages(call: Caller, channel: Channel, body: Any, because: str):
    await call.refused("POST", f"/channels/{channel.id}/messages", body, because)


@pytest.mark.parametrize(
    ("body", "because"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"content": "x", "username": "n" * 81}, "username"),
        ({"content": "x", "username": ""}, "username"),
    ],
)
async def test_the_schema_judges_what_a_webhook_creates(
    call: Caller, channel: Channel, body: Json, because: str
):
    hook = await hooked(call, channel)
    await call.refused("POST", execute(hook), body, because)


async def test_an_unknown_query_parameter_is_a_violation(call: Caller, channel: Channel):
    hook = await hooked(call, channel)
    await call.refused("POST", execute(hook) + "?waits=1", {"content": "x"}, "'waits'")


async def test_a_reply_of_the_fake_that_breaks_the_schema_is_a_violation(
    call: Caller, channel: Channel
):
    message = call.discord.say(call.discord.add_member("ada"), channel, "hello")
    message.content = None  # type: ignore[assignment]  # what must never leave
    assert (await call("GET", f"/channels/{channel.id}/messages/{message.id}"))[0] == 200
    (violation,) = call.discord.violations
    assert "reply to get_message" in violation
    assert "$.content" in violation
    call.discord.violations.clear()


# What the schema misses

MESSAGE_RULES = [
    ({"content": "x" * 2001}, "content: more than 2000"),
    ({"content": " "}, "message: empty"),
    ({"embeds": [{"description": "d" * 3001}] * 2}, "6002 characters in total"),
    ({"embeds": [{"fields": [{"name": " ", "value": "v"}]}]}, "without a name"),
    ({"embeds": [{"fields": [{"name": "n", "value": " "}]}]}, "without a value"),
    ({"components": [row(f"button {n}") for n in range(6)]}, "more than 5 action rows"),
    ({"components": [row("a"), row("a")]}, "custom_id used twice"),
    ({"components": [{"type": 10, "content": "text"}]}, "without its flag"),
    (
        {"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "text"}]},
        "together with content",
    ),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "users both parsed and listed",
    ),
]


@pytest.mark.parametrize(("body", "because"), MESSAGE_RULES)
async def test_rules_beside_the_schema_judge_messages(
    call: Caller, channel: Channel, body: Json, because: str
):
    await call.refused("POST", f"/channels/{channel.id}/messages", body, because)


@pytest.mark.parametrize(
    ("body", "because"),
    [
        ({"content": "x", "username": "Clyde the bee"}, "contains discord or clyde"),
        ({"content": "x", "avatar_url": "face.png"}, "not a URL"),
        ({"username": "Lilith"}, "message: empty"),
    ],
)
async def test_rules_beside_the_schema_judge_what_a_webhook_creates(
    call: Caller, channel: Channel, body: Json, because: str
):
    hook = await hooked(call, channel)
    await call.refused("POST", execute(hook), body, because)


async def test_a_webhook_may_not_be_named_after_discord(call: Caller, channel: Channel):
    body = {"name": "My DISCORD hook"}
    await call.refused("POST", f"/channels/{channel.id}/webhooks", body, "contains discord")


@pytest.mark.parametrize(
    ("body", "because"),
    [
        ({"type": 9, "data": {"custom_id": "m", "title": "t", "components": [
            {"type": 18, "label": "l", "component": {"type": 4, "custom_id": str(n), "style": 1}}
            for n in range(6)
        ]}}, "more than 5 components"),
        ({"type": 9, "data": {"custom_id": "m", "title": "t", "components": [
            {"type": 18, "label": "l", "component": MODAL_FIELD}]}}, "longer than its max_length"),
        ({"type": 8, "data": {"choices": [{"name": "n", "value": "v" * 101}]}}, "over 100"),
        ({"type": 4, "data": {"content": " "}}, "message: empty"),
        ({"type": 77}, "create_interaction_response: $"),
    ],
)  # fmt: skip
async def test_first_responses_to_an_interaction_are_judged(
    call: Caller, channel: Channel, body: Json, because: str
):
    await call.refused("POST", answer(await asked(call, channel)), body, because)


OPTION: Json = {"type": 3, "name": "text", "description": "What"}
CHOICES = [{"name": f"{n}" + "n" * 90, "value": "v" * 100} for n in range(24)]


def with_options(*options: Json) -> list[Json]:
    """The command set of one command with these options."""
    return [ECHO | {"options": [OPTION | option for option in options]}]


COMMAND_RULES = [
    ([ECHO | {"name": "Echo"}], "not a lower-case command name"),
    ([ECHO | {"description": ""}], "no description"),
    (with_options({}, {"name": "two", "required": True}), "after an optional"),
    (with_options({"autocomplete": True, "choices": CHOICES}), "both autocomplete and choices"),
    (with_options({"choices": CHOICES}, {"name": "two", "choices": CHOICES}), "more than 8000"),
    ([ECHO, ECHO], "used twice"),
]


@pytest.mark.parametrize(("commands", "because"), COMMAND_RULES)
async def test_rules_beside_the_schema_judge_commands(
    call: Caller, commands: list[Json], because: str
):
    path = f"/applications/{call.discord.world.application_id}/commands"
    await call.refused("PUT", path, commands, because)


@pytest.mark.parametrize(
    ("body", "because"),
    [
        ({"name": "a-b", "image": f"data:image/png;base64,{PNG}"}, "letters, digits"),
        ({"name": "ok", "image": PNG}, "not a data URI"),
        ({"name": "ok", "image": "data:image/png;base64," + "A" * 400_000}, "more than 262144"),
    ],
)
async def test_emojis_are_judged(call: Caller, body: Json, because: str):
    path = f"/applications/{call.discord.world.application_id}/emojis"
    await call.refused("POST", path, body, because)


# Refusals that are no violations: a bot must live with them


async def test_webhooks_and_emojis_are_limited_and_emoji_names_are_taken_once() -> None:
    terms = Terms(webhook_limit=1, emoji_limit=2)
    async with FakeDiscord.start(terms) as discord, aiohttp.ClientSession() as session:
        call, channel = Caller(discord, session), discord.add_channel("honey")
        await hooked(call, channel)
        _, refusal = await call("POST", f"/channels/{channel.id}/webhooks", {"name": "more"})
        assert refusal["code"] == 30007
        path = f"/applications/{discord.world.application_id}/emojis"
        image = f"data:image/png;base64,{PNG}"
        codes: list[int] = []
        for name in ("aa", "aa", "bb", "cc"):
            status, answer = await call("POST", path, {"name": name, "image": image})
            codes.append(answer.get("code", status))
        assert codes == [201, 50035, 201, 30008]
        discord.check()


async def test_a_webhook_answers_to_its_own_token_and_not_after_its_end(
    call: Caller, channel: Channel
):
    hook = await hooked(call, channel)
    wrong = f"/webhooks/{hook.id}/wrong"
    assert (await call("POST", wrong, {"content": "x"}))[1]["code"] == 50027
    call.discord.remove_webhook(hook)
    assert (await call("POST", execute(hook), {"content": "x"}))[1]["code"] == 10015


async def test_somebody_elses_webhook_is_listed_without_its_token(call: Caller, channel: Channel):
    hook = await hooked(call, channel)
    foreign = call.discord.add_webhook(channel, "news", call.discord.add_member("ada"))
    _, listed = await call("GET", f"/channels/{channel.id}/webhooks")
    tokens = {one["id"]: one.get("token") for one in listed}
    assert tokens == {str(hook.id): hook.token, str(foreign.id): None}


async def test_a_webhook_edits_its_own_messages_only(call: Caller, channel: Channel):
    hook = await hooked(call, channel)
    said = call.discord.say(call.discord.add_member("ada"), channel, "mine")
    path = f"{execute(hook)}/messages/{said.id}"
    assert (await call("PATCH", path, {"content": "yours"}))[1]["code"] == 10008
    assert said.content == "mine"


async def test_an_edit_may_not_leave_a_message_empty(call: Caller, channel: Channel):
    hook = await hooked(call, channel)
    _, sent = await call("POST", execute(hook) + "?wait=1", {"content": "x"})
    path = f"{execute(hook)}/messages/{sent['id']}"
    assert (await call("PATCH", path, {"content": ""}))[1]["code"] == 50006


async def test_a_repeated_nonce_brings_back_the_first_message(call: Caller, channel: Channel):
    path, body = f"/channels/{channel.id}/messages", {"content": "once", "nonce": "7"}
    _, first = await call("POST", path, body | {"enforce_nonce": True})
    _, second = await call("POST", path, body | {"enforce_nonce": True})
    assert first["id"] == second["id"]
    assert len(call.discord.messages(channel)) == 1


async def test_without_the_bots_token_nothing_is_told(call: Caller, channel: Channel):
    async with aiohttp.ClientSession() as session:
        address = f"{call.discord.environment['DISCORD_API_BASE']}/channels/{channel.id}"
        async with session.get(address) as response:
            assert response.status == 401


async def test_an_interaction_is_acknowledged_once(call: Caller, channel: Channel):
    interaction = await asked(call, channel)
    body = {"type": 4, "data": {"content": "hi"}}
    status, told = await call("POST", answer(interaction) + "?with_response=1", body)
    assert (status, told["resource"]["message"]["content"]) == (200, "hi")
    assert (await call("POST", answer(interaction), body))[1]["code"] == 40060


async def test_a_follow_up_comes_after_the_first_response_and_fills_a_deferral(
    call: Caller, channel: Channel
):
    interaction = await asked(call, channel)
    body = {"content": "x"}
    assert (await call("POST", follow(call, interaction), body))[1]["code"] == 10015
    assert (await call("POST", answer(interaction), {"type": 5}))[0] == 204
    await call("POST", follow(call, interaction), body)
    await call("POST", follow(call, interaction), {"content": "y"})
    assert interaction.original
    assert interaction.original.texts == ["", "x"]
    assert [reply.content for reply in interaction.replies] == ["x", "y"]


async def test_an_interaction_has_seconds_and_its_token_minutes() -> None:
    hasty = Terms(answer_within=0.0, token_lifetime=0.0)
    async with FakeDiscord.start(hasty) as discord, aiohttp.ClientSession() as session:
        call = Caller(discord, session)
        interaction = await asked(call, discord.add_channel("honey"))
        assert (await call("POST", answer(interaction), {"type": 5}))[1]["code"] == 10062
        interaction.callback = 5  # as if it had been in time
        refusal = await call("POST", follow(call, interaction), {"content": "x"})
        assert refusal[1]["code"] == 50027
        discord.check()


async def test_a_webhook_may_speak_five_times_in_two_seconds() -> None:
    strict = Terms(webhook_bucket=PER_WEBHOOK)
    async with FakeDiscord.start(strict) as discord, aiohttp.ClientSession() as session:
        call = Caller(discord, session)
        hook = await hooked(call, discord.add_channel("honey"))
        statuses = [(await call("POST", execute(hook), {"content": "x"}))[0] for _ in range(5)]
        assert statuses == [204] * 5
        assert call.headers["X-RateLimit-Remaining"] == "0"
        status, body = await call("POST", execute(hook), {"content": "x"})
        assert (status, body["global"]) == (429, False)
        assert 0 < body["retry_after"] <= 2
        assert call.headers["Via"]  # without it discord.py gives up
        assert call.headers["Content-Type"] == "application/json"


# Mentions


@pytest.mark.parametrize(
    ("allowances", "expected"),
    [
        (None, Pings(True, frozenset({1, 9}), frozenset({2}))),
        ({}, NOBODY),
        ({"parse": []}, NOBODY),
        ({"parse": ["everyone"]}, Pings(everyone=True)),
        ({"parse": ["roles"]}, Pings(roles=frozenset({2}))),
        ({"parse": [], "users": [1, 3]}, Pings(users=frozenset({1}))),
        ({"parse": [], "replied_user": True}, Pings(users=frozenset({9}))),
    ],
)
def test_absent_allowances_ping_everybody_and_present_ones_whom_they_name(
    allowances: Json | None, expected: Pings
) -> None:
    assert pinged("@here <@1> <@&2>", allowances, replied_to=9) == expected


# The gateway


@asynccontextmanager
async def connected(
    discord: FakeDiscord,
) -> AsyncGenerator[aiohttp.ClientWebSocketResponse, None]:
    """A bare websocket to the gateway, uncompressed."""
    address = discord.environment["DISCORD_GATEWAY_URL"]
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        yield socket


async def test_the_gateway_says_hello_first_and_closes_on_a_wrong_token(discord: FakeDiscord):
    async with connected(discord) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11
        identity: Json = {"token": "wrong", "intents": 0, "properties": {}}
        await socket.send_json({"op": 2, "d": identity})
        await socket.receive()
        assert socket.close_code == 4004


async def test_frames_over_4096_bytes_and_foreign_opcodes_are_violations(discord: FakeDiscord):
    for frame in (json.dumps({"op": 1, "d": "x" * 4096}), json.dumps({"op": 4, "d": {}})):
        async with connected(discord) as socket:
            await socket.receive_json()
            await socket.send_str(frame)
            await socket.receive()
            assert socket.close_code in (4002, 4003)
    assert [re.sub(r"\d+", "n", one) for one in discord.violations] == [
        "gateway: a frame of n bytes, more than n",
        "gateway: opcode n is not spoken here or came too early",
    ]
    discord.violations.clear()
