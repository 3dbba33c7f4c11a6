"""Everything that can go wrong and is expected to, in one tree.

    TzurotError
    ├── InvalidArgument      InvalidField PageTokenInvalid PageTokenMismatch RequestIdReused
    │                        UpdateMaskInvalid FileUnreadable AddressRefused PersonalityNeeded
    │                        FlowActionUnknown ConfirmationInvalid ConfirmationMismatch
    ├── Unauthenticated      TokenMissing TokenInvalid TokenExpired
    ├── PermissionDenied     ScopeMissing SubjectDenied NotEditor NotOwner DefinitionHidden
    │                        NotLorebookEditor AgeVerificationRequired PlaceNotAgeRestricted
    ├── NotFound             PersonalityNotFound AvatarNotFound MemoryNotFound
    │                        ConversationNotFound TurnNotFound ServiceTokenNotFound
    │                        LorebookNotFound DocumentNotFound UnclaimedMemoriesNotFound
    │                        MemoryClaimNotFound PersonaNotFound FlowKindNotFound FlowNotFound
    │                        LorebookEntryNotFound AliasNotFound SettingNotFound
    │                        MessageNotFound AttachmentNotFound PersonalityNotActive
    │                        DenialNotFound DreamNotFound FactNotFound MessageNotKept
    │                        ApiKeyNotFound ModelNotListed SponsorNotFound PresetNotFound
    ├── AlreadyExists        SlugTaken AliasTaken ApiKeyNameTaken PresetNameTaken
    ├── FailedPrecondition   ApiKeyRejected ModelNotFound ContextTooSmall NoPayingKey
    │                        PersonaIsDefault FlowExpired OwnerHasAllRoles LimitReached
    │                        OthersFollowed ConfirmationExpired ConfirmationUsed
    │                        NothingToRestore Incognito ApiKeyLacksPermission
    │                        ApiKeyLacksCredit MasterKeyMissing DataPolicyForbids
    │                        DataPolicyUnmet SponsorKeyUnsuitable
    ├── Aborted              EtagMismatch TurnInterrupted ImportOutdated
    ├── ResourceExhausted    ProviderQuota RateLimited BudgetExhausted BudgetReached
    │                        SponsorCapReached
    ├── Unavailable          ProviderUnavailable StorageUnavailable Draining IndexUnavailable
    │                        UnderMaintenance AnsweredByAnother PresetModelReplaced
    ├── DeadlineExceeded     ProviderTimeout
    └── Internal
    StartupError             what the operator has to mend before the server can run

A leaf is one `ErrorReason` of the contract. Its docstring is its message; words in braces are its
metadata. `transport/errors.py` turns leaves into statuses.
"""

from datetime import timedelta
from inspect import cleandoc
from typing import ClassVar


class TzurotError(Exception):
    """Something went wrong."""

    reason: ClassVar[str]

    def __init__(self, **metadata: str) -> None:
        self.metadata = metadata
        super().__init__(cleandoc(type(self).__doc__ or "").format_map(metadata))

    @property
    def message(self) -> str:
        """One sentence for a person."""
        return str(self.args[0])


class InvalidArgument(TzurotError):
    """The request is wrong whatever the state of the server."""


class InvalidField(InvalidArgument):
    """{field}: {problem}."""

    reason = "INVALID_FIELD"

    def __init__(self, violations: list[tuple[str, str, str]]) -> None:
        """Each violation is (field path, rule id, what is wrong)."""
        self.violations = violations
        field, _, problem = violations[0]
        super().__init__(field=field, problem=problem.rstrip("."))


class PageTokenInvalid(InvalidArgument):
    """The page token is not one of this server's: start from the first page."""

    reason = "PAGE_TOKEN_INVALID"


class PageTokenMismatch(InvalidArgument):
    """The page token belongs to a list with other filters: start from the first page."""

    reason = "PAGE_TOKEN_MISMATCH"


class RequestIdReused(InvalidArgument):
    """The request id {request_id} was used before for something else: make a new one."""

    reason = "REQUEST_ID_REUSED"

    def __init__(self, request_id: object) -> None:
        super().__init__(request_id=str(request_id))


class UpdateMaskInvalid(InvalidArgument):
    """The update mask must not name `{path}`: it is unknown, output only, or a wildcard."""

    reason = "UPDATE_MASK_INVALID"

    def __init__(self, path: str) -> None:
        super().__init__(path=path)


