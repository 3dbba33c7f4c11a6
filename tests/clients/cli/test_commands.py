"""Every command but `chat`: what it asks the server for, what it prints, and its JSON."""

import asyncio
import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from typer.main import get_command

from tests.clients.cli.running import COMMAND, PATIENCE, environment, tzurot
from tests.clients.scripted_talk import ADVICE, TZU, ScriptedTalk, ago, failure, identity
from tests.clients.stub_server import TOKEN as GOOD_TOKEN
from tests.clients.stub_server import Refusal, StubServer
from tzurot.account.v1 import (
    account_service_pb2,
    admin_service_pb2,
    person_pb2,
    service_token_pb2,
)
from tzurot.common.v1 import failure_pb2
from tzurot.memory.v1 import (
    dream_pb2,
    dream_service_pb2,
    fact_pb2,
    fact_service_pb2,
    graph_pb2,
    memory_pb2,
    memory_service_pb2,
)
from tzurot.personality.v1 import lorebook_pb2, personality_pb2, personality_service_pb2
from tzurot.session.v1 import (
    conversation_pb2,
    history_service_pb2,
    message_pb2,
    message_service_pb2,
    place_pb2,
    session_service_pb2,
    setting_pb2,
    summary_pb2,
    turn_pb2,
    utterance_pb2,
)
from tzurot.skill.v1 import skill_pb2, skill_service_pb2
from tzurot.wallet.v1 import model_pb2, payment_pb2, wallet_service_pb2
from tzurot_cli.__main__ import app

ONE, TWO = identity("one"), identity("two")
STEPS = ("admit", "address", "configure", "recall", "compose", "think", "deliver", "remember")
BEES = memory_pb2.Memory(
    id=ONE,
    utterances=[
        memory_pb2.RememberedUtterance(speaker_name="Ada", text="I keep bees."),
        memory_pb2.RememberedUtterance(speaker_name="Tzu", text="How many hives?"),
    ],
    venue=1,
    occur_time=ago(),
    kind=memory_pb2.MEMORY_KIND_REFLECTION,
    sector=memory_pb2.SECTOR_EMOTIONAL,
    other_sectors=[memory_pb2.SECTOR_SEMANTIC],
    salience=0.62,
    recall_count=3,
    last_recall_time=ago(),
    source_ids=[TWO],
)
LINK = graph_pb2.Waypoint(
    first_memory_id=ONE,
    second_memory_id=TWO,
    kind=graph_pb2.WAYPOINT_KIND_RECALLED_TOGETHER,
    weight=0.41,
)
NODES = [
    graph_pb2.GraphNode(id="a", label="Ada", kind=graph_pb2.GRAPH_NODE_KIND_PERSONA, weight=7),
    graph_pb2.GraphNode(id="b", label="Jonas", kind=graph_pb2.GRAPH_NODE_KIND_NAME, weight=3),
]
EDGE = graph_pb2.GraphEdge(first_id="a", second_id="b", weight=3)
WHY = ['you said "bees"', "it means nearly the same"]
DREAM = dream_pb2.Dream(id=ONE, text="I saw your bees.\nThey sang.")
PARTS = memory_pb2.ScoreParts(similarity=0.61, keyword=0.2, final=0.81)
TOKEN = service_token_pb2.ServiceToken(id=ONE, name="the bot", scopes=["session.chat"])
TURN = turn_pb2.Turn(
    id=ONE,
    state=turn_pb2.TURN_STATE_FAILED,
    model="smollm2",
    failure=failure("PROVIDER_TIMEOUT", "smollm2 did not finish in time."),
    usage=turn_pb2.Usage(prompt_token_count=321, completion_token_count=40, estimated=True),
    create_time=ago(seconds=3),
    finish_time=ago(seconds=1),
)


PAST_FACT = fact_pb2.Fact(
    id=TWO,
    text="Coffee.",
    state=fact_pb2.FACT_STATE_SUPERSEDED,
    origin=fact_pb2.FACT_ORIGIN_LEARNT,
    valid_from=Timestamp(seconds=1767268800),  # 2026-01-01
    valid_until=Timestamp(seconds=1769947200),  # 2026-02-01
)
FACT = fact_pb2.Fact(
    id=ONE,
    text="No coffee.",
    state=fact_pb2.FACT_STATE_PROPOSED,
    origin=fact_pb2.FACT_ORIGIN_LEARNT,
    entity="Ada",
    valid_from=ago(),
    source_ids=[TWO],
)


def moment(milliseconds: int) -> Duration:
    return Duration(nanos=milliseconds * 1_000_000)


