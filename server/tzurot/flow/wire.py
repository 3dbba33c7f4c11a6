"""Flows as messages, and back; and what the contract says of a character's fields."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from buf.validate import validate_pb2
from tzurot.common.v1 import venue_pb2
from tzurot.errors import InvalidField
from tzurot.flow.answering import Answer
from tzurot.flow.drawing import Drawn
from tzurot.flow.files import Header
from tzurot.flow.flows import Beginning
from tzurot.flow.kind import Argument, Command, Kind, Origin
from tzurot.flow.v1 import flow_kind_pb2, flow_pb2, flow_service_pb2
from tzurot.flow.views import (
    Action,
    Asks,
    Choice,
    Document,
    Field,
    Item,
    Progress,
    State,
    Style,
    View,
)
from tzurot.memory.venues import Venue
from tzurot.personality.v1 import personality_pb2
from tzurot.session.said import AgeLimit, Place
from tzurot.session.v1 import place_pb2
from tzurot.transport import uploads
from tzurot.transport.validation import Validation
from tzurot.transport.wire import moment, uuid_or_none

_ASKS = {
    Asks.TEXT: flow_kind_pb2.VALUE_KIND_TEXT,
    Asks.LONG_TEXT: flow_kind_pb2.VALUE_KIND_LONG_TEXT,
    Asks.CHOICE: flow_kind_pb2.VALUE_KIND_CHOICE,
    Asks.CHOICES: flow_kind_pb2.VALUE_KIND_CHOICES,
    Asks.BOOLEAN: flow_kind_pb2.VALUE_KIND_BOOLEAN,
    Asks.FILE: flow_kind_pb2.VALUE_KIND_FILE,
    Asks.SECRET: flow_kind_pb2.VALUE_KIND_SECRET,
}
_STYLES = {
    Style.PRIMARY: flow_pb2.FLOW_ACTION_STYLE_PRIMARY,
    Style.SECONDARY: flow_pb2.FLOW_ACTION_STYLE_SECONDARY,
    Style.DANGER: flow_pb2.FLOW_ACTION_STYLE_DANGER,
}
_STATES = {
    State.OPEN: flow_pb2.FLOW_STATE_OPEN,
    State.WORKING: flow_pb2.FLOW_STATE_WORKING,
    State.DONE: flow_pb2.FLOW_STATE_DONE,
    State.CLOSED: flow_pb2.FLOW_STATE_CLOSED,
}


def kind_to(kind: Kind) -> flow_kind_pb2.FlowKind:
    """An entry of the catalogue."""
    return flow_kind_pb2.FlowKind(
        path=kind.path,
        summary=kind.summary,
        arguments=[_argument_to(argument) for argument in kind.arguments],
        needs_moderator=kind.needs_moderator,
    )


def choice_to(choice: Choice) -> flow_kind_pb2.Choice:
    """A value to choose."""
    return flow_kind_pb2.Choice(
        value=choice.value, label=choice.label, description=choice.description
    )


def flow_to(drawn: Drawn) -> flow_pb2.Flow:
    """A flow as its person sees it."""
    return _flow_to(drawn, _view_to(drawn.view))


def listed_to(drawn: Drawn) -> flow_pb2.Flow:
    """The same in a list: of its view only the title."""
    return _flow_to(drawn, flow_pb2.FlowView(title=drawn.view.title))


def beginning_from(request: flow_service_pb2.StartFlowRequest) -> Beginning:
    """Which flow a request begins."""
    return Beginning(
        path=request.path,
        arguments=dict(request.arguments),
        request_id=uuid_or_none(request.request_id),
        request_hash=hashlib.sha256(request.SerializeToString(deterministic=True)).digest(),
        origin=Origin(
            _place_from(request.place) if request.HasField("place") else None,
            tuple(Command(it.name, it.description) for it in request.client_commands),
        ),
    )


def answer_from(request: flow_service_pb2.SubmitFlowRequest) -> Answer:
    """What a request answers."""
    given = [(answer.key, list(answer.values)) for answer in request.answers]
    return Answer(request.etag, request.action, given)


async def upload_from(parts: AsyncIterator[Any]) -> tuple[Header, AsyncIterator[bytes]]:
    """A file's header, and its bytes as they come.

    Raises:
        InvalidField: the header is not the first part, or, while the bytes are read, not the only.
    """
    header, chunks = await uploads.opened(parts)
    about = Header(UUID(header.flow_id), header.size_bytes, header.sha256, header.name)
    return about, chunks


class CharacterRules:
    """What personality.proto allows in a character's fields, so that no kind states it again."""

    def __init__(self) -> None:
        self._validation = Validation()

    def limit(self, field: str) -> int:
        """The most characters of a field; 0: it has no such rule."""
        options: Any = personality_pb2.Personality.DESCRIPTOR.fields_by_name[field].GetOptions()
        return options.Extensions[validate_pb2.field].string.max_len

    def problems(self, values: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with `values`, by field."""
        try:
            self._validation.check(personality_pb2.Personality(**values))
        except InvalidField as wrong:
            return {path.partition("[")[0]: problem for path, _, problem in wrong.violations}
        return {}


def _place_from(place: place_pb2.Place) -> Place:
    venue = venue_pb2.Venue.Name(place.venue).removeprefix("VENUE_")
    limit = place_pb2.AgeLimit.Name(place.age_limit).removeprefix("AGE_LIMIT_")
    return Place(
        place.platform,
        place.space_id,
        place.channel_id,
        Venue[venue],
        place.parent_channel_id,
        AgeLimit.__members__.get(limit, AgeLimit.UNKNOWN),
    )


def _argument_to(argument: Argument) -> flow_kind_pb2.FlowArgument:
    return flow_kind_pb2.FlowArgument(
        key=argument.key,
        summary=argument.summary,
        kind=_ASKS[argument.asks],
        required=argument.required,
        completes=argument.completes or bool(argument.choices),
        choices=[choice_to(choice) for choice in argument.choices],
    )


def _flow_to(drawn: Drawn, view: flow_pb2.FlowView) -> flow_pb2.Flow:
    return flow_pb2.Flow(
        id=str(drawn.flow.id),
        etag=drawn.etag,
        path=drawn.flow.path,
        state=_STATES[drawn.state],
        view=view,
        create_time=moment(drawn.flow.create_time),
        expire_time=moment(drawn.flow.expire_time),
    )


def _view_to(view: View) -> flow_pb2.FlowView:
    return flow_pb2.FlowView(
        title=view.title,
        body=view.body,
        fields=[_field_to(field) for field in view.fields],
        items=[_item_to(item) for item in view.items],
        actions=[_action_to(action) for action in view.actions],
        item_action=view.item_action,
        progress=_progress_to(view.progress) if view.progress else None,
        notice=view.notice,
        message_id=view.message_id,
        document=_document_to(view.document) if view.document else None,
    )


def _document_to(document: Document) -> flow_pb2.FlowDocument:
    return flow_pb2.FlowDocument(name=document.name, content=document.content)


def _field_to(field: Field) -> flow_pb2.FlowField:
    long = field.asks in {Asks.TEXT, Asks.LONG_TEXT, Asks.SECRET}
    return flow_pb2.FlowField(
        key=field.key,
        label=field.label,
        description=field.description,
        kind=_ASKS[field.asks],
        values=field.values,
        choices=[choice_to(choice) for choice in field.choices],
        required=field.required,
        max_length=field.max_length if long else 0,
        error=field.error,
    )


def _item_to(item: Item) -> flow_pb2.FlowItem:
    return flow_pb2.FlowItem(key=item.key, title=item.title, text=item.text)


def _action_to(action: Action) -> flow_pb2.FlowAction:
    return flow_pb2.FlowAction(
        key=action.key, label=action.label, style=_STYLES[action.style], asks=action.asks
    )


def _progress_to(progress: Progress) -> flow_pb2.FlowProgress:
    return flow_pb2.FlowProgress(
        label=progress.label, done_count=progress.done, total_count=progress.total
    )
