"""What people read when something fails: one sentence for each reason."""

import time
from collections.abc import Mapping
from typing import Final

from tzurot_client.errors import DeadlineExceeded, TzurotError, Unavailable
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, Failure

NOBODY_ACTIVE: Final = "Nobody is active here: say who it is to be with `character`."
NO_GREETING: Final = "It has no greeting: say something with `message`."
NOBODY_ADDRESSED: Final = "I don't know whom you mean: begin with `@` and a character's name."
NOTHING_TO_READ: Final = "I can only read text."
NOTHING_READABLE: Final = (
    "Characters are active here, but I can't read what you write: I have no Message Content intent."
    " Mention me by my own name, or use `/chat`."
)
WEBHOOKS_FORBIDDEN: Final = (
    "-# Characters have names and faces of their own here if I get the permission Manage Webhooks."
)
WEBHOOKS_FULL: Final = (
    "-# This channel has 15 webhooks, as many as there can be. Delete one, and characters have"
    " names and faces of their own here."
)
CUT: Final = "…\n-# It goes on, but more I can't show here."
NOT_A_REPLY: Final = "That isn't a character's reply."
NOTHING_RUNS: Final = "Nobody is answering you here at the moment."
NOTHING_SAID: Final = "Nobody had anything to say."
STOPPED: Final = "Stopped."
MORE_LEARNT: Final = "-# and {count} more: `/memory facts`"
DELETED: Final = "Deleted, with what was remembered of it."
NOT_A_MODERATOR: Final = "You may not do that in this channel: ask somebody who moderates it."
INTERRUPTED: Final = "This reply was interrupted: say it again for a whole one."
RESTARTING: Final = "I'm restarting. Try again in a minute."
NO_SUCH_CHARACTER: Final = "I know no such character, or it isn't for you."
NOT_HERE: Final = "I can't talk in this kind of channel."
NOT_MINE: Final = "This button is not mine, or from before I was set up anew. Begin again."
CHANGED: Final = "This has changed meanwhile. This is how it stands now."
TRY_AGAIN: Final = "My server didn't answer in time. Try again."
NOT_DRAWABLE: Final = "This asks something that Discord has no form for."
FILE_NOT_TAKEN: Final = "Nothing here takes a file: what you attached was left aside."
FILE_TOO_LARGE: Final = "That file is too large: 128 MiB at most."
FILE_EMPTY: Final = "That file is empty."
LEFT_OUT_LARGE: Final = "-# Left out, as larger than 25 MB: {names}."
LEFT_OUT_UNREADABLE: Final = "-# Left out, as I can't read such files: {names}."
LEFT_OUT_LOST: Final = "-# Left out, as I couldn't fetch it from Discord: {names}."
LEFT_OUT_TOO_MANY: Final = "-# Left out, as I take ten files at once: {names}."
NOT_HEARD: Final = "-# I can't listen to voice messages yet. That comes later."
FILE_LOST: Final = "I couldn't fetch that file from Discord. Try again."
ELSEWHERE: Final = "I can't send you direct messages, so the result of this waits here for you."
BROKEN: Final = "Something broke on my side. Try again in a moment."

_UNREACHABLE: Final = "I can't reach my server at the moment. Try again in a minute."
_TOO_SLOW: Final = "This took too long. Try again."
_MISCONFIGURED: Final = "I'm not set up to answer you. Please tell whoever runs this bot."