NAMED = utterance_pb2.MessageRef(id=ONE)
SAID = message_pb2.Message(
    id=ONE,
    conversation_id=ONE,
    author=message_pb2.AUTHOR_PERSONALITY,
    author_name="Tzu",
    text="Hello.",
    chosen=True,
    alternative_count=2,
    create_time=ago(),
)
TRACE = turn_pb2.TurnTrace(
    steps=[
        turn_pb2.TraceStep(
            name=name, start_offset=moment(at), duration=moment(7), outcome=f"{name}: done"
        )
        for at, name in enumerate(STEPS)
    ],
    memories=[
        turn_pb2.RecalledMemory(
            excerpt="I keep bees.", parts=PARTS, cited=True, reasons=['you said "bees"']
        )
    ],
    considered_memories=[
        turn_pb2.ConsideredMemory(excerpt="I keep hens.", parts=PARTS, reason="others fit better")
    ],
    sections=[
        turn_pb2.PromptSection(name="system", text="You are Tzu.\nBe brief.", token_count=12),
        turn_pb2.PromptSection(name="example", text="{{user}}: Hi", token_count=34, cut=True),
        turn_pb2.PromptSection(
            name="summary",
            text='- (2026-05-17) "Ada keeps bees."',
            token_count=9,
            summary=summary_pb2.Summary(id=ONE, message_count=14, model="scripted"),
        ),
    ],
    attempts=[
        turn_pb2.ProviderAttempt(
            provider="local",
            model="smollm2",
            outcome="ok",
            payer=payment_pb2.PAYMENT_ROUTE_OWN_KEY,
            prompt_token_count=321,
            completion_token_count=40,
            cost_micros=1_500,
        )
    ],
    skill_calls=[turn_pb2.SkillCall(skill_name="memory_search", arguments='{"query": "bees"}')],
)


@pytest.fixture
def server(stub: StubServer) -> StubServer:
    """A server that has one of each thing."""
    ScriptedTalk(stub)
    tzu = personality_pb2.Personality(
        id=TZU, slug="tzu", name="Tzu", description="Keeps a library.\nAt night.", etag="7"
    )
    place = place_pb2.Place(platform="terminal", channel_id="a-channel", venue=1)
    note = conversation_pb2.ConversationNote(text="It rains.", depth=4)
    talk = conversation_pb2.Conversation(
        id=ONE, personality_name="Tzu", place=place, epoch=2, note=note
    )
    f = fact_service_pb2
    me, h = person_pb2.Person(id=ONE, time_zone="Europe/Berlin"), history_service_pb2
    p, m, s, a = personality_service_pb2, memory_service_pb2, session_service_pb2, admin_service_pb2
    responses: list[Any] = [
        p.GetPersonalityResponse(personality=tzu),
        p.ListPersonalitiesResponse(personalities=[tzu]),
        p.CreatePersonalityResponse(personality=tzu),
        p.UpdatePersonalityResponse(personality=tzu),
        m.GetMemoryResponse(memory=BEES),
        m.GetMemoryGraphResponse(nodes=NODES, edges=[EDGE], read_count=7, svg="<svg/>"),
        m.GetMemoryStatsResponse(
            memory_count=7,
            sectors=[m.SectorStats(sector=memory_pb2.SECTOR_EMOTIONAL, memory_count=7)],
        ),
        dream_service_pb2.ListDreamsResponse(dreams=[DREAM]),
        f.ListFactsResponse(facts=[FACT]),
        f.GetFactResponse(fact=FACT, superseded=[PAST_FACT]),
        f.CreateFactResponse(fact=FACT),
        f.CorrectFactResponse(fact=FACT),
        f.ConfirmFactResponse(fact=FACT),
        f.RevertFactResponse(fact=PAST_FACT),
        m.CreateMemoryResponse(memory=BEES),
        m.UpdateMemoryResponse(memory=BEES),
        m.PurgeMemoriesResponse(
            memory_count=3, reflection_count=1, locked_count=2, samples=[BEES], confirmation="c0"
        ),
        m.ListMemoriesResponse(memories=[BEES]),
        m.SearchMemoriesResponse(
            hits=[memory_service_pb2.MemoryHit(memory=BEES, score=0.81, parts=PARTS, reasons=WHY)]
        ),
        s.ListTurnsResponse(turns=[TURN]),
        s.GetTurnTraceResponse(turn=TURN, trace=TRACE),
        s.ListConversationsResponse(conversations=[talk]),
        s.ResetConversationResponse(conversation=talk),
        s.GetConversationResponse(conversation=talk),
        h.RestoreConversationResponse(conversation=talk),
        h.GetConversationStatsResponse(
            message_count=7, person_message_count=3, restorable_count=2, token_count=4096
        ),
        h.ListSummariesResponse(
            summaries=[
                summary_pb2.Summary(id=ONE, text="Ada keeps bees.", message_count=14),
                summary_pb2.Summary(id=TWO, model="scripted", message_count=12),
            ]
        ),
        h.DeleteConversationResponse(deleted_message_count=7, deleted_memory_count=3),
        h.SetConversationNoteResponse(conversation=talk),
        account_service_pb2.GetMeResponse(person=me),
        account_service_pb2.SetTimeZoneResponse(person=me),
        s.ListMessagesResponse(messages=[SAID]),
        message_service_pb2.GetMessageResponse(message=SAID),
        message_service_pb2.ListAlternativesResponse(messages=[SAID]),
        message_service_pb2.EditMessageResponse(message=SAID),
        message_service_pb2.DeleteMessageResponse(deleted_message_count=2),
        message_service_pb2.AddAlternativeResponse(message=SAID),
        message_service_pb2.ChooseMessageResponse(message=SAID),
        message_service_pb2.BranchConversationResponse(message=SAID),
        a.CreateServiceTokenResponse(service_token=TOKEN, secret="tzr_a-secret"),
        a.ListServiceTokensResponse(service_tokens=[TOKEN]),
        a.GetServerInfoResponse(version="0.1.0", database_version="PostgreSQL 18.4"),
        wallet_service_pb2.GetModelResponse(model=MODEL),
        wallet_service_pb2.ExplainPaymentResponse(
            alternatives=[
                payment_pb2.PaymentAlternative(
                    route=payment_pb2.PAYMENT_ROUTE_OWN_KEY,
                    obstacle=payment_pb2.PAYMENT_OBSTACLE_NO_KEY,
                    explanation="Bring one.",
                ),
                payment_pb2.PaymentAlternative(
                    route=payment_pb2.PAYMENT_ROUTE_LOCAL,
                    model="smollm2",
                    taken=True,
                    explanation="It answers you, on this server's own machine.",
                ),
            ],
            refusal=failure_pb2.Failure(message="Nobody pays for you."),
        ),
        skill_service_pb2.ListSkillsResponse(
            skills=[skill_pb2.Skill(name="memory_search", description="Looks into memories.")]
        ),
    ]
    for response in responses:
        name = type(response).__name__.removesuffix("Response")
        stub.answers[name] = lambda _, response=response: response
    return stub


