"""Usage as messages, and what is asked of it."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from tzurot.transport.wire import datetime_from, duration, moment, text_of
from tzurot.wallet.usage.attempts import Purpose
from tzurot.wallet.usage.usage import Group
from tzurot.wallet.usage.usage_store import Summed
from tzurot.wallet.usage.usage_tables import ModelAttempt
from tzurot.wallet.v1 import usage_pb2

EVER = datetime(2000, 1, 1, tzinfo=UTC)  # before the first record of any server

_GROUPS = {
    usage_pb2.USAGE_GROUPING_UNSPECIFIED: Group.DAY,
    usage_pb2.USAGE_GROUPING_DAY: Group.DAY,
    usage_pb2.USAGE_GROUPING_MODEL: Group.MODEL,
    usage_pb2.USAGE_GROUPING_PERSONALITY: Group.PERSONALITY,
    usage_pb2.USAGE_GROUPING_CONVERSATION: Group.CONVERSATION,
    usage_pb2.USAGE_GROUPING_PURPOSE: Group.PURPOSE,
}
_PAYERS = {
    "own": usage_pb2.USAGE_PAYER_OWN,
    "sponsor": usage_pb2.USAGE_PAYER_SPONSOR,
    "server": usage_pb2.USAGE_PAYER_SERVER,
}
_PURPOSES = {
    Purpose.CHAT: usage_pb2.USAGE_PURPOSE_CHAT,
    Purpose.VISION: usage_pb2.USAGE_PURPOSE_VISION,
    Purpose.EXTRACTION: usage_pb2.USAGE_PURPOSE_EXTRACTION,
    Purpose.SUMMARY: usage_pb2.USAGE_PURPOSE_SUMMARY,
    Purpose.DREAM: usage_pb2.USAGE_PURPOSE_DREAM,
    Purpose.REFLECTION: usage_pb2.USAGE_PURPOSE_REFLECTION,
}


def group_from(number: usage_pb2.UsageGrouping) -> Group:
    """By what to add up."""
    return _GROUPS[number]


def set_moment(stamp: Timestamp, *, is_set: bool) -> datetime | None:
    """A moment that may be left open."""
    return datetime_from(stamp) if is_set else None


def sum_to(it: Summed) -> usage_pb2.UsageSum:
    """What several records add up to."""
    return usage_pb2.UsageSum(
        key=it.key,
        name=it.name,
        attempt_count=it.attempt_count,
        prompt_tokens=it.prompt_tokens,
        completion_tokens=it.completion_tokens,
        cached_tokens=it.cached_tokens,
        reasoning_tokens=it.reasoning_tokens,
        cost_micros=it.cost_micros,
        unpriced_count=it.unpriced_count,
    )


def record_to(row: ModelAttempt) -> usage_pb2.UsageRecord:
    """One request to a provider."""
    return usage_pb2.UsageRecord(
        id=str(row.id),
        create_time=moment(row.create_time),
        payer=_PAYERS[row.payer],
        api_key_id=text_of(row.key_id),
        provider=row.provider,
        model=row.model,
        purpose=_PURPOSES[Purpose(row.purpose)],
        personality_id=str(row.personality_id),
        personality_name=row.personality_name,
        conversation_id=text_of(row.conversation_id),
        turn_id=text_of(row.turn_id),
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        cached_tokens=row.cached_tokens,
        reasoning_tokens=row.reasoning_tokens,
        estimated=row.estimated,
        cost_micros=row.cost_micros,
        input_micros=row.input_micros,
        output_micros=row.output_micros,
        cached_input_micros=row.cached_input_micros,
        latency=duration(row.latency_ms / 1_000),
        outcome=row.outcome,
    )
