"""Answering an interaction: the first response within seconds, once; then edits and follow-ups."""

import time

from tests.fakes.discord.message_payloads import callback_of, message_of
from tests.fakes.discord.platform import Platform
from tests.fakes.discord.posting import amend, fill, publish
from tests.fakes.discord.state import EPHEMERAL, LOADING, Interaction, Message
from tests.fakes.discord.wire import NO_CONTENT, ApiError, Reply, Request, inner, items, unknown

# Discord "Interaction Callback Type"
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, COMPLETIONS, MODAL = 4, 5, 6, 7, 8, 9
COMMAND, COMPONENT, COMPLETION, FORM = 2, 3, 4, 5  # Discord "Interaction Type"
MAX_GUEST_FOLLOWUPS = 5  # Discord "Create Followup Message"
FITTING = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    COMPLETION: (COMPLETIONS,),
    FORM: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}


def respond(platform: Platform, request: Request) -> Reply:
    """The first response (POST …/callback)."""
    interaction = platform.world.interactions.get(request.path["interaction_token"])
    too_late = interaction and time.monotonic() - interaction.issued > platform.terms.answer_within
    if interaction is None or str(interaction.id) != request.path["interaction_id"]:
        raise unknown("interaction", 10062)
    if interaction.callback is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    if too_late:
        raise unknown("interaction", 10062)
    kind = request.body["type"]
    if kind not in FITTING[interaction.kind]:
        raise ApiError(400, 50035, "Invalid Form Body", type="Not for this kind of interaction")
    interaction.callback = kind
    _act(platform, interaction, request)
    if kind not in (DEFERRED, DEFERRED_UPDATE):
        interaction.answered.set()
    platform.notify()
    if request.query.get("with_response", "").lower() not in ("1", "true"):
        return NO_CONTENT
    return Reply(200, callback_of(interaction, platform.world))


def concerns(platform: Platform, request: Request) -> bool:
    """Whether a webhook route is meant for an interaction: told apart by the id alone."""
    return request.path["webhook_id"] == str(platform.world.application_id)


def follow_up(platform: Platform, request: Request) -> Reply:
    """POST /webhooks/{application}/{token}.

    Right after a deferral it edits the loading message instead; whether that is ephemeral was
    decided by the deferral (Discord "Create Followup Message").
    """
    interaction = _open(platform, request)
    if interaction.original and interaction.original.loading:
        amend(platform, interaction.original, request, request.body)
        interaction.answered.set()
        return Reply(200, message_of(interaction.original, platform.world))
    if interaction.by_person and len(interaction.followups) >= MAX_GUEST_FOLLOWUPS:
        raise ApiError(400, 40094, "Follow-up messages of a user-installed app: 5 at most")
    message = _new_message(platform, interaction)
    fill(platform, message, request, request.body)
    interaction.followups.append(message)
    interaction.answered.set()
    publish(platform, message)
    return Reply(200, message_of(message, platform.world))


def find_reply(platform: Platform, request: Request) -> Message:
    """The message that …/messages/@original or …/messages/{id} names."""
    interaction = _open(platform, request)
    wanted = request.path.get("message_id")
    for message in (interaction.original, *interaction.followups):
        if message and not message.deleted and wanted in (None, str(message.id)):
            if request.method != "GET":
                interaction.answered.set()
            return message
    raise unknown("Message", 10008)


def _act(platform: Platform, interaction: Interaction, request: Request) -> None:
    data = inner(request.body, "data")
    if interaction.callback == COMPLETIONS:
        interaction.choices = items(data, "choices")
    if interaction.callback == MODAL:
        interaction.modal = data
    if interaction.callback in (DEFERRED_UPDATE, UPDATE):
        interaction.original = interaction.message
    if interaction.callback == UPDATE and interaction.message:
        amend(platform, interaction.message, request, data)
    if interaction.callback not in (MESSAGE, DEFERRED):
        return
    message = interaction.original = _new_message(platform, interaction)
    if interaction.callback == DEFERRED:
        message.flags = LOADING | ((data.get("flags") or 0) & EPHEMERAL)
        message.write("")
    else:
        fill(platform, message, request, data)
    publish(platform, message)


def _new_message(platform: Platform, interaction: Interaction) -> Message:
    bot = platform.world.bot
    return Message(
        platform.world.ids.next(), interaction.channel, bot, bot.name, interaction=interaction
    )


def _open(platform: Platform, request: Request) -> Interaction:
    """The interaction behind a token, if it has had its response and the token still lives."""
    interaction = platform.world.interactions.get(request.path["webhook_token"])
    if interaction is None or interaction.callback is None:
        raise unknown("Webhook", 10015)
    if time.monotonic() - interaction.issued > platform.terms.token_lifetime:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    return interaction