MODEL = model_pb2.Model(
    id="gpt-x",
    provider=model_pb2.MODEL_PROVIDER_OPENAI,
    provider_name="OpenAI",
    input_modalities=[model_pb2.MODEL_MODALITY_TEXT, model_pb2.MODEL_MODALITY_IMAGE],
    price=model_pb2.ModelPrice(input_micros=400_000, output_micros=1_600_000),
)

# The command, the method that it ends with, some fields of the request, some words of the output.
COMMANDS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("personality list", "ListPersonalities", {"mine": False}, ["tzu", TZU]),
    ("personality list --mine", "ListPersonalities", {"mine": True}, ["tzu"]),
    ("personality show tzu", "GetPersonality", {}, ["Tzu", "  Keeps a library.\n  At night."]),
    ("personality create --name Tzu", "CreatePersonality", {}, ["Tzu", TZU]),
    ("personality edit tzu --name Tzu", "UpdatePersonality", {}, ["Tzu", TZU]),
    ("personality delete tzu --yes", "DeletePersonality", {}, ["tzu is deleted."]),
    ("memory list", "ListMemories", {"personality_id": ""}, [ONE, "I keep bees."]),
    ("memory list -p tzu", "ListMemories", {"personality_id": TZU}, [ONE]),
    ("memory search bees", "SearchMemories", {"query": "bees", "limit": 8}, ["0.810", ONE]),
    ("memory search bees", "SearchMemories", {"explain": True}, ['you said "bees"; it means']),
    ("memory search bees --explain", "SearchMemories", {"explain": True}, ["0.610", "0.200"]),
    ("memory search bees --json", "SearchMemories", {"explain": False}, ["0.81"]),
    (
        "memory add bees -p tzu",
        "CreateMemory",
        {"text": "bees", "personality_id": TZU},
        [f"Remembered as {ONE}"],
    ),
    (f"memory show {ONE}", "GetMemory", {"memory_id": ONE}, ["Ada: I keep", "Tzu: How many"]),
    (
        f"memory show {ONE}",
        "GetMemory",
        {},
        [
            "emotional, also semantic",
            "clearly (0.62)",
            "locked         no",
            "3 times, last 20",
            f"gathered from  {TWO}",
        ],
    ),
    ("memory graph", "GetMemoryGraph", {"view": 2, "max_nodes": 60, "svg": False}, ["Jonas  name"]),
    (
        "memory graph -p tzu --view waypoints --max 9",
        "GetMemoryGraph",
        {"view": 1, "personality_id": TZU, "max_nodes": 9},
        ["Ada  Jonas  3       named together"],
    ),
    ("memory graph --svg -", "GetMemoryGraph", {"svg": True}, ["<svg/>"]),
    ("memory stats", "GetMemoryStats", {}, ["memories       7", "emotional        7"]),
    ("memory fact list", "ListFacts", {"personality_id": ""}, [ONE, "waits for yes", "No coffee."]),
    ("memory fact list -p tzu --all", "ListFacts", {"states": [1, 2, 3]}, ["since 20"]),
    (
        f"memory fact show {ONE}",
        "GetFact",
        {"fact_id": ONE},
        ["No coffee.", "learnt from  ", "Coffee. (since 2026-01-01", " until 2026-02-01"],
    ),
    (
        'memory fact add "I keep bees." -p tzu',
        "CreateFact",
        {"text": "I keep bees.", "personality_id": TZU},
        [f"Known as {ONE}."],
    ),
    (f"memory fact correct {ONE} Tea!", "CorrectFact", {"text": "Tea!"}, [f"known as {ONE} now"]),
    (f"memory fact confirm {ONE}", "ConfirmFact", {"fact_id": ONE}, ["counts."]),
    (f"memory fact revert {ONE}", "RevertFact", {"fact_id": ONE}, ["Known again: Coffee."]),
    (f"memory fact forget {ONE}", "ForgetFact", {"fact_id": ONE}, ["is forgotten."]),
    ("memory dreams", "ListDreams", {"personality_id": ""}, [ONE, "I saw your bees.\n"]),
    ("memory dreams -p tzu", "ListDreams", {"personality_id": TZU}, ["They sang."]),
    (f"memory dream-delete {ONE}", "DeleteDream", {"dream_id": ONE}, ["forgotten"]),
    (f"memory delete {ONE}", "DeleteMemory", {"memory_id": ONE}, ["forgotten"]),
    (f"memory edit {ONE} Bees!", "UpdateMemory", {"memory_id": ONE, "text": "Bees!"}, ["words."]),
    (f"memory lock {ONE}", "UpdateMemory", {"memory_id": ONE, "locked": True}, ["is locked."]),
    (f"memory unlock {ONE}", "UpdateMemory", {"locked": False}, ["is not locked."]),
    (
        "memory purge -p tzu --include-locked --yes",
        "PurgeMemories",
        {"personality_id": TZU, "include_locked": True, "confirmation": "c0"},
        [
            "This would forget 3 memories, 1 reflection among them. 2 locked memories stay."
            " The newest memories:",
            ONE,
            "Forgotten: 3 memories, 1 reflection among them.",
        ],
    ),
    ("memory purge --json", "PurgeMemories", {"confirmation": ""}, ['"confirmation": "c0"']),
    ("turn list", "ListTurns", {"conversation_id": ""}, [ONE, "failed", "did not finish"]),
    (f"turn list -c {TWO}", "ListTurns", {"conversation_id": TWO}, [ONE]),
    (f"turn inspect {TWO}", "GetTurnTrace", {"turn_id": TWO}, [*STEPS]),
    ("turn inspect last", "GetTurnTrace", {"turn_id": ONE}, ["321 in the prompt"]),
    (
        "turn inspect last",
        "GetTurnTrace",
        {},
        ['I keep bees.  you said "bees"', "0.810  I keep hens.                 others fit better"],
    ),
    ("conversation list", "ListConversations", {"platform": ""}, ["Tzu", "a-channel"]),
    ("conversation list -p tzu", "ListConversations", {"personality_id": TZU}, ["Tzu"]),
    (f"conversation reset {ONE}", "ResetConversation", {"conversation_id": ONE}, ["afresh"]),
    (
        f"conversation restore {ONE}",
        "RestoreConversation",
        {"conversation_id": ONE},
        ["in sight again"],
    ),
    (
        f"conversation stats {ONE}",
        "GetConversationStats",
        {"conversation_id": ONE},
        ["said by you        3", "resets to restore  2", "tokens             4096"],
    ),
    (
        f"conversation summaries {ONE}",
        "ListSummaries",
        {"conversation_id": ONE, "page_size": 50},
        ["14", "their own words", "Ada keeps bees.", "scripted", "[words of others, too]"],
    ),
    (
        f"conversation delete {ONE} --yes",
        "DeleteConversation",
        {"conversation_id": ONE},
        ["messages 7, memories 3."],
    ),
    (f"conversation note {ONE}", "GetConversation", {"conversation_id": ONE}, ["It rains."]),
    (
        f"conversation note {ONE} Rain. --depth 2",
        "SetConversationNote",
        {"note": conversation_pb2.ConversationNote(text="Rain.", depth=2)},
        ["It rains."],
    ),
    (
        f"conversation note {TWO} --remove",
        "SetConversationNote",
        {"conversation_id": TWO, "note": conversation_pb2.ConversationNote()},
        ["It rains."],
    ),
    ("me show", "GetMe", {}, ["Europe/Berlin"]),
    ("me time-zone Europe/Berlin", "SetTimeZone", {"time_zone": "Europe/Berlin"}, ["You live in"]),
    ("me time-zone", "SetTimeZone", {"time_zone": ""}, ["You live in Europe/Berlin."]),
    (f"message list {ONE}", "ListMessages", {"conversation_id": ONE}, ["Tzu", "Hello."]),
    (f"message show {ONE}", "GetMessage", {"message": NAMED}, ["Hello."]),
    (f"message alternatives {ONE}", "ListAlternatives", {"message": NAMED}, ["Hello."]),
    (f"message edit {ONE} Hi.", "EditMessage", {"text": "Hi."}, ["other words"]),
    (f"message delete {ONE}", "DeleteMessage", {"message": NAMED}, ["messages 2"]),
    (f"message add {ONE} Hi.", "AddAlternative", {"text": "Hi."}, ["goes on with"]),
    (f"message choose {ONE}", "ChooseMessage", {"message": NAMED}, ["goes on with"]),
    (f"message branch {ONE}", "BranchConversation", {"message": NAMED}, ["right after"]),
    ("token create --name bot --scope admin", "CreateServiceToken", {}, ["tzr_a-secret\n"]),
    ("token list", "ListServiceTokens", {}, ["the bot", "session.chat"]),
    (f"token revoke {ONE}", "RevokeServiceToken", {"token_id": ONE}, ["revoked"]),
    ("model list", "ListModels", {"page_size": 50}, ["smollm2", "bundled", ADVICE]),
    (
        "model list mini --max-price $1.50 --min-context 9000 --vision --tools --order price",
        "ListModels",
        {
            "query": "mini",
            "max_price_micros": 1_500_000,
            "min_context_tokens": 9_000,
            "input_modality": 2,
            "tools_only": True,
            "order": 1,
        },
        ["smollm2"],
    ),
    (
        "model list --free --speaking --provider gemini",
        "ListModels",
        {"free_only": True, "speaking_only": True, "provider": 8},
        ["smollm2"],
    ),
    ("model show gpt-x", "GetModel", {"model_id": "gpt-x"}, ["0.40", "text, image", "OpenAI"]),
    (
        "wallet explain",
        "ExplainPayment",
        {},
        ["your own key", "Bring one", "yes", "on this server"],
    ),
    (
        "wallet explain -p tzu",
        "ExplainPayment",
        {"personality_id": TZU},
        ["Nobody pays for you."],
    ),
    (
        "wallet explain --in discord:7/hall",
        "ExplainPayment",
        {"platform": "discord", "space_id": "7", "channel_id": "hall"},
        ["Nobody pays for you."],
    ),
    ("skill list", "ListSkills", {}, ["memory_search", "Looks into memories."]),
    ("server info", "GetServerInfo", {}, ["0.1.0", "PostgreSQL 18.4"]),
]


