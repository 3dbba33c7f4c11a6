"""The machine takes an answer once, and nothing that was entered is lost."""

import asyncio
from typing import Any

import grpc.aio
import pytest
from sqlalchemy import text

from tests.calling import Client, refusal_of
from tests.flow.dialogue import CLOSED, DONE, OPEN, WORKING, Dialogue, create
from tests.flow.trial import PATH, Machine, a_machine

ALL = {"name": "Lilith", "color": "blue", "sides": ["blue", "red"], "sure": "true", "note": "a\nb"}


async def test_answers_that_fit_reach_the_kind_and_a_choice_left_out_stays(
    machine: Machine,
) -> None:
    trial = await _begun(machine)
    view = await trial.answer("save", **ALL)
    assert view.notice == "Saved."
    told = "{'name': ['Lilith'], 'color': ['blue'], 'sides': ['blue', 'red'], "
    assert view.body == told + "'sure': ['true'], 'note': ['a\\nb']}"
    view = await trial.answer("save", name=" Lilith ")
    assert view.body.startswith("{'name': ['Lilith'], 'color': ['red'], 'sides': []")


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "", "This is needed."),
        ("name", "   ", "This is needed."),
        ("name", [], "This is needed."),
        ("name", "x" * 21, "At most 20 characters fit; these are 21."),
        ("name", "a\nb", "Only one line fits here."),
        ("name", ["a", "b"], "Only one value fits here."),
        ("color", "green", "Choose from the list."),
        ("sides", ["red", "red"], "Each one can be chosen once."),
        ("sides", ["red", "green"], "Choose from the list."),
        ("sure", "maybe", "Answer true or false."),
        ("note", "x" * 101, "At most 100 characters fit; these are 101."),
    ],
)
async def test_an_answer_that_does_not_fit_says_why_and_is_kept(
    field: str, value: Any, error: str, machine: Machine
) -> None:
    trial = await _begun(machine)
    entered = ALL | {field: value}
    await trial.answer("save", **entered)
    for key, values in entered.items():
        assert list(trial.field(key).values) == ([values] if isinstance(values, str) else values)
        assert trial.field(key).error == (error if key == field else "")
    assert (trial.view.body, trial.flow.state) == ("", OPEN)
    await trial.look()
    assert trial.field(field).error == error
    view = await trial.answer("save", **{field: ALL[field]})  # the others stand there still
    assert view.notice == "Saved."
    assert [field.error for field in view.fields] == [""] * 6


async def test_what_a_kind_refuses_is_told_and_kept(machine: Machine) -> None:
    trial = await _begun(machine)
    view = await trial.answer("save", name="Nobody", note="mine")
    assert (view.notice, trial.field("name").error) == ("No.", "Somebody, please.")
    assert list(trial.field("note").values) == ["mine"]


async def test_what_was_refused_waits_while_another_answer_is_taken(machine: Machine) -> None:
    trial = await _begun(machine)
    await trial.answer("save", name="Nobody", note="mine")
    await trial.answer("count")
    assert trial.field("name").error == "Somebody, please."
    assert list(trial.field("note").values) == ["mine"]
    assert trial.view.notice == ""
    await trial.answer("save", name="Lilith")
    assert "'note': ['mine']" in trial.view.body
    assert (list(trial.field("note").values), trial.field("name").error) == ([], "")


async def test_an_error_that_another_answer_mends_is_a_notice(machine: Machine) -> None:
    trial = await _begun(machine)
    view = await trial.answer("clash")
    assert "lilith" in view.notice
    assert trial.flow.state == OPEN


@pytest.mark.parametrize(
    ("action", "entered"),
    [
        ("delete", {}),
        ("count", {"name": "Lilith"}),
        ("save", {"name": "Lilith", "file": "x"}),
        ("save", {"item": "1"}),
        ("pick", {}),
        ("pick", {"item": ["1", "1"]}),
        ("close", {"name": "Lilith"}),
    ],
)
async def test_an_action_or_answers_that_are_not_offered_are_refused_and_change_nothing(
    action: str, entered: dict[str, Any], machine: Machine
) -> None:
    trial = await _begun(machine)
    refusal = await trial.refused(action, **entered)
    assert (refusal.reason, refusal.metadata) == ("FLOW_ACTION_UNKNOWN", {"action": action})
    before = trial.flow
    await trial.look()
    assert trial.flow == before


