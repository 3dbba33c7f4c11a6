"""How a command ends when it can't do what was asked: one sentence for a person, one exit code.

0 done, 2 the caller can mend it (the sentence says how), 1 anything else.
"""

from collections.abc import Mapping

from grpclib.const import Status

from tzurot_cli.profiles import Target
from tzurot_client import DeadlineExceeded, TzurotError, Unauthenticated, Unavailable
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, Failure

MENDABLE = 2
FAILED = 1

# What to do about it, told after what it is; words in braces are the error's metadata.
_ADVICE: Mapping[ErrorReason, str] = {
    ErrorReason.SCOPE_MISSING: "use a token that has it (`tzurot token create --scope {scope} …`)",
    ErrorReason.SUBJECT_DENIED: "leave out --as, or use a token that may act for this subject",
    ErrorReason.NOT_EDITOR: "make a character of your own with `tzurot personality create`",
    ErrorReason.PERSONALITY_NOT_FOUND: "`tzurot personality list` shows all that you can talk with",
    ErrorReason.MEMORY_NOT_FOUND: "`tzurot memory list` shows yours",
    ErrorReason.ALIAS_NOT_FOUND: "`tzurot personality alias list` shows yours",
    ErrorReason.CONVERSATION_NOT_FOUND: "`tzurot conversation list` shows yours",
    ErrorReason.TURN_NOT_FOUND: "`tzurot turn list` shows yours",
    ErrorReason.API_KEY_NOT_FOUND: "`tzurot wallet key list` shows yours",
    ErrorReason.SERVICE_TOKEN_NOT_FOUND: "`tzurot token list` shows all",
    ErrorReason.API_KEY_REJECTED: "start the server with a key that it accepts",
    ErrorReason.MODEL_NOT_FOUND: "start the server with one that it knows (TZUROT_MODEL)",
    ErrorReason.NO_PAYING_KEY: "`tzurot model list` says how to get a model",
    ErrorReason.FLOW_NOT_FOUND: "`tzurot flow open` shows yours",
    ErrorReason.FLOW_EXPIRED: "begin it again with `tzurot flow run`",
    ErrorReason.FLOW_KIND_NOT_FOUND: "`tzurot flow list` shows all",
    ErrorReason.FLOW_ACTION_UNKNOWN: "`tzurot flow show` shows what can be done",
    ErrorReason.ETAG_MISMATCH: "run the command again",
}
# The same where it is the caller's own key, which they brought.
_ADVICE_ABOUT_OWN: Mapping[ErrorReason, str] = {
    ErrorReason.API_KEY_REJECTED: "compare it with the one there, or make a new one",
}
# Sentences of the command line's own, where it knows better than the server what to do.
_SENTENCES: Mapping[ErrorReason, str] = {
    ErrorReason.SLUG_TAKEN: (
        "Another character already uses the slug `{slug}`: choose another one with --slug."
    ),
    ErrorReason.ATTACHMENT_NOT_FOUND: "What you attached has expired: attach it again.",
    ErrorReason.API_KEY_NAME_TAKEN: (
        "You have a key called `{name}` at this provider already: choose another one with --name."
    ),
    ErrorReason.ETAG_MISMATCH: "It was changed by somebody else just now: run the command again.",
}
_MENDABLE_REASONS = frozenset(_ADVICE) | {
    ErrorReason.INVALID_FIELD,
    ErrorReason.PAGE_TOKEN_INVALID,
    ErrorReason.PAGE_TOKEN_MISMATCH,
    ErrorReason.REQUEST_ID_REUSED,
    ErrorReason.UPDATE_MASK_INVALID,
    ErrorReason.AVATAR_NOT_FOUND,
    ErrorReason.SLUG_TAKEN,
    ErrorReason.CONTEXT_TOO_SMALL,
}
_MENDABLE_STATUSES = frozenset(
    {
        Status.INVALID_ARGUMENT,
        Status.PERMISSION_DENIED,
        Status.NOT_FOUND,
        Status.ALREADY_EXISTS,
        Status.FAILED_PRECONDITION,
    }
)


class CommandFailed(Exception):
    """The command ends here: `sentence` goes to stderr, `code` to whoever called."""

    def __init__(self, sentence: str, code: int = MENDABLE, reason: str = "") -> None:
        """`reason` is a word for programs, the contract's where a call failed."""
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
        self.code = code


def of_call(error: TzurotError, target: Target) -> CommandFailed:
    """What a failed call means for somebody at a command line."""
    match error:
        case Unavailable(reason=ErrorReason.UNSPECIFIED):
            return CommandFailed(
                f"No server answers at {target.address}: start one with `make up`,"
                " or name another with --address."
            )
        case DeadlineExceeded(reason=ErrorReason.UNSPECIFIED):
            sentence = f"The server at {target.address} did not answer in time: try again later."
            return CommandFailed(sentence, FAILED)
        case Unauthenticated():
            return CommandFailed(
                f"The server at {target.address} does not accept {target.token_source}:"
                " give a valid one with --token or TZUROT_TOKEN."
            )
        case _:
            told = of_failure(Failure(error.reason, error.message, error.metadata))
            mendable = told.code == MENDABLE or error.status in _MENDABLE_STATUSES
            code = MENDABLE if mendable else FAILED
            return CommandFailed(told.sentence, code, error.reason.name or "")


def of_failure(failure: Failure) -> CommandFailed:
    """What a failure told inside a message means."""
    code = MENDABLE if failure.reason in _MENDABLE_REASONS else FAILED
    words = {key: str(value) for key, value in failure.metadata.items()}
    if own := _SENTENCES.get(failure.reason):
        return CommandFailed(own.format_map(_Words(words)), code)
    sentence = failure.message or "It failed."
    own_key = words.get("whose") == "caller"
    if advice := (_ADVICE_ABOUT_OWN if own_key else _ADVICE).get(failure.reason):
        sentence = f"{sentence.rstrip('.')}: {advice.format_map(_Words(words))}."
    return CommandFailed(sentence, code)


class _Words(dict[str, str]):
    """Metadata for a sentence: what a server left out shows as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"