_SENTENCES: Final[Mapping[ErrorReason, str]] = {
    ErrorReason.TOKEN_MISSING: _MISCONFIGURED,
    ErrorReason.TOKEN_INVALID: _MISCONFIGURED,
    ErrorReason.TOKEN_EXPIRED: _MISCONFIGURED,
    ErrorReason.SCOPE_MISSING: _MISCONFIGURED,
    ErrorReason.SUBJECT_DENIED: "I may not answer you here.",
    ErrorReason.PERSONALITY_NOT_FOUND: NO_SUCH_CHARACTER,
    ErrorReason.API_KEY_REJECTED: "The provider refuses the key: your own, if you brought one.",
    ErrorReason.API_KEY_LACKS_CREDIT: "Nothing is left on the key: add credit, if it is yours.",
    ErrorReason.MASTER_KEY_MISSING: "I can't open your own key. Please tell whoever runs this bot.",
    ErrorReason.DATA_POLICY_FORBIDS: "No model here keeps to what is demanded of your words.",
    ErrorReason.DATA_POLICY_UNMET: "The provider can't keep to what is demanded of your words.",
    ErrorReason.MODEL_NOT_FOUND: "The model that should answer doesn't exist any more.",
    ErrorReason.CONTEXT_TOO_SMALL: "That is more than the model can read at once: say less.",
    ErrorReason.NO_PAYING_KEY: "No model may answer you here: nobody pays for it.",
    ErrorReason.PROVIDER_QUOTA: "The model's provider wants a break. Try again in a few minutes.",
    ErrorReason.PROVIDER_UNAVAILABLE: "The model can't be reached. Try again in a moment.",
    ErrorReason.PROVIDER_TIMEOUT: "The model took too long. Try again.",
    ErrorReason.INTERNAL: BROKEN,
    ErrorReason.REQUEST_ID_REUSED: BROKEN,
    ErrorReason.CONVERSATION_NOT_FOUND: "There is no such conversation any more.",
    ErrorReason.TURN_NOT_FOUND: "I know nothing of that reply any more, or it isn't yours.",
    ErrorReason.MESSAGE_NOT_FOUND: "I know nothing of that message, or it isn't yours.",
    ErrorReason.ATTACHMENT_NOT_FOUND: "I no longer have what you attached. Send it again.",
    ErrorReason.MESSAGE_NOT_KEPT: "Nothing of that was kept: you were incognito.",
    ErrorReason.INCOGNITO: "You are incognito: nothing new is kept of what was said before.",
    ErrorReason.OTHERS_FOLLOWED: "Others have gone on talking since: that can't be changed now.",
    ErrorReason.BUDGET_EXHAUSTED: (
        "This would take more than is left of {budget}. `/wallet usage` shows yours."
    ),
    ErrorReason.SPONSOR_CAP_REACHED: (
        "This would take more than is left of {budget}. `/wallet keys` takes one of your own."
    ),
    ErrorReason.RATE_LIMITED: "That was too much at once. Go on {when}.",
    ErrorReason.MAINTENANCE: "I'm being worked on. {message}",
    ErrorReason.AGE_VERIFICATION_REQUIRED: (
        "This character is for adults. Write something to it in an age-restricted channel of a"
        " server: then I know that you are one, and it answers you here as well."
    ),
    ErrorReason.PLACE_NOT_AGE_RESTRICTED: (
        "This character is for adults: it answers in age-restricted channels only."
    ),
    ErrorReason.STORAGE_UNAVAILABLE: "My memory is out of reach. Try again in a moment.",
    ErrorReason.DRAINING: RESTARTING,
    ErrorReason.TURN_INTERRUPTED: INTERRUPTED,
    ErrorReason.FLOW_KIND_NOT_FOUND: "This command no longer exists, or it isn't for you.",
    ErrorReason.FLOW_NOT_FOUND: "This isn't yours, or it no longer exists. Begin your own.",
    ErrorReason.FLOW_EXPIRED: "Nobody answered this in time, so it has ended. Begin it again.",
    ErrorReason.FLOW_ACTION_UNKNOWN: "That can't be done any more. This is how it stands now.",
    ErrorReason.ETAG_MISMATCH: CHANGED,
}
STALE: Final = (ErrorReason.FLOW_ACTION_UNKNOWN, ErrorReason.ETAG_MISMATCH)
"""What was answered is no longer what is asked: showing the current state helps."""
_TOLD_BY: Final = {  # which command says why another model answers
    ErrorReason.ANSWERED_BY_ANOTHER: "/wallet explain",
    ErrorReason.PRESET_MODEL_REPLACED: "/preset browse",
}
ABOUT_AGE: Final = (
    ErrorReason.AGE_VERIFICATION_REQUIRED,
    ErrorReason.PLACE_NOT_AGE_RESTRICTED,
)


def meanwhile(notice: Failure) -> str:
    """That another model answers. Why is its person's business: others read it, too."""
    told_by = _TOLD_BY.get(notice.reason)
    if not told_by:
        return ""
    return f"{notice.metadata.get('model', 'another model')} answers: `{told_by}` says why"


def sentence_for(error: TzurotError) -> str:
    """What to say about a call that failed."""
    if error.reason in _SENTENCES:
        return _filled(error.reason, error.metadata)
    match error:
        case Unavailable():
            return _UNREACHABLE
        case DeadlineExceeded():
            return _TOO_SLOW
        case _:
            return BROKEN


def is_told(error: TzurotError) -> bool:
    """Whether somebody was told the same a moment ago, so that saying it again is noise."""
    return error.metadata.get("told") == "true"


def sentence_of_flow(error: TzurotError) -> str:
    """What to say about an answer that was refused: what we have no sentence for, the server has.

    In the contract's Markdown.
    """
    ours = error.reason in _SENTENCES or error.reason is ErrorReason.UNSPECIFIED
    return sentence_for(error) if ours else error.message


def sentence_about(failure: Failure | None) -> str:
    """What to say about a turn that failed."""
    if failure is None or failure.reason not in _SENTENCES:
        return BROKEN
    return _filled(failure.reason, failure.metadata)


def _filled(reason: ErrorReason, words: Mapping[str, str]) -> str:
    """The sentence with its dynamic words; a time as Discord shows it to each in their own."""
    seconds = words.get("retry_seconds", "")
    when = f"<t:{int(time.time()) + int(seconds)}:R>" if seconds.isdecimal() else "in a while"
    message, budget = words.get("message", ""), _budget(words)
    return _SENTENCES[reason].format(when=when, message=message, budget=budget).strip()


def _budget(words: Mapping[str, str]) -> str:
    """Which one it is, its cap and until when, where all that is known."""
    if not {"budget", "cap", "period", "reset_time"} <= words.keys():
        return "a budget"
    return "{budget} of {cap} a {period}, until {reset_time}".format_map(words)