async def test_a_field_that_is_answered_twice_is_refused(machine: Machine) -> None:
    trial = await _begun(machine)
    request = trial.submission("save", name="Lilith")
    request.answers.add(key="name", values=["Kael"])
    refusal = await trial.client.refused("SubmitFlow", request)
    assert refusal.reason == "FLOW_ACTION_UNKNOWN"


async def test_an_item_is_chosen_by_its_key_and_another_one_is_not_there(
    machine: Machine,
) -> None:
    trial = await _begun(machine)
    for key in ("2", ""):
        view = await trial.answer("pick", item=key)
        assert (view.notice, view.body) == ("That is not in the list any more.", "")
    assert (await trial.answer("pick", item="1")).body == "1"


async def test_of_answers_at_the_same_time_one_is_taken(machine: Machine) -> None:
    trial = await _begun(machine)
    request = trial.submission("count")
    answers = await asyncio.gather(
        *(trial.client.call("SubmitFlow", request) for _ in range(6)), return_exceptions=True
    )
    refused = [refusal_of(it) for it in answers if isinstance(it, grpc.aio.AioRpcError)]
    assert [refusal.reason for refusal in refused] == ["ETAG_MISMATCH"] * 5
    assert machine.trial.done == 1


async def test_an_answer_to_what_was_shown_before_is_refused(machine: Machine) -> None:
    trial = await _begun(machine)
    old = trial.submission("count")
    await trial.answer("count")
    refusal = await trial.client.refused("SubmitFlow", old)
    assert refusal.reason == "ETAG_MISMATCH"
    assert refusal.metadata == {"etag": trial.flow.etag}
    assert machine.trial.done == 1


async def test_an_answer_to_another_state_of_the_world_waits_and_says_what_is_there_now(
    machine: Machine,
) -> None:
    machine.trial.world = "of monday"
    trial = await _begun(machine)
    machine.trial.world = "of tuesday"
    view = await trial.answer("save", name="Lilith", color="blue")
    assert view.notice.startswith("This was changed elsewhere")
    assert trial.field("color").error == "It now says: red"
    assert list(trial.field("color").values) == ["blue"]
    assert (await trial.answer("save")).notice == "Saved."


async def test_an_etag_without_its_mark_is_not_enough(machine: Machine) -> None:
    machine.trial.world = "of monday"
    trial = await _begun(machine)
    request = trial.submission("count")
    request.etag = request.etag.partition(".")[0]
    answered = (await trial.client.call("SubmitFlow", request)).flow
    assert answered.view.notice.startswith("This was changed elsewhere")
    assert machine.trial.done == 0


async def test_while_an_answer_is_taken_no_other_one_is(machine: Machine) -> None:
    trial = await _begun(machine)
    first = asyncio.create_task(trial.client.call("SubmitFlow", trial.submission("hang")))
    await asyncio.wait_for(machine.trial.entered.wait(), 60)
    meanwhile = Dialogue(trial.client, trial.flow)
    await meanwhile.look()
    assert (meanwhile.flow.state, meanwhile.actions) == (WORKING, [])
    assert (await meanwhile.refused("count")).reason == "ETAG_MISMATCH"
    machine.trial.gate.set()
    trial.flow = (await first).flow
    assert (trial.flow.state, machine.trial.done) == (OPEN, 1)


async def test_what_an_answer_takes_away_is_not_told_as_lost_before_it_is_taken(
    machine: Machine,
) -> None:
    trial = await _begun(machine)
    first = asyncio.create_task(trial.client.call("SubmitFlow", trial.submission("hang")))
    await asyncio.wait_for(machine.trial.entered.wait(), 60)
    machine.trial.lost = True  # as a character that is being deleted
    meanwhile = Dialogue(trial.client, trial.flow)
    assert (await meanwhile.look()).title == "One moment"
    assert (meanwhile.flow.state, meanwhile.actions) == (WORKING, [])
    machine.trial.gate.set()
    await first
    assert (await meanwhile.watch())[-1].state == DONE