@pytest.mark.parametrize(("command", "method", "fields", "told"), COMMANDS)
async def test_a_command_asks_and_tells(
    server: StubServer,
    tmp_path: Path,
    command: str,
    method: str,
    fields: dict[str, Any],
    told: list[str],
) -> None:
    ended = await tzurot(*shlex.split(command), home=tmp_path, address=server.address)

    assert ended.code == 0, ended.err
    for words in told:
        assert words in ended.out
    assert "\x1b" not in ended.out
    assert server.calls[-1].method == method
    for field, value in fields.items():
        assert getattr(server.calls[-1].request, field) == value


def named(command: str) -> tuple[str, ...]:
    """What a command is called: two words, and three of a group in a group."""
    words = command.split()
    return tuple(words[: 3 if words[:2] == ["memory", "fact"] else 2])


@pytest.mark.parametrize("command", {named(command): command for command, *_ in COMMANDS}.values())
async def test_with_json_a_command_prints_one_document(
    server: StubServer, tmp_path: Path, command: str
) -> None:
    ended = await tzurot(*shlex.split(command), "--json", home=tmp_path, address=server.address)
    assert (ended.code, ended.err) == (0, "")
    assert isinstance(json.loads(ended.out), dict)


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from leaves(below, (*path, name))


# Tested with a real server: test_moving_in, test_flows, test_flow_scripts, test_sharing, ….
ELSEWHERE = {
    "claim": ("confirm", "create", "list", "reject", "waiting"),
    "age": ("revoke", "set"),
    "channel": ("activate", "deactivate", "list", "next", "record", "reset", "show"),
    "conversation": ("export", "import"),
    "deny": ("add", "list", "remove"),
    "flow": ("complete", "list", "open", "resume", "run", "show", "submit"),
    "import": ("sillytavern",),
    "knowledge": ("add", "delete", "list", "search", "show"),
    "lorebook": (
        "attach",
        "create",
        "delete",
        "detach",
        "edit",
        "export",
        "import",
        "list",
        "show",
        "test",
    ),
    "lorebook entry": ("add", "edit", "remove", "show"),
    "maintenance": ("off", "on", "show"),
    "memory": ("export", "forget", "fresh", "import", "incognito"),
    "persona": ("delete", "front", "import", "list"),
    "personality": ("clone", "export", "import", "share", "shares", "unshare"),
    "personality alias": ("add", "list", "remove"),
    "personality avatar": ("remove", "save", "set"),
    "personality override": ("clear", "set", "show"),
    "preset": (
        *("clone", "create", "default", "delete", "edit", "export", "import", "list"),
        *("publish", "show"),
    ),
    "wallet": ("usage",),
    "wallet budget": ("list", "remove", "set"),
    "wallet sponsor": ("add", "list", "remove", "set"),
    "wallet key": ("add", "check", "list", "remove", "use"),
    "setting": ("explain", "list", "set", "show", "unset"),
}


