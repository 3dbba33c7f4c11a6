"""Models, and who pays for them, as messages."""

from datetime import datetime
from uuid import UUID

from tzurot.common.v1 import failure_pb2
from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.transport.wire import moment_or_none, text_of
from tzurot.wallet import explaining
from tzurot.wallet.plan import Alternative, Plan
from tzurot.wallet.v1 import model_pb2, payment_pb2
from tzurot.wallet.v1 import wallet_service_pb2 as pb

_PROVIDERS = {
    SpeakerKind.CONFIGURED: model_pb2.MODEL_PROVIDER_CONFIGURED,
    SpeakerKind.OPENROUTER: model_pb2.MODEL_PROVIDER_OPENROUTER,
    SpeakerKind.OPENAI: model_pb2.MODEL_PROVIDER_OPENAI,
    SpeakerKind.MISTRAL: model_pb2.MODEL_PROVIDER_MISTRAL,
    SpeakerKind.GEMINI: model_pb2.MODEL_PROVIDER_GEMINI,
    SpeakerKind.COMPATIBLE: model_pb2.MODEL_PROVIDER_COMPATIBLE,
    SpeakerKind.OLLAMA: model_pb2.MODEL_PROVIDER_OLLAMA,
    SpeakerKind.GGUF: model_pb2.MODEL_PROVIDER_GGUF,
    SpeakerKind.BUNDLED: model_pb2.MODEL_PROVIDER_BUNDLED,
}
_POLICIES = {
    DataPolicy.NONE: payment_pb2.DATA_POLICY_NONE,
    DataPolicy.NO_TRAINING: payment_pb2.DATA_POLICY_NO_TRAINING,
    DataPolicy.NO_RETENTION: payment_pb2.DATA_POLICY_NO_RETENTION,
    DataPolicy.LOCAL_ONLY: payment_pb2.DATA_POLICY_LOCAL_ONLY,
}


def model_to(speaker: Speaker, *, speaks: bool, api_key_id: UUID | None = None) -> model_pb2.Model:
    """A model; `speaks` if it may answer the caller, `api_key_id` if their own key pays for it."""
    return model_pb2.Model(
        id=speaker.model,
        provider=_PROVIDERS[speaker.kind],
        context_window_tokens=speaker.context_tokens,
        supports_tools=speaker.supports_tools,
        speaks=speaks,
        api_key_id=text_of(api_key_id),
    )


def payment_to(plan: Plan, now: datetime) -> pb.ExplainPaymentResponse:
    """Every alternative, and what a turn would be refused with."""
    response = pb.ExplainPaymentResponse(
        alternatives=[_alternative_to(it, plan, now) for it in plan.alternatives],
        data_policy=_POLICIES[plan.policy],
    )
    if plan.taken is None:
        refusal = plan.error
        response.refusal.CopyFrom(
            failure_pb2.Failure(
                reason=f"ERROR_REASON_{refusal.reason}",
                message=refusal.message,
                metadata=refusal.metadata,
            )
        )
    return response


def _alternative_to(it: Alternative, plan: Plan, now: datetime) -> payment_pb2.PaymentAlternative:
    candidate = it.candidate
    return payment_pb2.PaymentAlternative(
        route=f"PAYMENT_ROUTE_{it.route.name}",
        provider_name=candidate.speaker.provider if candidate else "",
        model=candidate.speaker.model if candidate else "",
        api_key_id=text_of(candidate.key_id if candidate else None),
        taken=it is plan.taken,
        obstacle=f"PAYMENT_OBSTACLE_{it.obstacle.name}" if it.obstacle else None,
        until_time=moment_or_none(it.until),
        explanation=explaining.explained(it, plan, now),
    )
