"""Denials as moderators read them. Pure."""

from tzurot.account.moderation import Denial
from tzurot.account.standing import DenialKind, Target

_TOLD = {DenialKind.BLOCK: "is told", DenialKind.MUTE: "is not told"}


def whom(denial: Denial, character: str) -> str:
    """Who or what is denied; `character` is what a denied one is called."""
    match Target(denial.target):
        case Target.SUBJECT:
            return denial.target_id
        case Target.SPACE:
            return "All of this server"
        case Target.CHANNEL:
            return f"Channel {denial.target_id}"
        case Target.PERSONALITY:
            return character


def said(denial: Denial) -> str:
    """How it is denied, until when, by whom if not by a moderator, and why."""
    end = f", until {denial.expire_time:%Y-%m-%d %H:%M} UTC" if denial.expire_time else ""
    whose = ", as the operator decided" if denial.by_operator else ""
    why = f": {denial.reason}" if denial.reason else ""
    return f"{_TOLD[DenialKind(denial.kind)]}{end}{whose}{why}"
