"""What can go wrong is one list: in the contract, in the code, in what each RPC promises."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest

from tests.calling import METHODS
from tests.contract.rows import ROWS, RPCS
from tzurot import errors
from tzurot.common.v1 import error_reason_pb2
from tzurot.errors import TzurotError
from tzurot.transport import errors as translation

PROTOS = Path(__file__).parents[2] / "proto" / "tzurot"
PREFIX = "ERROR_REASON_"

REASONS = [
    value.name.removeprefix(PREFIX)
    for value in error_reason_pb2.ErrorReason.DESCRIPTOR.values
    if value.number
]

# One error of each class, with values that show where they end up.
SAMPLES: dict[str, TzurotError] = {
    error.reason: error
    for error in (
        errors.InvalidField([("text", "string.min_len", "must be at least 1 characters")]),
        errors.FileUnreadable("no_card", "This picture holds no character card."),
        errors.AddressRefused("private_address", "The address leads into a private network."),
        errors.PersonalityNeeded("chat"),
        errors.NotOwner("lilith"),
        errors.DefinitionHidden("lilith"),
        errors.NotLorebookEditor("01997e…"),
        errors.LorebookEntryNotFound("01997e…"),
        errors.AliasNotFound("01997e…"),
        errors.AliasTaken("Lil"),
        errors.OwnerHasAllRoles("discord:123"),
        errors.LimitReached("aliases", 25),
        errors.SettingNotFound("memory_limit"),
        errors.RateLimited("person", 12, told=False),
        errors.UnderMaintenance("Back at noon."),
        errors.AgeVerificationRequired("lilith"),
        errors.PlaceNotAgeRestricted("lilith"),
        errors.DenialNotFound("01997e…"),
        errors.MessageNotFound("01997e…"),
        errors.OthersFollowed(),
        errors.PersonalityNotActive("01997e…"),
        errors.AttachmentNotFound("01997e…"),
        errors.PageTokenInvalid(),
        errors.PageTokenMismatch(),
        errors.RequestIdReused("01997e…"),
        errors.UpdateMaskInvalid("id"),
        errors.TokenMissing(),
        errors.TokenInvalid(),
        errors.TokenExpired(),
        errors.ScopeMissing("memory.write"),
        errors.SubjectDenied("discord:123"),
        errors.NotEditor("lilith"),
        errors.PersonalityNotFound("lilith"),
        errors.AvatarNotFound("lilith"),
        errors.MemoryNotFound("01997e…"),
        errors.LorebookNotFound("01997e…"),
        errors.DocumentNotFound("01997e…"),
        errors.ConversationNotFound("01997e…"),
        errors.TurnNotFound("01997e…"),
        errors.ServiceTokenNotFound("01997e…"),
        errors.UnclaimedMemoriesNotFound("7c9e66…"),
        errors.MemoryClaimNotFound("01997e…"),
        errors.DreamNotFound("01997e…"),
        errors.FactNotFound("0199c5a0-0000-7000-8000-000000000001"),
        errors.MessageNotKept(),
        errors.Incognito(),
        errors.ConfirmationInvalid(),
        errors.ConfirmationExpired(),
        errors.ConfirmationUsed(),
        errors.ConfirmationMismatch(),
        errors.NothingToRestore("0199c5a0-0000-7000-8000-000000000001"),
        errors.PersonaNotFound("01997e…"),
        errors.SlugTaken("lilith"),
        errors.ApiKeyRejected("openrouter"),
        errors.ApiKeyNotFound("0199c5a0-0000-7000-8000-000000000001"),
        errors.ModelNotListed("OpenRouter", "openai/gpt-x"),
        errors.ApiKeyNameTaken("default"),
        errors.PresetNotFound("0199c5a0-0000-7000-8000-000000000001"),
        errors.PresetNameTaken("Warm"),
        errors.PresetModelReplaced("Warm", "openai/gpt-5", "SmolLM2 135M"),
        errors.ApiKeyLacksPermission("ElevenLabs"),
        errors.ApiKeyLacksCredit("OpenRouter"),
        errors.BudgetExhausted(
            "your budget", "$1.50", "day", "2026-12-01 00:00 UTC", timedelta(hours=3)
        ),
        errors.SponsorNotFound("0199c5a0-0000-7000-8000-000000000001"),
        errors.SponsorKeyUnsuitable("nobody knows what `x` costs at OpenAI, so no cap could hold"),
        errors.SponsorCapReached(
            "what this server's sponsor gives you",
            "$0.50",
            "day",
            "2026-12-01 00:00 UTC",
            timedelta(hours=3),
        ),
        errors.BudgetReached(
            "your budget", "$1.50", "day", "2026-12-01 00:00 UTC", timedelta(hours=3), percent=80
        ),
        errors.MasterKeyMissing(),
        errors.DataPolicyForbids("not sent to another machine"),
        errors.DataPolicyUnmet("OpenRouter", "openai/gpt-4.1-mini"),
        errors.ModelNotFound("openrouter", "gpt-x"),
        errors.ContextTooSmall("tiny"),
        errors.NoPayingKey(),
        errors.PersonaIsDefault("01997e…"),
        errors.FlowKindNotFound("character edit"),
        errors.FlowNotFound("01997e…"),
        errors.FlowExpired("01997e…"),
        errors.FlowActionUnknown("save"),
        errors.EtagMismatch("7"),
        errors.ImportOutdated("9f86d0…"),
        errors.TurnInterrupted("01997e…"),
        errors.ProviderQuota("openrouter", timedelta(seconds=3)),
        errors.ProviderUnavailable("openrouter"),
        errors.StorageUnavailable(),
        errors.Draining(),
        errors.IndexUnavailable(),
        errors.AnsweredByAnother(
            "OpenRouter says that nothing is left on your own API key `default`: add credit there,"
            " or raise its limit.",
            "SmolLM2 135M",
            timedelta(minutes=10),
        ),
        errors.ProviderTimeout("openrouter"),
        errors.Internal("01997e…"),
    )
}


def test_every_reason_of_the_contract_has_exactly_one_class_and_every_class_a_reason() -> None:
    leaves = [leaf.reason for leaf in _leaves(TzurotError)]
    assert sorted(leaves) == sorted(REASONS)


def test_every_class_is_sampled_here() -> None:
    assert {type(error) for error in SAMPLES.values()} == set(_leaves(TzurotError))


def test_the_tree_at_the_top_of_the_file_is_the_tree_below() -> None:
    drawn = set(re.findall(r"\b[A-Z]\w+", (errors.__doc__ or "").split("A leaf")[0]))
    classes = {it.__name__ for it in (*_leaves(TzurotError), *TzurotError.__subclasses__())}
    assert classes <= drawn
    assert drawn - classes - {"TzurotError", "StartupError"} <= {"Everything"}


@pytest.mark.parametrize("reason", REASONS)
def test_the_sample_in_the_contract_is_what_the_class_gives(reason: str) -> None:
    sample = _sample(reason)
    assert sample["reason"] == PREFIX + reason
    assert sample["domain"] == translation.DOMAIN
    assert sorted(sample["metadata"]) == sorted(SAMPLES[reason].metadata)


@pytest.mark.parametrize("reason", REASONS)
def test_the_code_in_the_contract_is_what_a_client_gets(reason: str) -> None:
    told = translation.status(SAMPLES[reason])
    if "A notice, never an error" in _comment(reason):
        return
    assert _comment(reason).startswith(f"{told.code.name}: ")


@pytest.mark.parametrize("reason", REASONS)
def test_every_changing_word_of_a_message_is_in_the_metadata(reason: str) -> None:
    error = SAMPLES[reason]
    words = {name for _, name, _, _ in Formatter().parse(type(error).__doc__ or "") if name}
    assert words <= set(error.metadata)
    assert error.message.endswith((".", ")"))
    assert "{" not in error.message


@pytest.mark.parametrize("reason", REASONS)
def test_an_error_that_waiting_mends_says_how_long(reason: str) -> None:
    error = SAMPLES[reason]
    mends = isinstance(error, errors.Unavailable | errors.ResourceExhausted)
    told = str(translation.status(error).trailing_metadata)
    assert ("google.rpc.RetryInfo" in told) == mends


@pytest.mark.parametrize("rpc", RPCS)
def test_an_rpc_names_reasons_that_exist_and_those_that_its_fields_bring(rpc: str) -> None:
    named = _promised(rpc)
    assert named <= set(REASONS)
    fields = METHODS[rpc].input_type.fields_by_name
    brought = {reason for reason in (ROWS[rpc].missing,) if reason}
    if "page_token" in fields:
        brought |= {"PAGE_TOKEN_INVALID", "PAGE_TOKEN_MISMATCH"}
    if "request_id" in fields:
        brought |= {"REQUEST_ID_REUSED"}
    if "update_mask" in fields:
        brought |= {"UPDATE_MASK_INVALID"}
        resources = [it.message_type for it in fields.values() if it.message_type]
        if any("etag" in it.fields_by_name for it in resources):
            brought |= {"ETAG_MISMATCH"}
    assert brought <= named


def _leaves(kind: type[TzurotError]) -> Iterator[type[TzurotError]]:
    """Its kinds; what a module tells apart for itself is none."""
    children = [it for it in kind.__subclasses__() if not it.__name__.startswith("_")]
    if not children:
        yield kind
    for child in children:
        yield from _leaves(child)


def _comment(reason: str) -> str:
    """What the contract says above a reason, as one line."""
    source = (PROTOS / "common/v1/error_reason.proto").read_text()
    (comment,) = re.findall(rf"((?:  //.*\n)+)  {PREFIX}{reason} =", source)
    return " ".join(line.strip().removeprefix("//").strip() for line in comment.splitlines())


def _sample(reason: str) -> dict[str, dict[str, str]]:
    comment = _comment(reason)
    return json.loads(comment[comment.index("{") :])


def _promised(rpc: str) -> set[str]:
    """The reasons that an RPC's comment names."""
    for path in PROTOS.rglob("*_service.proto"):
        for comment, name in re.findall(r"((?:  //.*\n)+)  rpc (\w+)\(", path.read_text()):
            if name == rpc:
                told = comment.partition("Errors:")[2]
                return set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b|\bDRAINING\b", told))
    raise AssertionError(f"{rpc} has no comment")