def test_there_are_no_commands_but_those_tested_here_and_all_have_json() -> None:
    found = dict(leaves(get_command(app)))
    tested = {named(command) for command, *_ in COMMANDS}
    elsewhere = {(*group.split(), name) for group, names in ELSEWHERE.items() for name in names}
    assert set(found) == tested | elsewhere | {("chat",), ("help",)}
    for command in found.values():
        assert any("--json" in parameter.opts for parameter in command.params)


async def test_inspect_shows_memories_prompt_calls_and_what_was_cut(
    server: StubServer, tmp_path: Path
) -> None:
    ended = await tzurot("turn", "inspect", "last", home=tmp_path, address=server.address)
    rows = [line.split() for line in ended.out.splitlines()]

    assert ["recall", "3.0", "ms", "7.0", "ms", "recall:", "done"] in rows
    recalled, considered = [row for row in rows if row[:1] == ["0.810"]]
    assert recalled[1:] == ["yes", "I", "keep", "bees.", "you", "said", '"bees"']
    assert considered[1:] == ["I", "keep", "hens.", "others", "fit", "better"]
    assert "system (12 tokens)\n  You are Tzu.\n  Be brief." in ended.out
    assert "example (34 tokens, left out for want of room)\n  {{user}}: Hi" in ended.out
    assert "smollm2 did not finish in time." in ended.out
    assert '{"query": "bees"}' in ended.out
    assert "40 in the reply (estimated)" in ended.out
    assert ["local", "smollm2", "you", "-", "-", "321", "40", "$0.0015", "ok"] in rows