async def test_what_was_done_is_told_until_the_next_answer(mira: Client) -> None:
    lilith = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    asked = edit.view.body
    saved = await edit.answer("identity", nickname="Lil")
    assert (saved.body, saved.notice) == (f"Saved.\n\n{asked}", "")
    assert (await edit.answer("identity", name="")).body == asked


async def test_a_call_that_is_cut_off_leaves_the_flow_open_and_says_so(machine: Machine) -> None:
    trial = await _begun(machine)
    with pytest.raises(grpc.aio.AioRpcError):
        await trial.client.call("SubmitFlow", trial.submission("hang"), 0.3)
    async with asyncio.timeout(60):
        while (await trial.look()).progress.label:
            await asyncio.sleep(0.05)
    assert trial.view.notice.startswith("That was interrupted.")
    assert (await trial.answer("count")).notice == ""


@pytest.mark.parametrize(
    ("action", "reason"), [("break", "INTERNAL"), ("away", "PROVIDER_UNAVAILABLE")]
)
async def test_a_failure_of_the_server_is_told_and_the_flow_can_be_answered_again(
    action: str, reason: str, machine: Machine
) -> None:
    trial = await _begun(machine)
    assert (await trial.refused(action)).reason == reason
    await trial.look()
    assert trial.view.notice.startswith("That was interrupted.")
    await trial.answer("count")
    assert machine.trial.done == 1


async def test_an_answer_whose_process_died_is_not_taken_again_and_the_flow_goes_on(
    machine: Machine, database_url: str
) -> None:
    trial = await _begun(machine)
    first = asyncio.create_task(trial.client.call("SubmitFlow", trial.submission("hang")))
    await asyncio.wait_for(machine.trial.entered.wait(), 60)
    await _run(machine, "UPDATE flows SET draft = jsonb_set(draft, '{claimed_until}', "
                        "'\"2020-01-01T00:00:00+00:00\"')")  # fmt: skip
    async with a_machine(database_url) as other:
        elsewhere = Dialogue(other.client(), trial.flow)
        view = await elsewhere.look()
        assert view.notice.startswith("That was interrupted.")
        await elsewhere.answer("count")
        assert other.trial.done == 1
        machine.trial.gate.set()  # the first one was only slow: it has lost its claim
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await first
        assert refusal_of(error.value).reason == "ETAG_MISMATCH"
        await elsewhere.answer("count")


async def test_a_right_that_is_lost_ends_the_flow(machine: Machine) -> None:
    trial = await _begun(machine)
    machine.trial.lost = True
    shown = trial.submission("count")
    view = await trial.look()
    assert (trial.flow.state, trial.actions) == (DONE, [])
    assert "lilith" in view.body
    ended = (await trial.client.call("SubmitFlow", shown)).flow
    assert (ended.state, machine.trial.done) == (DONE, 0)
    machine.trial.lost = False
    await trial.look()
    assert trial.flow.state == DONE


async def test_a_right_that_is_lost_in_the_last_moment_ends_the_flow(machine: Machine) -> None:
    trial = await _begun(machine)
    view = await trial.answer("lose")
    assert (trial.flow.state, trial.actions) == (DONE, [])
    assert "lilith" in view.body


async def test_a_flow_that_was_closed_or_is_done_shows_how_it_ended(machine: Machine) -> None:
    for action, state, title in (("close", CLOSED, "Closed"), ("finish", DONE, "finished")):
        trial = await _begun(machine)
        await trial.answer(action)
        await trial.look()
        assert (trial.flow.state, trial.view.title) == (state, title)
        assert (trial.actions, list(trial.view.fields)) == ([], [])
        assert (await trial.refused("count")).reason == "FLOW_ACTION_UNKNOWN"


async def test_each_open_view_can_be_closed(machine: Machine) -> None:
    trial = await _begun(machine)
    assert trial.actions[-1] == "close"
    assert trial.actions.count("close") == 1


async def _begun(machine: Machine) -> Dialogue:
    return await Dialogue.start(machine.client(), PATH, topic="bees")


async def _run(machine: Machine, statement: str) -> None:
    async with machine.database.transaction() as tx:
        await tx.execute(text(statement))
