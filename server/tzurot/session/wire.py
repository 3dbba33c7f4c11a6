"""Events, messages, conversations and turns as messages of the contract."""

from typing import assert_never

from tzurot.common.v1 import failure_pb2
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Label
from tzurot.session import said_wire, trace_wire
from tzurot.session.archive import Conversation, Turn
from tzurot.session.delivery import events
from tzurot.session.delivery.events import SkillState
from tzurot.session.said import Place
from tzurot.session.turns import State, Usage
from tzurot.session.v1 import (
    chat_event_pb2,
    conversation_pb2,
    message_pb2,
    turn_pb2,
)
from tzurot.transport.wire import moment, moment_or_none, text_of


def event_to(event: events.ChatEvent) -> chat_event_pb2.ChatEvent:
    """An event."""
    message = chat_event_pb2.ChatEvent(turn_id=str(event.turn_id), sequence=event.sequence)
    match event.kind:
        case events.TextDelta(text):
            message.text_delta.text = text
        case events.TurnStarted() as kind:
            message.started.CopyFrom(_started_to(kind))
        case events.SkillStep(name, state):
            message.skill_step.CopyFrom(_skill_step_to(name, state))
        case events.MemoryCited(memory_id, excerpt, score, when, personality_id, said_by):
            message.memory_cited.CopyFrom(
                chat_event_pb2.MemoryCited(
                    memory_id=str(memory_id),
                    excerpt=excerpt,
                    score=score,
                    occur_time=moment(when),
                    personality_id=text_of(personality_id),
                    speaker_name=said_by,
                )
            )
        case events.FactLearnt(fact_id, text, superseded_text, proposed):
            message.fact_learnt.CopyFrom(
                chat_event_pb2.FactLearnt(
                    fact_id=str(fact_id),
                    text=text,
                    superseded_text=superseded_text,
                    proposed=proposed,
                )
            )
        case events.KnowledgeCited(document_id, title, excerpt, score):
            message.knowledge_cited.CopyFrom(
                chat_event_pb2.KnowledgeCited(
                    document_id=str(document_id), title=title, excerpt=excerpt, score=score
                )
            )
        case events.Notice(failure):
            message.notice.failure.CopyFrom(_failure_to(failure))
        case events.TurnFinished() as kind:
            message.finished.CopyFrom(_finished_to(kind))
        case _ as never:
            assert_never(never)
    return message


def message_to(message: events.StoredMessage) -> message_pb2.Message:
    """A stored message."""
    author = message_pb2.AUTHOR_PERSON if message.by_person else message_pb2.AUTHOR_PERSONALITY
    return message_pb2.Message(
        id=str(message.id),
        conversation_id=str(message.conversation_id),
        parent_id=text_of(message.parent_id),
        turn_id=text_of(message.turn_id),
        author=author,
        author_name=message.author_name,
        text=message.text,
        chosen=message.chosen,
        create_time=moment(message.create_time),
        edit_time=moment_or_none(message.edit_time),
        alternative_count=message.alternative_count,
        platform_message_ids=message.platform_message_ids,
    )


def conversation_to(row: Conversation, personality: Label) -> conversation_pb2.Conversation:
    """A conversation."""
    return conversation_pb2.Conversation(
        id=str(row.id),
        personality_id=str(row.personality_id),
        personality_name=personality.name,
        personality_slug=personality.slug,
        place=said_wire.place_to(
            Place(row.platform, row.space_id, row.channel_id, Venue(row.venue))
        ),
        epoch=row.epoch,
        create_time=moment(row.create_time),
        update_time=moment(row.update_time),
        note=conversation_pb2.ConversationNote(text=row.note.text, depth=row.note.depth)
        if row.note
        else None,
    )


def turn_to(row: Turn) -> turn_pb2.Turn:
    """A turn."""
    failure = (
        failure_pb2.Failure(
            reason=f"ERROR_REASON_{row.failure_reason}", message=row.failure_message or ""
        )
        if row.failure_reason
        else None
    )
    return turn_pb2.Turn(
        id=str(row.id),
        conversation_id=str(row.conversation_id),
        personality_id=str(row.personality_id),
        state=f"TURN_STATE_{State(row.state).name}",
        utterance_message_id=text_of(row.utterance_message_id),
        reply_message_id=text_of(row.reply_message_id),
        failure=failure,
        model=row.model,
        usage=turn_pb2.Usage(
            prompt_token_count=row.prompt_token_count,
            completion_token_count=row.completion_token_count,
            cached_token_count=row.cached_token_count,
            reasoning_token_count=row.reasoning_token_count,
            estimated=row.tokens_estimated,
        ),
        create_time=moment(row.create_time),
        finish_time=moment_or_none(row.finish_time),
        incognito=row.incognito,
    )


def _started_to(kind: events.TurnStarted) -> chat_event_pb2.TurnStarted:
    return chat_event_pb2.TurnStarted(
        conversation_id=str(kind.conversation_id),
        personality_id=str(kind.personality_id),
        personality_name=kind.personality_name,
        personality_slug=kind.personality_slug,
        avatar_sha256=kind.avatar_sha256,
        model=kind.model,
        display_name=kind.display_name,
        replaced_platform_message_ids=kind.replaced_platform_message_ids,
        persona_name=kind.persona_name,
        incognito=kind.incognito,
        fresh=kind.fresh,
    )


def _finished_to(kind: events.TurnFinished) -> chat_event_pb2.TurnFinished:
    return chat_event_pb2.TurnFinished(
        finish_reason=f"FINISH_REASON_{kind.finish.name}",
        message=message_to(kind.message) if kind.message else None,
        failure=_failure_to(kind.failure) if kind.failure else None,
        usage=_usage_to(kind.usage),
        attempts=[trace_wire.attempt_to(call) for call in kind.attempts],
        error_message=kind.error_message,
    )


def _usage_to(usage: Usage) -> turn_pb2.Usage:
    return turn_pb2.Usage(
        prompt_token_count=usage.prompt,
        completion_token_count=usage.completion,
        cached_token_count=usage.cached,
        reasoning_token_count=usage.reasoning,
        estimated=usage.estimated,
    )


def _failure_to(failure: events.Failure) -> failure_pb2.Failure:
    return failure_pb2.Failure(
        reason=f"ERROR_REASON_{failure.reason}",
        message=failure.message,
        metadata=dict(failure.metadata),
    )


def _skill_step_to(name: str, state: SkillState) -> chat_event_pb2.SkillStep:
    return chat_event_pb2.SkillStep(skill_name=name, state=f"SKILL_STEP_STATE_{state.name}")