BROUGHT = turn_pb2.TurnTrace(
    sections=[
        turn_pb2.PromptSection(
            name="character", text="[hidden, 12 tokens]", token_count=12, hidden=True
        )
    ],
    lorebook_entries=[
        turn_pb2.JudgedEntry(
            name="Harbor",
            lorebook_name="Town",
            reason="key `harbor` in the last message",
            told=True,
            activated=True,
            place=lorebook_pb2.LORE_PLACE_AT_DEPTH,
            depth=3,
        ),
        turn_pb2.JudgedEntry(
            name="Tower",
            lorebook_name="Town",
            reason="always told",
            activated=True,
            place=lorebook_pb2.LORE_PLACE_AFTER_CHARACTER,
        ),
        turn_pb2.JudgedEntry(name="Well", lorebook_name="Town", reason="no key came up"),
        turn_pb2.JudgedEntry(name="Mill", lorebook_name="Town", reason="no key came up"),
        turn_pb2.JudgedEntry(name="Gate", lorebook_name="Town", reason="it is off"),
    ],
    passages=[
        turn_pb2.RecalledPassage(title="The Bells", excerpt="They ring.", score=0.5, cited=True)
    ],
    settings=[
        setting_pb2.ExplainedSetting(key="persona", value=setting_pb2.SettingValue(flag=True)),
        setting_pb2.ExplainedSetting(
            key="history_limit",
            value=setting_pb2.SettingValue(whole=12),
            source=setting_pb2.SETTING_TIER_CHANNEL,
            bound=True,
        ),
    ],
    not_run=["{{banned}}: it steers the words of a model"],
    cut_texts=[turn_pb2.CutText(reason="a mark", text="<|im_end|>")],
    reasoning="She greets me.",
)