class ConfirmationInvalid(InvalidArgument):
    """This is no confirmation that you were given: look at the preview first."""

    reason = "CONFIRMATION_INVALID"


class ConfirmationMismatch(InvalidArgument):
    """The confirmation is for another request: send what the preview showed, or look again."""

    reason = "CONFIRMATION_MISMATCH"


class FileUnreadable(InvalidArgument):
    """{sentence}."""

    reason = "FILE_UNREADABLE"

    def __init__(self, problem: str, sentence: str) -> None:
        super().__init__(problem=problem, sentence=sentence.rstrip("."))


class AddressRefused(InvalidArgument):
    """{sentence}."""

    reason = "ADDRESS_REFUSED"

    def __init__(self, problem: str, sentence: str) -> None:
        super().__init__(problem=problem, sentence=sentence.rstrip("."))


class PersonalityNeeded(InvalidArgument):
    """The file does not say for which character its {kind} is: name one."""

    reason = "PERSONALITY_NEEDED"

    def __init__(self, kind: str) -> None:
        super().__init__(kind=kind)


class FlowActionUnknown(InvalidArgument):
    """The flow offers no action `{action}`, or it asks other answers: read the flow again."""

    reason = "FLOW_ACTION_UNKNOWN"

    def __init__(self, action: str) -> None:
        super().__init__(action=action)


class Unauthenticated(TzurotError):
    """The caller is not known."""


class TokenMissing(Unauthenticated):
    """The call carries no service token: send it as `authorization: Bearer …`."""

    reason = "TOKEN_MISSING"


class TokenInvalid(Unauthenticated):
    """The service token is unknown or was revoked."""

    reason = "TOKEN_INVALID"


class TokenExpired(Unauthenticated):
    """The service token has expired."""

    reason = "TOKEN_EXPIRED"


class PermissionDenied(TzurotError):
    """The caller may see the thing but not do this to it."""


class ScopeMissing(PermissionDenied):
    """The service token lacks the scope `{scope}`."""

    reason = "SCOPE_MISSING"

    def __init__(self, scope: str) -> None:
        super().__init__(scope=scope)


class SubjectDenied(PermissionDenied):
    """`{subject}` is denied: the token may not act for it, or it is not answered here."""

    reason = "SUBJECT_DENIED"

    def __init__(self, subject: str) -> None:
        super().__init__(subject=subject)


class NotEditor(PermissionDenied):
    """Only its owner and its editors may change `{personality}`."""

    reason = "NOT_EDITOR"

    def __init__(self, personality: str) -> None:
        super().__init__(personality=personality)


class NotOwner(PermissionDenied):
    """Only its owner may do this with `{personality}`."""

    reason = "NOT_OWNER"

    def __init__(self, personality: str) -> None:
        super().__init__(personality=personality)


class DefinitionHidden(PermissionDenied):
    """The definition of `{personality}` is not shown to you; its owner can make you a viewer."""

    reason = "DEFINITION_HIDDEN"

    def __init__(self, personality: str) -> None:
        super().__init__(personality=personality)


class NotLorebookEditor(PermissionDenied):
    """You may read the lorebook {lorebook_id}, but not do this to it."""

    reason = "NOT_LOREBOOK_EDITOR"

    def __init__(self, lorebook_id: object) -> None:
        super().__init__(lorebook_id=str(lorebook_id))


class AgeVerificationRequired(PermissionDenied):
    """`{personality}` is for adults: speak once where only adults are let in, and it answers."""

    reason = "AGE_VERIFICATION_REQUIRED"

    def __init__(self, personality: str) -> None:
        super().__init__(personality=personality)


class PlaceNotAgeRestricted(PermissionDenied):
    """`{personality}` is for adults and this place lets everybody in: it does not speak here."""

    reason = "PLACE_NOT_AGE_RESTRICTED"

    def __init__(self, personality: str) -> None:
        super().__init__(personality=personality)


class NotFound(TzurotError):
    """There is no such thing, or none that the caller may see."""


class PersonalityNotFound(NotFound):
    """There is no character `{personality}`, or you may not see it."""

    reason = "PERSONALITY_NOT_FOUND"

    def __init__(self, personality: object) -> None:
        super().__init__(personality=str(personality))


