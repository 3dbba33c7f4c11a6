"""A kind on which the machine is tried, and a server that offers it and nothing else."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import grpc.aio

from tests.calling import Client
from tzurot.account.subjects import OWNER
from tzurot.account.tokens import ALL_SCOPES, NewToken, Tokens
from tzurot.errors import PersonalityNotFound, ProviderUnavailable, SlugTaken
from tzurot.flow.answering import Answering
from tzurot.flow.catalogue import Catalogue
from tzurot.flow.flows import WORK_JOB, Flows
from tzurot.flow.kind import Answers, Argument, At, Kind, Refused, Report, Step
from tzurot.flow.servicer import FlowServicer
from tzurot.flow.v1 import flow_service_pb2, flow_service_pb2_grpc
from tzurot.flow.views import ITEM, Action, Asks, Choice, Field, Item, Progress, State, View
from tzurot.flow.working import Working
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.transport import server
from tzurot.transport.server import Binding, Service
from tzurot.transport.subject import Caller

PATH = "trial run"
_COLORS = (Choice("red", "Red"), Choice("blue", "Blue"))


class Trial(Kind):
    """Does what its actions are called, and counts what it did."""

    path = PATH
    summary = "Try the machine."
    arguments = (
        Argument("topic", "What about.", required=True),
        Argument("color", "Which color.", choices=_COLORS),
    )

    def __init__(self) -> None:
        self.world = ""  # the mark of what is shown
        self.lost = False  # whether the person has lost the right
        self.done = 0
        self.entered = asyncio.Event()  # a take or a work has begun
        self.gate = asyncio.Event()  # and goes on

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        return Step("form", {"topic": arguments["topic"]})

    async def view(self, who: Caller, at: At) -> View:
        if self.lost:
            raise PersonalityNotFound("lilith")
        if at.step != "form":
            return View(at.step, str(at.draft.get("topic")))
        return View(
            title=str(at.draft["topic"]),
            body=str(at.draft.get("name", "")),
            fields=(
                Field("name", "Name", required=True, max_length=20),
                Field("color", "Color", Asks.CHOICE, choices=_COLORS, values=("red",)),
                Field("sides", "Sides", Asks.CHOICES, choices=_COLORS),
                Field("sure", "Sure?", Asks.BOOLEAN),
                Field("note", "Note", Asks.LONG_TEXT, max_length=100),
                Field("file", "File", Asks.FILE),
            ),
            items=(Item("The first", key="1"), Item("A heading")),
            item_action="pick",
            actions=(
                Action("save", "Save", asks=("name", "color", "sides", "sure", "note")),
                Action("send", "Send", asks=("file",)),
                *(
                    Action(key, key)
                    for key in ("count", "hang", "break", "away", "lose", "clash", "work", "finish")
                ),
            ),
            mark=self.world,
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        match action:
            case "save" if answers["name"] == ("Nobody",):
                raise Refused("No.", {"name": "Somebody, please."})
            case "save":
                told = {key: list(values) for key, values in answers.items()}
                return Step("form", {**at.draft, "name": str(told)}, notice="Saved.")
            case "pick":
                return Step("form", {**at.draft, "name": answers[ITEM][0]})
            case "hang":
                self.entered.set()
                await self.gate.wait()
                self.done += 1
            case "break":
                raise ZeroDivisionError
            case "away":
                raise ProviderUnavailable("somebody")
            case "lose":
                raise PersonalityNotFound("lilith")
            case "clash":
                raise SlugTaken("lilith")
            case "work":
                return Step("labor", at.draft, State.WORKING)
            case "finish":
                return Step("finished", at.draft, State.DONE, notice="That was it.")
            case _:
                await asyncio.sleep(0)
                self.done += 1
        return Step("form", at.draft)

    async def work(self, who: Caller, at: At, report: Report) -> Step:
        if at.draft["topic"] == "a bug":
            raise ZeroDivisionError
        if at.draft["topic"] == "a loss":
            raise PersonalityNotFound("lilith")
        for number in range(1, 1001):
            await report(Progress("counting", number, 1000))
        self.entered.set()
        await self.gate.wait()
        await report(Progress("counting", 1000, 1000))
        self.done += 1
        return Step("finished", {"topic": f"counted for {who.subject}"}, State.DONE)


@dataclass(frozen=True, slots=True)
class Machine:
    """A server with one kind, and what it is made of."""

    trial: Trial
    channel: grpc.aio.Channel
    token: str
    database: Database
    jobs: Jobs
    working: Working

    def client(self, name: str = "mira") -> Client:
        """Somebody who calls."""
        return Client(self.channel, self.token, f"local:{name}")


@asynccontextmanager
async def a_machine(database_url: str, trial: Trial | None = None) -> AsyncGenerator[Machine]:
    """A server on `database_url`; jobs run only where a test lets them."""
    trial = trial or Trial()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(database_url))
        jobs = await stack.enter_async_context(Jobs.open(database_url))
        catalogue = Catalogue([trial])
        flows, working = Flows(database, jobs, catalogue), Working(database, catalogue)
        jobs.register(WORK_JOB, working.work)
        tokens = Tokens(database)
        new = NewToken("test", ALL_SCOPES, subject=OWNER, acts_for=("*",))
        _, secret = await tokens.create(new)
        service = Service(
            flow_service_pb2.DESCRIPTOR.services_by_name["FlowService"],
            flow_service_pb2_grpc.add_FlowServiceServicer_to_server,
            FlowServicer(flows, Answering(database, jobs, flows)),
        )
        binding = Binding("127.0.0.1", 0, insecure=False)
        listening = await stack.enter_async_context(
            server.serve([service], tokens.authenticate, binding)
        )
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(listening.address))
        yield Machine(trial, channel, secret, database, jobs, working)