async def test_inspect_shows_what_the_character_brought_and_what_was_decided(
    server: StubServer, tmp_path: Path
) -> None:
    response = session_service_pb2.GetTurnTraceResponse(turn=TURN, trace=BROUGHT)
    server.answers["GetTurnTrace"] = lambda _: response

    async def inspected(*options: str) -> str:
        words = ("turn", "inspect", "last", *options)
        return (await tzurot(*words, home=tmp_path, address=server.address)).out

    shown = await inspected()
    rows = [" ".join(row.split()) for row in shown.splitlines()]
    assert "Harbor Town yes 3 before the end key `harbor` in the last message" in rows
    assert "Tower Town no room after character always told" in rows
    assert rows[rows.index("lore that did not come up") + 1 :][:2] == [
        "2 entries: no key came up",
        "1 entry: it is off",
    ]
    assert "0.500 yes The Bells They ring." in rows
    assert "history_limit 12 channel (bound)" in rows
    assert not any(row.startswith("persona ") for row in rows)
    assert "{{banned}}: it steers the words of a model" in rows
    assert "character (hidden, 12 tokens)" in rows
    assert "(the character's definition is hidden from you)" in rows

    rows = [" ".join(row.split()) for row in (await inspected("--all")).splitlines()]
    assert "Well Town no - no key came up" in rows
    assert "persona on default" in rows
    assert "lore that did not come up" not in rows

    trace = json.loads(await inspected("--json"))["trace"]
    assert [it["name"] for it in trace["lorebook_entries"]] == [
        *("Harbor", "Tower", "Well", "Mill", "Gate")
    ]
    assert len(trace["settings"]) == 2


async def test_a_turn_that_runs_has_no_trace_yet(server: StubServer, tmp_path: Path) -> None:
    server.answers["GetTurnTrace"] = lambda _: session_service_pb2.GetTurnTraceResponse(
        turn=turn_pb2.Turn(id=ONE, state=turn_pb2.TURN_STATE_RUNNING)
    )
    ended = await tzurot("turn", "inspect", ONE, home=tmp_path, address=server.address)
    assert ended.code == 0
    assert "The turn still runs" in ended.out


async def test_create_sends_what_is_given_with_a_request_id(
    server: StubServer, tmp_path: Path
) -> None:
    command = (
        "personality create --name Mira --slug mira --description 'A healer.' --greeting Hello."
        " --system-prompt 'Speak softly.' --example-dialogues '{{char}}: Hm.' --visibility public"
    )
    await tzurot(*shlex.split(command), home=tmp_path, address=server.address)

    request = server.requests("CreatePersonality")[0]
    assert len(request.request_id) == 36
    assert request.personality == personality_pb2.Personality(
        name="Mira",
        slug="mira",
        description="A healer.",
        greeting="Hello.",
        system_prompt="Speak softly.",
        example_dialogues="{{char}}: Hm.",
        visibility=personality_pb2.VISIBILITY_PUBLIC,
    )


async def test_edit_sends_only_what_is_given_and_the_etag_that_it_read(
    server: StubServer, tmp_path: Path
) -> None:
    command = ("personality", "edit", "tzu", "--greeting", "", "--visibility", "private")
    await tzurot(*command, home=tmp_path, address=server.address)

    request = server.requests("UpdatePersonality")[0]
    assert list(request.update_mask.paths) == ["greeting", "visibility"]
    assert request.ref.id == TZU
    assert request.personality == personality_pb2.Personality(
        visibility=personality_pb2.VISIBILITY_PRIVATE, etag="7"
    )


async def test_a_character_is_named_by_slug_or_id(server: StubServer, tmp_path: Path) -> None:
    for name in ("tzu", "@tzu", TZU):
        await tzurot("personality", "show", name, home=tmp_path, address=server.address)
    refs = [request.personality for request in server.requests("GetPersonality")]
    assert [ref.slug for ref in refs] == ["tzu", "tzu", ""]
    assert refs[2].id == TZU


async def test_a_token_is_created_as_described(server: StubServer, tmp_path: Path) -> None:
    command = (
        "token create --name bot --scope session.chat --scope session.read"
        " --acts-for 'discord:*' --subject local:bot --expire-days 7"
    )
    ended = await tzurot(*shlex.split(command), home=tmp_path, address=server.address)

    token = server.requests("CreateServiceToken")[0].service_token
    assert list(token.scopes) == ["session.chat", "session.read"]
    assert (list(token.acts_for), token.subject) == (["discord:*"], "local:bot")
    assert 6.9 < (token.expire_time.ToSeconds() - ago().ToSeconds()) / 86400 < 7.1
    assert ended.out == "tzr_a-secret\n"  # so that a script can keep it


