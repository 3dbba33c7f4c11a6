"""Models, what is asked of them, and who pays for them, as messages."""

from datetime import datetime

from tzurot.common.v1 import failure_pb2
from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.speaker import SpeakerKind
from tzurot.transport.wire import moment, moment_or_none, text_of
from tzurot.wallet import explaining
from tzurot.wallet.browsing import Offer, Order, Wanted
from tzurot.wallet.catalogue.entry import Modality, Source
from tzurot.wallet.catalogue.price import Price
from tzurot.wallet.plan import Alternative, Plan
from tzurot.wallet.v1 import model_pb2, payment_pb2
from tzurot.wallet.v1 import wallet_service_pb2 as pb

_PROVIDERS = {
    SpeakerKind.CONFIGURED: model_pb2.MODEL_PROVIDER_CONFIGURED,
    SpeakerKind.OPENROUTER: model_pb2.MODEL_PROVIDER_OPENROUTER,
    SpeakerKind.OPENAI: model_pb2.MODEL_PROVIDER_OPENAI,
    SpeakerKind.MISTRAL: model_pb2.MODEL_PROVIDER_MISTRAL,
    SpeakerKind.GEMINI: model_pb2.MODEL_PROVIDER_GEMINI,
    SpeakerKind.ANTHROPIC: model_pb2.MODEL_PROVIDER_ANTHROPIC,
    SpeakerKind.COMPATIBLE: model_pb2.MODEL_PROVIDER_COMPATIBLE,
    SpeakerKind.OLLAMA: model_pb2.MODEL_PROVIDER_OLLAMA,
    SpeakerKind.GGUF: model_pb2.MODEL_PROVIDER_GGUF,
    SpeakerKind.BUNDLED: model_pb2.MODEL_PROVIDER_BUNDLED,
}
_KINDS = {number: kind for kind, number in _PROVIDERS.items()}
_MODALITIES = {
    Modality.TEXT: model_pb2.MODEL_MODALITY_TEXT,
    Modality.IMAGE: model_pb2.MODEL_MODALITY_IMAGE,
    Modality.AUDIO: model_pb2.MODEL_MODALITY_AUDIO,
    Modality.VIDEO: model_pb2.MODEL_MODALITY_VIDEO,
    Modality.FILE: model_pb2.MODEL_MODALITY_FILE,
}
_TAKEN = {number: modality for modality, number in _MODALITIES.items()}
_SOURCES = {
    Source.LIST: model_pb2.MODEL_SOURCE_LIST,
    Source.SNAPSHOT: model_pb2.MODEL_SOURCE_SNAPSHOT,
    Source.SERVER: model_pb2.MODEL_SOURCE_SERVER,
}
_ORDERS = {
    pb.MODEL_ORDER_PRICE: Order.PRICE,
    pb.MODEL_ORDER_CONTEXT: Order.CONTEXT,
    pb.MODEL_ORDER_NAME: Order.NAME,
}
_POLICIES = {
    DataPolicy.NONE: payment_pb2.DATA_POLICY_NONE,
    DataPolicy.NO_TRAINING: payment_pb2.DATA_POLICY_NO_TRAINING,
    DataPolicy.NO_RETENTION: payment_pb2.DATA_POLICY_NO_RETENTION,
    DataPolicy.LOCAL_ONLY: payment_pb2.DATA_POLICY_LOCAL_ONLY,
}


def kind_from(provider: model_pb2.ModelProvider) -> SpeakerKind | None:
    """Where a model runs; None: it is not said."""
    return _KINDS.get(provider)


def provider_to(kind: SpeakerKind | None) -> model_pb2.ModelProvider:
    """The same as a message."""
    return _PROVIDERS[kind] if kind else model_pb2.MODEL_PROVIDER_UNSPECIFIED


def wanted_from(request: pb.ListModelsRequest) -> Wanted:
    """What a request looks for."""
    return Wanted(
        query=request.query,
        kind=kind_from(request.provider),
        max_price_micros=(
            request.max_price_micros if request.HasField("max_price_micros") else None
        ),
        min_context_tokens=request.min_context_tokens,
        input_modality=_TAKEN.get(request.input_modality),
        free_only=request.free_only,
        tools_only=request.tools_only,
        speaking_only=request.speaking_only,
        order=_ORDERS.get(request.order, Order.ASKED),
    )


def filters_of(request: pb.ListModelsRequest) -> dict[str, str]:
    """What a page token is bound to."""
    asked = pb.ListModelsRequest()
    asked.CopyFrom(request)
    asked.ClearField("page_size")
    asked.ClearField("page_token")
    return {"models": asked.SerializeToString(deterministic=True).hex()}


def model_to(offer: Offer) -> model_pb2.Model:
    """A model as somebody sees it."""
    it = offer.entry
    told = model_pb2.Model(
        id=it.id,
        provider=_PROVIDERS[offer.kind],
        context_window_tokens=it.context_tokens or 0,
        supports_tools=bool(it.supports_tools),
        speaks=offer.speaks,
        api_key_id=text_of(offer.key_id),
        provider_name=it.provider,
        name=it.name,
        max_output_tokens=it.reply_tokens or 0,
        input_modalities=[_MODALITIES[one] for one in it.inputs or ()],
        output_modalities=[_MODALITIES[one] for one in it.outputs or ()],
        supported_parameters=it.parameters or (),
        price=_price_to(it.price) if it.price else None,
        as_of_time=moment(it.read_time),
        source=_SOURCES[it.source],
    )
    if it.supports_reasoning is not None:
        told.supports_reasoning = it.supports_reasoning
    if it.supports_structured_output is not None:
        told.supports_structured_output = it.supports_structured_output
    return told


def _price_to(price: Price) -> model_pb2.ModelPrice:
    return model_pb2.ModelPrice(
        input_micros=price.input_micros,
        output_micros=price.output_micros,
        cached_input_micros=price.cached_input_micros,
        request_micros=price.request_micros,
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
        api_key_id=text_of(candidate.own_key_id if candidate else None),
        taken=it is plan.taken,
        obstacle=f"PAYMENT_OBSTACLE_{it.obstacle.name}" if it.obstacle else None,
        until_time=moment_or_none(it.until),
        explanation=explaining.explained(it, plan, now),
    )