class AvatarNotFound(NotFound):
    """The character `{personality}` has no avatar."""

    reason = "AVATAR_NOT_FOUND"

    def __init__(self, personality: str) -> None:
        super().__init__(personality=personality)


class MemoryNotFound(NotFound):
    """You have no memory {memory_id}."""

    reason = "MEMORY_NOT_FOUND"

    def __init__(self, memory_id: object) -> None:
        super().__init__(memory_id=str(memory_id))


class ConversationNotFound(NotFound):
    """You have no conversation {conversation_id}."""

    reason = "CONVERSATION_NOT_FOUND"

    def __init__(self, conversation_id: object) -> None:
        super().__init__(conversation_id=str(conversation_id))


class TurnNotFound(NotFound):
    """You have no turn {turn_id}."""

    reason = "TURN_NOT_FOUND"

    def __init__(self, turn_id: object) -> None:
        super().__init__(turn_id=str(turn_id))


class ServiceTokenNotFound(NotFound):
    """There is no service token {token_id}."""

    reason = "SERVICE_TOKEN_NOT_FOUND"

    def __init__(self, token_id: object) -> None:
        super().__init__(token_id=str(token_id))


class LorebookNotFound(NotFound):
    """There is no lorebook {lorebook_id} that you may see."""

    reason = "LOREBOOK_NOT_FOUND"

    def __init__(self, lorebook_id: object) -> None:
        super().__init__(lorebook_id=str(lorebook_id))


class PresetNotFound(NotFound):
    """There is no preset {preset_id} that you may use."""

    reason = "PRESET_NOT_FOUND"

    def __init__(self, preset_id: object) -> None:
        super().__init__(preset_id=str(preset_id))


class DocumentNotFound(NotFound):
    """There is no document {document_id} that you may see."""

    reason = "DOCUMENT_NOT_FOUND"

    def __init__(self, document_id: object) -> None:
        super().__init__(document_id=str(document_id))


class UnclaimedMemoriesNotFound(NotFound):
    """Nothing unclaimed came under the old id {sender_id}."""

    reason = "UNCLAIMED_MEMORIES_NOT_FOUND"

    def __init__(self, sender_id: object) -> None:
        super().__init__(sender_id=str(sender_id))


class MemoryClaimNotFound(NotFound):
    """There is no claim {claim_id} that you may see."""

    reason = "MEMORY_CLAIM_NOT_FOUND"

    def __init__(self, claim_id: object) -> None:
        super().__init__(claim_id=str(claim_id))


class MessageNotKept(NotFound):
    """This was said incognito: nothing of it is kept, so nothing can be done with it."""

    reason = "MESSAGE_NOT_KEPT"


class FactNotFound(NotFound):
    """You have no fact {fact_id}."""

    reason = "FACT_NOT_FOUND"

    def __init__(self, fact_id: object) -> None:
        super().__init__(fact_id=str(fact_id))


class DreamNotFound(NotFound):
    """You have no dream {dream_id}."""

    reason = "DREAM_NOT_FOUND"

    def __init__(self, dream_id: object) -> None:
        super().__init__(dream_id=str(dream_id))


class PersonaNotFound(NotFound):
    """You have no persona {persona_id}."""

    reason = "PERSONA_NOT_FOUND"

    def __init__(self, persona_id: object) -> None:
        super().__init__(persona_id=str(persona_id))


class FlowKindNotFound(NotFound):
    """There is no flow `{path}` that you may begin."""

    reason = "FLOW_KIND_NOT_FOUND"

    def __init__(self, path: object) -> None:
        super().__init__(path=str(path))


class FlowNotFound(NotFound):
    """You have no flow {flow_id}."""

    reason = "FLOW_NOT_FOUND"

    def __init__(self, flow_id: object) -> None:
        super().__init__(flow_id=str(flow_id))


class LorebookEntryNotFound(NotFound):
    """There is no lorebook entry {entry_id}, or you may not read its book."""

    reason = "LOREBOOK_ENTRY_NOT_FOUND"

    def __init__(self, entry_id: object) -> None:
        super().__init__(entry_id=str(entry_id))


class AliasNotFound(NotFound):
    """There is no alias {alias_id} that you may see."""

    reason = "ALIAS_NOT_FOUND"

    def __init__(self, alias_id: object) -> None:
        super().__init__(alias_id=str(alias_id))


