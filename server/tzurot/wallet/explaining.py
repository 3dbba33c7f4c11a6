"""Each alternative of a plan in words: why it answers or does not, and what helps. Pure."""

from datetime import datetime, timedelta

from tzurot.llm.data_policy import DataPolicy
from tzurot.wallet.plan import Alternative, Candidate, Obstacle, Plan, Route

_OWN_OFF = "You have no key of your own that a model speaks with. Bring one, and you pay for it."
_OFF = "The small model that comes with this server is switched off (TZUROT_BUNDLED_MODEL)."

_NOBODY = {
    Obstacle.NO_KEY: _OWN_OFF,
    Obstacle.NO_SPONSOR: (
        "Nobody sponsors this server. Who moderates it can, with a key of theirs"
        " (`wallet sponsor`)."
    ),
}


def explained(it: Alternative, plan: Plan, now: datetime) -> str:
    """An alternative of `plan` in a sentence or two."""
    if it.candidate is None:
        return _NOBODY.get(it.obstacle or Obstacle.SWITCHED_OFF, _OFF)
    if it.obstacle is not None:
        return _obstacle(it, it.candidate, plan.policy, now)
    speaker = it.candidate.speaker
    where = f"`{speaker.model}` at {speaker.provider}" if it.route is not Route.LOCAL else ""
    who = where or f"`{speaker.model}`"
    if it is plan.taken:
        return f"{who} answers you, {_payment(it)}."
    return f"{who} answers if those before it can't, {_payment(it)}."


def _payment(it: Alternative) -> str:
    match it.route:
        case Route.OWN_KEY:
            return f"paid with {it.candidate.key_called if it.candidate else 'your key'}"
        case Route.SPONSOR:
            return (
                "paid with the API key of this server's sponsor. They can't read here what you say;"
                " what their account there keeps is theirs to decide"
            )
        case Route.OPERATORS_KEY:
            return "paid with the key of whoever runs this server"
        case Route.FREE_MODEL:
            return "which costs nothing there"
        case Route.OPEN_ADDRESS:
            return "which wants no key"
        case Route.LOCAL:
            return "on this server's own machine, which costs nothing"


def _obstacle(it: Alternative, candidate: Candidate, policy: DataPolicy, now: datetime) -> str:
    provider = candidate.speaker.provider
    match it.obstacle:
        case Obstacle.POLICY if candidate.sponsor_id:
            return (
                f"Your words are to be {policy.in_words}, and what the sponsor's account at"
                f" {provider} keeps is not known (`sending_allowed`, `retention_allowed`,"
                " `training_allowed`)."
            )
        case Obstacle.POLICY:
            return (
                f"Your words are to be {policy.in_words}, and {provider} is not known to keep to"
                " that (`sending_allowed`, `retention_allowed`, `training_allowed`)."
            )
        case Obstacle.UNPRICED:
            return (
                f"Nobody knows what `{candidate.speaker.model}` costs at {provider}, so that no cap"
                " of its sponsor's could hold."
            )
        case Obstacle.CAP_REACHED if it.error:
            return it.error.message
        case _:
            return _not_theirs(it, candidate) or _refusal(it, candidate, now)


def _not_theirs(it: Alternative, candidate: Candidate) -> str:
    """Why somebody's money is not this person's to spend; empty: it is."""
    provider, key = candidate.speaker.provider, candidate.key_called
    match it.obstacle:
        case Obstacle.NOT_SHARED:
            return (
                f"The key for {provider} pays for whoever runs this server alone. Bring one of"
                " your own, or ask them to share theirs (TZUROT_SHARE_OPERATOR_KEY)."
            )
        case Obstacle.OWN_KEY_PAYS:
            return f"You have a key of your own: {key}, for {provider}, is for those who have none."
        case Obstacle.SPONSOR_PAYS:
            return (
                f"This server has a sponsor: the key of whoever runs it, for {provider}, doesn't"
                " take over from them."
            )
        case Obstacle.FOR_SEVERAL:
            return f"This is not yours alone: {key} doesn't pay for it."
        case _:
            return ""


def _refusal(it: Alternative, candidate: Candidate, now: datetime) -> str:
    """What a provider said of it, and when it is asked again."""
    provider, key = candidate.speaker.provider, candidate.key_called
    match it.obstacle:
        case Obstacle.REJECTED:
            said, mend = f"{provider} refuses {key}.", " Compare it with the one there."
        case Obstacle.LACKS_CREDIT:
            said = f"{provider} says that nothing is left on {key}."
            mend = " Add credit there, or raise its limit."
        case Obstacle.RATE_LIMITED:
            said, mend = f"{provider} wants a break from `{candidate.speaker.model}`.", ""
        case _:
            said, mend = f"{provider} failed just now.", ""
    again = f" It is asked again {_in(it.until - now)}." if it.until else ""
    if not (candidate.own_key_id and mend):
        return said + again
    return f"{said}{mend}{again} Have the key checked, and it is asked at once."


def _in(left: timedelta) -> str:
    """When, in words; rounded up, so that it is not too early."""
    minutes = -int(-left.total_seconds() // 60)
    if minutes <= 1:
        return "within a minute"
    return f"in {minutes} minutes" if minutes < 120 else f"in {minutes // 60} hours"
