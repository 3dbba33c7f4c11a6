"""Flows begin, outlive their server, belong to one person, do their work, and are forgotten."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from tests.calling import request_for
from tests.flow.dialogue import DONE, OPEN, WORKING, Dialogue, starting, upload_of
from tests.flow.trial import PATH, Machine, Trial, a_machine
from tzurot import clock

EVERY_RPC: dict[str, Callable[[Dialogue], Message | list[Any]]] = {
    "GetFlow": lambda flow: flow.named("GetFlow"),
    "SubmitFlow": lambda flow: flow.submission("count"),
    "WatchFlow": lambda flow: flow.named("WatchFlow"),
    "UploadFlowFile": lambda flow: upload_of(flow.flow.id, b"bees"),
}


class TestBeginning:
    async def test_a_flow_begins_with_its_first_view(self, machine: Machine) -> None:
        trial = await _begun(machine)
        assert (trial.flow.path, trial.flow.state, trial.flow.etag) == (PATH, OPEN, "1")
        assert trial.view.title == "bees"
        life = trial.flow.expire_time.ToDatetime() - trial.flow.create_time.ToDatetime()
        assert abs(life - timedelta(minutes=15)) < timedelta(seconds=1)

    async def test_the_catalogue_tells_what_there_is(self, machine: Machine) -> None:
        (kind,) = (await machine.client().call("ListFlowKinds")).kinds
        assert (kind.path, kind.summary) == (PATH, "Try the machine.")
        topic, color = kind.arguments
        assert (topic.key, topic.required, topic.completes) == ("topic", True, False)
        assert [choice.value for choice in color.choices] == ["red", "blue"]

    async def test_a_kind_that_is_not_there_cannot_be_begun(self, machine: Machine) -> None:
        refusal = await machine.client().refused("StartFlow", starting("trial by fire"))
        assert (refusal.code.name, refusal.reason) == ("NOT_FOUND", "FLOW_KIND_NOT_FOUND")
        assert refusal.metadata == {"path": "trial by fire"}

    @pytest.mark.parametrize(
        ("arguments", "field"),
        [
            ({}, "arguments.topic"),
            ({"topic": "  "}, "arguments.topic"),
            ({"topic": "bees", "color": "green"}, "arguments.color"),
            ({"topic": "bees", "size": "1"}, "arguments.size"),
            ({"topic": "be\0es"}, "arguments[topic]"),  # the contract's own rule
        ],
    )
    async def test_arguments_that_do_not_fit_are_named(
        self, arguments: dict[str, str], field: str, machine: Machine
    ) -> None:
        refusal = await machine.client().refused("StartFlow", starting(PATH, **arguments))
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", (field,))

    async def test_choices_of_an_argument_complete_it(self, machine: Machine) -> None:
        for typed, values in (("", ["red", "blue"]), ("BL", ["blue"]), ("x", [])):
            request = request_for("CompleteFlowArgument", path=PATH, key="color", typed=typed)
            offered = (await machine.client().call("CompleteFlowArgument", request)).choices
            assert [choice.value for choice in offered] == values
        request = request_for("CompleteFlowArgument", path=PATH, key="size")
        refusal = await machine.client().refused("CompleteFlowArgument", request)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("key",))

    async def test_a_repeated_request_gives_the_flow_as_it_is_now(self, machine: Machine) -> None:
        key = str(uuid4())
        request = starting(PATH, key, topic="bees")
        twins = await asyncio.gather(
            *(machine.client().call("StartFlow", request) for _ in range(5))
        )
        assert len({twin.flow.id for twin in twins}) == 1
        trial = Dialogue(machine.client(), twins[0].flow)
        await trial.answer("pick", item="1")
        again = (await machine.client().call("StartFlow", request)).flow
        assert again == trial.flow

    async def test_a_request_id_is_for_one_flow_of_one_person(self, machine: Machine) -> None:
        key = str(uuid4())
        first = (await machine.client().call("StartFlow", starting(PATH, key, topic="bees"))).flow
        refusal = await machine.client().refused("StartFlow", starting(PATH, key, topic="wasps"))
        assert refusal.reason == "REQUEST_ID_REUSED"
        request = starting(PATH, key, topic="bees")
        other = (await machine.client("kael").call("StartFlow", request)).flow
        assert other.id != first.id


class TestBelonging:
    async def test_a_flow_goes_on_after_a_restart(
        self, machine: Machine, database_url: str
    ) -> None:
        trial = await _begun(machine)
        await trial.answer("save", name="Nobody")
        async with a_machine(database_url) as other:
            elsewhere = Dialogue(other.client(), trial.flow)
            await elsewhere.look()
            assert elsewhere.flow == trial.flow
            assert list(elsewhere.field("name").values) == ["Nobody"]
            assert (await elsewhere.answer("save", name="Lilith")).notice == "Saved."

    @pytest.mark.parametrize("rpc", EVERY_RPC)
    async def test_to_anybody_else_it_is_not_there(self, rpc: str, machine: Machine) -> None:
        trial = await _begun(machine)
        refusal = await machine.client("kael").refused(rpc, EVERY_RPC[rpc](trial))
        assert (refusal.code.name, refusal.reason) == ("NOT_FOUND", "FLOW_NOT_FOUND")
        assert refusal.metadata == {"flow_id": trial.flow.id}
        assert machine.trial.done == 0

    async def test_a_list_has_the_persons_flows_that_go_on_newest_first(
        self, machine: Machine
    ) -> None:
        first, second, closed, done, late = [await _begun(machine) for _ in range(5)]
        await closed.answer("close")
        await done.answer("finish")
        await _expire(machine, late)
        await Dialogue.start(machine.client("kael"), PATH, topic="wasps")
        listed = (await machine.client().call("ListFlows")).flows
        assert [flow.id for flow in listed] == [second.flow.id, first.flow.id]
        assert [flow.view.title for flow in listed] == ["bees", "bees"]
        assert not any(flow.view.actions for flow in listed)

    async def test_a_list_goes_on_where_its_page_ended(self, machine: Machine) -> None:
        begun = [(await _begun(machine)).flow.id for _ in range(3)]
        page = await machine.client().call("ListFlows", request_for("ListFlows", page_size=2))
        rest = request_for("ListFlows", page_size=2, page_token=page.next_page_token)
        last = await machine.client().call("ListFlows", rest)
        shown = [flow.id for flow in (*page.flows, *last.flows)]
        assert (shown, last.next_page_token) == (begun[::-1], "")


class TestExpiring:
    @pytest.mark.parametrize("rpc", EVERY_RPC)
    async def test_nobody_answered_in_time(self, rpc: str, machine: Machine) -> None:
        trial = await _begun(machine)
        await _expire(machine, trial)
        refusal = await machine.client().refused(rpc, EVERY_RPC[rpc](trial))
        assert (refusal.code.name, refusal.reason) == ("FAILED_PRECONDITION", "FLOW_EXPIRED")
        assert machine.trial.done == 0

    async def test_each_answer_gives_fifteen_minutes_more(self, machine: Machine) -> None:
        for action, entered in (("count", {}), ("save", {"name": ""}), ("finish", {})):
            trial = await _begun(machine)
            await _expire(machine, trial, minutes_ago=-1)
            await trial.answer(action, **entered)
            assert trial.flow.expire_time.ToDatetime() > _now() + timedelta(minutes=14)

    async def test_an_expired_flow_is_emptied_and_a_day_later_it_is_gone(
        self, machine: Machine
    ) -> None:
        trial, other = await _begun(machine), await _begun(machine)
        for flow in (trial, other):
            await flow.upload(b"bees")
        await _expire(machine, trial)
        await machine.working.sweep()
        assert await _scalar(machine, "SELECT count(*) FROM flow_files") == 1
        drafts = "SELECT count(*) FROM flows WHERE draft = '{}'"
        assert await _scalar(machine, drafts) == 1
        assert (
            await trial.client.refused("GetFlow", trial.named("GetFlow"))
        ).reason == "FLOW_EXPIRED"
        await _expire(machine, trial, minutes_ago=25 * 60)
        await machine.working.sweep()
        assert (
            await trial.client.refused("GetFlow", trial.named("GetFlow"))
        ).reason == "FLOW_NOT_FOUND"
        await other.look()
        assert other.flow.state == OPEN


class TestWorking:
    async def test_work_is_watched_to_its_end(self, machine: Machine) -> None:
        async with machine.jobs.working():
            trial = await _begun(machine)
            await trial.answer("work")
            assert (trial.flow.state, trial.actions) == (WORKING, [])
            watching = asyncio.create_task(trial.watch())
            await asyncio.wait_for(machine.trial.entered.wait(), 60)
            await asyncio.sleep(0.6)  # longer than a watcher looks away
            machine.trial.gate.set()
            told = await watching
        progresses = [flow.view.progress for flow in told if flow.state == WORKING]
        assert any(it.label == "counting" and it.total_count == 1000 for it in progresses)
        assert (trial.flow.state, trial.view.title) == (DONE, "finished")
        assert trial.view.body == "counted for local:mira"
        assert len({flow.etag for flow in told}) == len(told)

    async def test_a_thousand_reports_are_few_writes(self, machine: Machine) -> None:
        trial = await _begun(machine)
        await trial.answer("work")
        before = await _version(machine, trial)
        machine.trial.gate.set()
        await machine.working.work(trial.flow.id)
        assert await _version(machine, trial) - before <= 6  # of them one is the end

    async def test_a_watcher_of_an_open_flow_is_told_once(self, machine: Machine) -> None:
        trial = await _begun(machine)
        assert [flow.state for flow in await trial.watch()] == [OPEN]

    async def test_work_does_not_expire_and_cannot_be_answered(self, machine: Machine) -> None:
        trial = await _begun(machine)
        await trial.answer("work")
        await _expire(machine, trial)
        await trial.look()
        assert trial.flow.state == WORKING
        assert (await trial.refused("count")).reason == "ETAG_MISMATCH"

    async def test_work_whose_worker_was_killed_is_done_by_another_one(
        self, machine: Machine, database_url: str
    ) -> None:
        trial = await _begun(machine)
        await trial.answer("work")
        killed = asyncio.create_task(machine.working.work(trial.flow.id))
        await asyncio.wait_for(machine.trial.entered.wait(), 60)
        killed.cancel()
        await asyncio.wait({killed})
        trial_elsewhere = Trial()
        trial_elsewhere.gate.set()
        async with a_machine(database_url, trial_elsewhere) as other, other.jobs.working():
            elsewhere = Dialogue(other.client(), trial.flow)
            await elsewhere.watch()
        assert (elsewhere.view.title, trial_elsewhere.done) == ("finished", 1)

    async def test_a_worker_that_was_taken_for_dead_does_not_disturb_the_next(
        self, machine: Machine, database_url: str
    ) -> None:
        trial = await _begun(machine)
        await trial.answer("work")
        slow = asyncio.create_task(machine.working.work(trial.flow.id))
        await asyncio.wait_for(machine.trial.entered.wait(), 60)
        next_one = Trial()
        next_one.gate.set()
        async with a_machine(database_url, next_one) as other:
            await other.working.work(trial.flow.id)
        ended = await trial.look()
        machine.trial.gate.set()
        await slow
        assert await trial.look() == ended
        assert (next_one.done, trial.flow.state) == (1, DONE)

    async def test_the_same_job_again_does_nothing(self, machine: Machine) -> None:
        trial = await _begun(machine)
        await trial.answer("work")
        machine.trial.gate.set()
        for _ in range(2):
            await machine.working.work(trial.flow.id)
        await machine.working.work(str(uuid4()))
        assert machine.trial.done == 1

    @pytest.mark.parametrize(
        ("topic", "sentence"),
        [("a loss", "There is no character `lilith`"), ("a bug", "Something broke on the server")],
    )
    async def test_work_that_fails_says_so(
        self, topic: str, sentence: str, machine: Machine
    ) -> None:
        trial = await Dialogue.start(machine.client(), PATH, topic=topic)
        await trial.answer("work")
        await machine.working.work(trial.flow.id)
        await trial.look()
        assert trial.flow.state == DONE
        assert trial.view.body.startswith(sentence)

    async def test_work_that_nobody_hears_of_any_more_is_ended(self, machine: Machine) -> None:
        trial = await _begun(machine)
        await trial.answer("work")
        await machine.working.sweep()
        await trial.look()
        assert trial.flow.state == WORKING
        await _expire(machine, trial)
        await machine.working.sweep()
        await trial.look()
        assert (trial.flow.state, trial.view.body) == (
            DONE,
            "The work was interrupted and did not come to its end.",
        )


class TestFiles:
    async def test_a_file_is_sent_and_answered_with(self, machine: Machine) -> None:
        trial = await _begun(machine)
        file_id = await trial.upload(b"bees" * 50_000)
        await trial.answer("send", file=file_id)
        assert (trial.field("file").error, machine.trial.done) == ("", 1)

    async def test_a_file_of_another_flow_or_none_is_asked_for_again(
        self, machine: Machine
    ) -> None:
        trial, other = await _begun(machine), await _begun(machine)
        for value in (await other.upload(b"bees"), str(uuid4()), "lilith.json"):
            await trial.answer("send", file=value)
            assert trial.field("file").error == "Send the file again."
        assert machine.trial.done == 0

    async def test_a_flow_keeps_the_last_file(self, machine: Machine) -> None:
        trial = await _begun(machine)
        first, second = await trial.upload(b"bees"), await trial.upload(b"wasps")
        await trial.answer("send", file=first)
        assert trial.field("file").error == "Send the file again."
        await trial.answer("send", file=second)
        assert machine.trial.done == 1

    @pytest.mark.parametrize(
        ("content", "header", "problem"),
        [
            (b"bees", {"sha256": "0" * 64}, "checksum"),
            (b"bees", {"size_bytes": 5}, "checksum"),
            (b"bees", {"size_bytes": 3}, "too_large"),
            (b"bees" * 50_000, {"size_bytes": 100_000}, "too_large"),
        ],
    )
    async def test_a_file_that_is_not_the_one_of_its_header_is_refused(
        self, content: bytes, header: dict[str, Any], problem: str, machine: Machine
    ) -> None:
        trial = await _begun(machine)
        refusal = await machine.client().refused(
            "UploadFlowFile", upload_of(trial.flow.id, content, **header)
        )
        assert (refusal.reason, refusal.metadata["problem"]) == ("FILE_UNREADABLE", problem)
        assert await _scalar(machine, "SELECT count(*) FROM flow_files") == 0

    async def test_the_header_comes_once_and_first(self, machine: Machine) -> None:
        trial = await _begun(machine)
        header, chunk = upload_of(trial.flow.id, b"bees")
        for parts in ([chunk, header], [header, header, chunk], [header, chunk, header], []):
            refusal = await machine.client().refused("UploadFlowFile", parts)
            assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("header",))

    @pytest.mark.parametrize(
        ("header", "field"),
        [
            ({"size_bytes": 0}, "header.size_bytes"),
            ({"size_bytes": 128 * 1024**2 + 1}, "header.size_bytes"),
            ({"sha256": "A" * 64}, "header.sha256"),
            ({"name": "x" * 256}, "header.name"),
        ],
    )
    async def test_a_header_keeps_to_the_contract(
        self, header: dict[str, Any], field: str, machine: Machine
    ) -> None:
        trial = await _begun(machine)
        parts = upload_of(trial.flow.id, b"bees", **header)
        refusal = await machine.client().refused("UploadFlowFile", parts)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", (field,))

    async def test_a_flow_that_asks_for_no_file_takes_none(self, machine: Machine) -> None:
        trial = await _begun(machine)
        await trial.answer("finish")
        refusal = await machine.client().refused(
            "UploadFlowFile", upload_of(trial.flow.id, b"bees")
        )
        assert (refusal.reason, refusal.metadata["problem"]) == (
            "FILE_UNREADABLE",
            "not_supported",
        )


async def _begun(machine: Machine) -> Dialogue:
    return await Dialogue.start(machine.client(), PATH, topic="bees")


def _now() -> Any:
    return clock.now().replace(tzinfo=None)


async def _expire(machine: Machine, flow: Dialogue, minutes_ago: int = 1) -> None:
    async with machine.database.transaction() as tx:
        await tx.execute(
            text("UPDATE flows SET expire_time = :when WHERE id = :id"),
            {"when": clock.now() - timedelta(minutes=minutes_ago), "id": flow.flow.id},
        )


async def _version(machine: Machine, flow: Dialogue) -> int:
    return await _scalar(machine, f"SELECT version FROM flows WHERE id = '{flow.flow.id}'")  # noqa: S608 - an id


async def _scalar(machine: Machine, query: str) -> Any:
    async with machine.database.transaction() as tx:
        return await tx.scalar(text(query))