class SettingNotFound(NotFound):
    """There is no setting `{key}`; `tzurot setting list` shows them all."""

    reason = "SETTING_NOT_FOUND"

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class MessageNotFound(NotFound):
    """You have no message {message}."""

    reason = "MESSAGE_NOT_FOUND"

    def __init__(self, message: object) -> None:
        super().__init__(message=str(getattr(message, "message_id", message)))


class AttachmentNotFound(NotFound):
    """You have uploaded no attachment {attachment_id}, or it has expired: upload it again."""

    reason = "ATTACHMENT_NOT_FOUND"

    def __init__(self, attachment_id: object) -> None:
        super().__init__(attachment_id=str(attachment_id))


class PersonalityNotActive(NotFound):
    """The character {personality_id} is not active in this channel."""

    reason = "PERSONALITY_NOT_ACTIVE"

    def __init__(self, personality_id: object) -> None:
        super().__init__(personality_id=str(personality_id))


class DenialNotFound(NotFound):
    """There is no denial {denial_id}."""

    reason = "DENIAL_NOT_FOUND"

    def __init__(self, denial_id: object) -> None:
        super().__init__(denial_id=str(denial_id))


class ApiKeyNotFound(NotFound):
    """You have no API key {api_key_id}."""

    reason = "API_KEY_NOT_FOUND"

    def __init__(self, api_key_id: object) -> None:
        super().__init__(api_key_id=str(api_key_id))


class ModelNotListed(NotFound):
    """{provider} lists no model {model}: look for it in the list of models."""

    reason = "MODEL_NOT_LISTED"

    def __init__(self, provider: str, model: str) -> None:
        super().__init__(provider=provider, model=model)


class SponsorNotFound(NotFound):
    """You sponsor nothing by the id {sponsor_id}."""

    reason = "SPONSOR_NOT_FOUND"

    def __init__(self, sponsor_id: object) -> None:
        super().__init__(sponsor_id=str(sponsor_id))


class AlreadyExists(TzurotError):
    """Something else has this name."""


class SlugTaken(AlreadyExists):
    """Another character already uses the slug `{slug}`: choose another one."""

    reason = "SLUG_TAKEN"

    def __init__(self, slug: str) -> None:
        super().__init__(slug=slug)


class AliasTaken(AlreadyExists):
    """The alias `{alias}` is there already."""

    reason = "ALIAS_TAKEN"

    def __init__(self, alias: str) -> None:
        super().__init__(alias=alias)


class ApiKeyNameTaken(AlreadyExists):
    """You have a key called `{name}` at this provider already: choose another name."""

    reason = "API_KEY_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class PresetNameTaken(AlreadyExists):
    """You have a preset called `{name}` already: choose another name."""

    reason = "PRESET_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class FailedPrecondition(TzurotError):
    """Something has to be mended first; asking again does not help."""


class ApiKeyRejected(FailedPrecondition):
    """{provider} refuses {key}."""

    reason = "API_KEY_REJECTED"

    def __init__(self, provider: str, key: str = "the API key", whose: str = "operator") -> None:
        """`whose` is `operator`, or `caller` where the one who asks can mend it."""
        super().__init__(provider=provider, key=key, whose=whose)


class ApiKeyLacksPermission(FailedPrecondition):
    """{provider} does not let {key} do this: give it the permission there, or make another key."""

    reason = "API_KEY_LACKS_PERMISSION"

    def __init__(self, provider: str, key: str = "this API key") -> None:
        super().__init__(provider=provider, key=key)


class ApiKeyLacksCredit(FailedPrecondition):
    """{provider} says that nothing is left on {key}: add credit there, or raise its limit."""

    reason = "API_KEY_LACKS_CREDIT"

    def __init__(self, provider: str, key: str = "this API key") -> None:
        super().__init__(provider=provider, key=key)


class MasterKeyMissing(FailedPrecondition):
    """This server can't open or keep API keys: its operator has to set TZUROT_MASTER_KEYS_FILE."""

    reason = "MASTER_KEY_MISSING"


class ModelNotFound(FailedPrecondition):
    """{provider} does not know the model `{model}`."""

    reason = "MODEL_NOT_FOUND"

    def __init__(self, provider: str, model: str) -> None:
        super().__init__(provider=provider, model=model)


