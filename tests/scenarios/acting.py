"""What people do in a scenario besides talking with characters."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from tests.scenarios import moderating
from tests.scenarios.props import Props
from tests.session.stage import Person
from tzurot import clock
from tzurot_client import Client, TzurotError
from tzurot_client.gen.tzurot.account.v1 import (
    AgeStanding,
    RevokeAgeVerificationRequest,
    SetAgeStandingRequest,
    SetMaintenanceRequest,
)
from tzurot_client.gen.tzurot.flow.v1 import (
    Flow,
    FlowState,
    StartFlowRequest,
    SubmitFlowRequest,
)
from tzurot_client.gen.tzurot.memory.v1 import DeleteMemoryRequest, ListMemoriesRequest
from tzurot_client.gen.tzurot.session.v1 import (
    AddAlternativeRequest,
    AmbientMessage,
    BranchConversationRequest,
    ChooseMessageRequest,
    DeleteMessageRequest,
    EditMessageRequest,
    ListAlternativesRequest,
    ListConversationsRequest,
    Message,
    MessageRef,
    RecordMessagesRequest,
)

Line = Mapping[str, Any]


async def act(line: Line, person: Person, operator: Client, props: Props) -> None:
    """Do what the line says, and be refused if it says that too."""
    try:
        await _act(line, person, operator, props)
    except TzurotError as error:
        assert error.reason.name == line.get("refused"), error
    else:
        assert "refused" not in line, "it was not refused"


async def _act(line: Line, person: Person, operator: Client, props: Props) -> None:
    match line:
        case {"says_aside": _}:
            await _say_aside(line, person, props)
        case {"looks_at": _}:
            await _look(line, person, props)
        case {"resets": _}:
            await _reset(line, person, props)
        case {"has_remembered": words, "by": name}:
            await _have_remembered(person, words, props.characters[name].slug)
        case {"forgets": words}:
            await _forget(person, words)
        case {"maintenance": told}:
            message = "" if told == "over" else told
            await operator.moderation.set_maintenance(SetMaintenanceRequest(message=message))
        case {"is_taken_for": _} | {"takes_back": _}:
            await _age(line, person, operator)
        case {"decides": _}:
            await moderating.decide_settings(line, person, props)
        case {"denies": _} | {"allows_again": _}:
            await moderating.deny(line, person, operator, props)
        case _ if line.keys() & set(moderating.CHANNEL_VERBS):
            await moderating.decide_who_answers(line, person, props)
        case _:
            await _rewrite(line, person, props)


async def _say_aside(line: Line, person: Person, props: Props) -> None:
    said = AmbientMessage(
        platform_message_id=line.get("as", uuid4().hex),
        author_subject=person.subject,
        author_name=person.name,
        text=line["says_aside"],
        create_time=clock.now(),
    )
    place = props.places.at(line["where"], person)
    request = RecordMessagesRequest(place=place, messages=[said])
    told = await person.client.message.record_messages(request)
    assert told.recorded_count == int(line.get("kept", True))
    if "as" in line:
        props.name(line["as"], place)


async def _rewrite(line: Line, person: Person, props: Props) -> None:
    service = person.client.message
    match line:
        case {"edits": name, "now_reads": text}:
            edit = EditMessageRequest(message=props.message(name), text=text)
            await service.edit_message(edit)
        case {"says_instead_of": name, "now_reads": text}:
            other = AddAlternativeRequest(message=props.message(name), text=text)
            await service.add_alternative(other)
        case {"deletes": name}:
            await service.delete_message(DeleteMessageRequest(message=props.message(name)))
        case {"chooses": name}:
            chosen = await _chosen(line, person, props.message(name))
            await service.choose_message(ChooseMessageRequest(message=chosen))
        case {"branches_after": name}:
            branch = BranchConversationRequest(message=props.message(name))
            await service.branch_conversation(branch)
        case _:
            raise NotImplementedError(line)


async def _alternatives(person: Person, message: MessageRef) -> Sequence[Message]:
    request = ListAlternativesRequest(message=message)
    return (await person.client.message.list_alternatives(request)).messages


async def _chosen(line: Line, person: Person, message: MessageRef) -> MessageRef:
    """The message, or the one beside it that reads so."""
    if "which_reads" not in line:
        return message
    beside = await _alternatives(person, message)
    (found,) = [it for it in beside if it.text == line["which_reads"]]
    return MessageRef(id=found.id)


async def _look(line: Line, person: Person, props: Props) -> None:
    found = await _alternatives(person, props.message(line["looks_at"]))
    if "alternatives" in line:
        assert [it.text for it in found] == line["alternatives"]
    if "chosen" in line:
        assert [it.text for it in found if it.chosen] == [line["chosen"]]


async def _reset(line: Line, person: Person, props: Props) -> None:
    place = props.places.at(line.get("where", "direct"), person)
    request = ListConversationsRequest(personality_id=props.characters[line["resets"]].id)
    listed = (await person.client.session.list_conversations(request)).conversations
    (conversation,) = [it for it in listed if it.place and it.place.channel_id == place.channel_id]
    await person.resets(conversation.id)


async def _have_remembered(person: Person, words: str, slug: str) -> None:
    begin = StartFlowRequest(path="memory add", arguments={"character": slug, "text": words})
    asked = (await person.client.flow.start_flow(begin)).flow or Flow()
    keep = SubmitFlowRequest(flow_id=asked.id, etag=asked.etag, action="keep")
    kept = (await person.client.flow.submit_flow(keep)).flow or Flow()
    assert kept.state is FlowState.DONE


async def _forget(person: Person, words: str) -> None:
    memories = (await person.client.memory.list_memories(ListMemoriesRequest())).memories
    (found,) = [it for it in memories if words in [said.text for said in it.utterances]]
    await person.client.memory.delete_memory(DeleteMemoryRequest(memory_id=found.id))


async def _age(line: Line, person: Person, operator: Client) -> None:
    if "takes_back" in line:
        await person.client.moderation.revoke_age_verification(RevokeAgeVerificationRequest())
        return
    standing = AgeStanding[line["is_taken_for"].upper()]
    said = SetAgeStandingRequest(subject=person.subject, standing=standing)
    await operator.moderation.set_age_standing(said)