async def test_a_long_list_is_read_page_by_page_up_to_the_limit(
    server: StubServer, tmp_path: Path
) -> None:
    def page(request: Any) -> Any:
        start = int(request.page_token or 0)
        memories = [
            memory_pb2.Memory(id=identity(str(number)))
            for number in range(start, start + min(request.page_size, 200))
        ]
        token = str(start + 200)
        return memory_service_pb2.ListMemoriesResponse(memories=memories, next_page_token=token)

    server.answers["ListMemories"] = page
    command = ("memory", "list", "--limit", "450", "--json")
    ended = await tzurot(*command, home=tmp_path, address=server.address)

    found = [memory["id"] for memory in json.loads(ended.out)["memories"]]
    assert found == [identity(str(number)) for number in range(450)]
    sizes = [request.page_size for request in server.requests("ListMemories")]
    assert sizes == [200, 200, 50]


async def test_a_picture_replaces_what_was_there_in_one_step(
    server: StubServer, tmp_path: Path
) -> None:
    (tmp_path / "graph.svg").write_text("before")
    command = ("memory", "graph", "--svg", str(tmp_path / "graph.svg"))
    ended = await tzurot(*command, home=tmp_path, address=server.address)
    assert ended.out == f"{tmp_path}/graph.svg is written: 2 nodes of 7 memories.\n"
    assert (tmp_path / "graph.svg").read_text() == "<svg/>"
    nowhere = str(tmp_path / "nowhere" / "graph.svg")
    ended = await tzurot("memory", "graph", "--svg", nowhere, home=tmp_path, address=server.address)
    assert (ended.code, ended.err.splitlines()[0].endswith("no such file or directory.")) == (
        2,
        True,
    )
    assert not [it.name for it in tmp_path.iterdir() if it.name.endswith(".part")]


@pytest.mark.parametrize("there", [True, False])
async def test_a_memory_is_shown_with_the_words_of_those_that_it_is_linked_with(
    server: StubServer, tmp_path: Path, there: bool
) -> None:
    def answer(request: memory_service_pb2.GetMemoryRequest) -> Any:
        if request.memory_id == ONE:
            return memory_service_pb2.GetMemoryResponse(memory=BEES, waypoints=[LINK])
        if there:
            said = memory_pb2.RememberedUtterance(text="I keep\x1b[2J hens.")
            other = memory_pb2.Memory(id=TWO, utterances=[said])
            return memory_service_pb2.GetMemoryResponse(memory=other)
        raise Refusal("NOT_FOUND", "MEMORY_NOT_FOUND")

    server.answers["GetMemory"] = answer
    ended = await tzurot("memory", "show", ONE, home=tmp_path, address=server.address)
    words = "I keep hens." if there else "(forgotten since)"
    assert f"0.41  recalled together: {words} ({TWO})" in ended.out


async def test_numbers_of_characters_are_told_with_their_names(
    server: StubServer, tmp_path: Path
) -> None:
    number = memory_service_pb2.PersonalityStats(personality_id=TZU, memory_count=7)
    response = memory_service_pb2.GetMemoryStatsResponse(memory_count=7, personalities=[number])
    server.answers["GetMemoryStats"] = lambda _: response
    ended = await tzurot("memory", "stats", home=tmp_path, address=server.address)
    assert "Tzu (tzu)      7" in ended.out


async def test_a_command_acts_for_the_subject_it_is_given(
    server: StubServer, tmp_path: Path
) -> None:
    await tzurot("--as", "discord:123", "turn", "list", home=tmp_path, address=server.address)
    assert server.calls[0].metadata["tzurot-subject"] == "discord:123"


async def test_what_a_server_tells_never_steers_the_terminal(
    server: StubServer, tmp_path: Path
) -> None:
    nasty = personality_pb2.Personality(name="\x1b[2J[bold]M\x07", description="a\n\x9b31mb")
    server.answers["GetPersonality"] = lambda _: personality_service_pb2.GetPersonalityResponse(
        personality=nasty
    )
    server.answers["ListPersonalities"] = lambda _: (
        personality_service_pb2.ListPersonalitiesResponse(personalities=[nasty])
    )
    for command in ("personality show tzu", "personality list"):
        ended = await tzurot(*command.split(), home=tmp_path, address=server.address)
        assert "[bold]M" in ended.out
        assert not {"\x1b", "\x07", "\x9b"} & set(ended.out)


async def test_a_reader_that_has_gone_is_no_news(server: StubServer, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    env = environment(tmp_path, TZUROT_ADDRESS=server.address, TZUROT_TOKEN=GOOD_TOKEN)
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "turn", "list", stdout=writing, stderr=asyncio.subprocess.PIPE, env=env
    )
    os.close(writing)
    async with asyncio.timeout(PATIENCE):
        _, err = await process.communicate()
    assert err == b""


async def test_the_shell_completes_commands(tmp_path: Path) -> None:
    asked = {"_TZUROT_COMPLETE": "complete_bash", "COMP_WORDS": "tzurot me", "COMP_CWORD": "1"}
    ended = await tzurot(home=tmp_path, env=asked)
    assert ended.out.split() == ["memory", "me", "message"]