class ContextTooSmall(FailedPrecondition):
    """This does not fit into the context window of `{model}`: say less at once."""

    reason = "CONTEXT_TOO_SMALL"

    def __init__(self, model: str) -> None:
        super().__init__(model=model)


class NoPayingKey(FailedPrecondition):
    """No model may answer you here: there is no key that pays for you, and no local model runs."""

    reason = "NO_PAYING_KEY"


class DataPolicyForbids(FailedPrecondition):
    """Your words are to be {demand}, no model here keeps to that: allow more, or change keys."""

    reason = "DATA_POLICY_FORBIDS"

    def __init__(self, demand: str) -> None:
        super().__init__(demand=demand)


class DataPolicyUnmet(FailedPrecondition):
    """{provider} runs `{model}` nowhere where your words are treated as demanded: name another."""

    reason = "DATA_POLICY_UNMET"

    def __init__(self, provider: str, model: str) -> None:
        super().__init__(provider=provider, model=model)


class SponsorKeyUnsuitable(FailedPrecondition):
    """This key can't pay for others: {because}."""

    reason = "SPONSOR_KEY_UNSUITABLE"

    def __init__(self, because: str) -> None:
        super().__init__(because=because)


class PersonaIsDefault(FailedPrecondition):
    """The persona {persona_id} is your default: it stays."""

    reason = "PERSONA_IS_DEFAULT"

    def __init__(self, persona_id: object) -> None:
        super().__init__(persona_id=str(persona_id))


class FlowExpired(FailedPrecondition):
    """Nobody answered in time: begin again."""

    reason = "FLOW_EXPIRED"

    def __init__(self, flow_id: object) -> None:
        super().__init__(flow_id=str(flow_id))


class OwnerHasAllRoles(FailedPrecondition):
    """`{subject}` owns the character and has every role already."""

    reason = "OWNER_HAS_ALL_ROLES"

    def __init__(self, subject: str) -> None:
        super().__init__(subject=subject)


class LimitReached(FailedPrecondition):
    """There can be at most {limit} {what}; delete one first."""

    reason = "LIMIT_REACHED"

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what=what, limit=f"{limit:,}")


class ConfirmationExpired(FailedPrecondition):
    """The preview was too long ago; look again."""

    reason = "CONFIRMATION_EXPIRED"


class ConfirmationUsed(FailedPrecondition):
    """This was done already."""

    reason = "CONFIRMATION_USED"


class Incognito(FailedPrecondition):
    """You are incognito: to give a reply again, or to go on with one, would keep it."""

    reason = "INCOGNITO"


class NothingToRestore(FailedPrecondition):
    """The conversation {conversation_id} has no reset that could be taken back."""

    reason = "NOTHING_TO_RESTORE"

    def __init__(self, conversation_id: object) -> None:
        super().__init__(conversation_id=str(conversation_id))


class OthersFollowed(FailedPrecondition):
    """Others have spoken since: this would put their words aside."""

    reason = "OTHERS_FOLLOWED"


class Aborted(TzurotError):
    """Somebody else was faster, or the work was lost; asking again helps."""


class EtagMismatch(Aborted):
    """It was changed in the meantime: read it again (its etag is now {etag})."""

    reason = "ETAG_MISMATCH"

    def __init__(self, etag: str) -> None:
        super().__init__(etag=etag)


class TurnInterrupted(Aborted):
    """The server that was answering ended before the answer did: ask again."""

    reason = "TURN_INTERRUPTED"

    def __init__(self, turn_id: object) -> None:
        super().__init__(turn_id=str(turn_id))


class ImportOutdated(Aborted):
    """What the import would do has changed since its preview: look at it again."""

    reason = "IMPORT_OUTDATED"

    def __init__(self, digest: str) -> None:
        super().__init__(digest=digest)


class ResourceExhausted(TzurotError):
    """A limit is reached; waiting helps."""

    retry_after: timedelta | None = None


class ProviderQuota(ResourceExhausted):
    """{provider} lets {key} do no more for now."""

    reason = "PROVIDER_QUOTA"

    def __init__(
        self, provider: str, retry_after: timedelta | None = None, key: str = "this key"
    ) -> None:
        self.retry_after = retry_after
        super().__init__(provider=provider, key=key)


class RateLimited(ResourceExhausted):
    """That was too much at once: it goes on in {retry_seconds} seconds."""

    reason = "RATE_LIMITED"

    def __init__(self, limit: str, retry_seconds: int, *, told: bool) -> None:
        """`limit` is `person`, `channel`, `space`, `payer` or `key_checks`.

        `told`: somebody knows already.
        """
        self.retry_after = timedelta(seconds=retry_seconds)
        super().__init__(
            limit=limit, retry_seconds=str(retry_seconds), told="true" if told else "false"
        )


class BudgetExhausted(ResourceExhausted):
    """This would take more than is left of {budget} of {cap} a {period}, until {reset_time}."""

    reason = "BUDGET_EXHAUSTED"

    def __init__(
        self, budget: str, cap: str, period: str, reset_time: str, retry_after: timedelta
    ) -> None:
        self.retry_after = retry_after
        super().__init__(budget=budget, cap=cap, period=period, reset_time=reset_time)


class SponsorCapReached(ResourceExhausted):
    """Too little is left of {budget}, {cap} a {period}, until {reset_time}: bring your own key."""

    reason = "SPONSOR_CAP_REACHED"

    def __init__(
        self, budget: str, cap: str, period: str, reset_time: str, retry_after: timedelta
    ) -> None:
        self.retry_after = retry_after
        super().__init__(budget=budget, cap=cap, period=period, reset_time=reset_time)


class BudgetReached(ResourceExhausted):
    """{percent} % of {budget} of {cap} a {period} are spent. It starts anew at {reset_time}."""

    reason = "BUDGET_REACHED"

    def __init__(  # noqa: PLR0913  the same
        self,
        budget: str,
        cap: str,
        period: str,
        reset_time: str,
        retry_after: timedelta,
        *,
        percent: int,
    ) -> None:
        self.retry_after = retry_after
        super().__init__(
            budget=budget, cap=cap, period=period, reset_time=reset_time, percent=str(percent)
        )


class Unavailable(TzurotError):
    """Something is away; asking again in a moment helps."""

    retry_after = timedelta(seconds=2)


class ProviderUnavailable(Unavailable):
    """{provider} cannot be reached or fails."""

    reason = "PROVIDER_UNAVAILABLE"

    def __init__(self, provider: str) -> None:
        super().__init__(provider=provider)


class StorageUnavailable(Unavailable):
    """The database cannot be reached."""

    reason = "STORAGE_UNAVAILABLE"


class Draining(Unavailable):
    """This server is shutting down: try again in a moment."""

    reason = "DRAINING"


class IndexUnavailable(Unavailable):
    """The search index cannot be reached: memories were searched in the database."""

    reason = "INDEX_UNAVAILABLE"


class UnderMaintenance(Unavailable):
    """The server is being worked on: {message}."""

    reason = "MAINTENANCE"

    def __init__(self, message: str) -> None:
        super().__init__(message=message.rstrip("."))


class AnsweredByAnother(Unavailable):
    """{because} {model} answers meanwhile{again}."""

    reason = "ANSWERED_BY_ANOTHER"

    def __init__(self, because: str, model: str, left: timedelta | None) -> None:
        """`left`: how long until the one that should answer is asked again, where that is known."""
        minutes = max(1, round(left.total_seconds() / 60)) if left else 0
        again = f", for {minutes} minute{'s' if minutes > 1 else ''} or so" if left else ""
        super().__init__(because=because, model=model, again=again)


class PresetModelReplaced(Unavailable):
    """The preset `{preset}` asks for {wanted}, which you can't ask: {model} answers with it."""

    reason = "PRESET_MODEL_REPLACED"

    def __init__(self, preset: str, wanted: str, model: str) -> None:
        super().__init__(preset=preset, wanted=wanted, model=model)


class DeadlineExceeded(TzurotError):
    """It took too long."""


class ProviderTimeout(DeadlineExceeded):
    """{provider} did not finish in time."""

    reason = "PROVIDER_TIMEOUT"

    def __init__(self, provider: str) -> None:
        super().__init__(provider=provider)


class Internal(TzurotError):
    """Something broke on the server; its log has more under {error_id}."""

    reason = "INTERNAL"

    def __init__(self, error_id: object) -> None:
        super().__init__(error_id=str(error_id))


class StartupError(Exception):
    """What the operator has to mend before the server can run; its text is one clear sentence."""
