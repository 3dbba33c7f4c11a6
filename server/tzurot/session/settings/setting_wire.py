"""Settings, their values and what counts of them as messages, and back."""

from tzurot.session.settings.cascade import Decision, Outcome, Tier, deciding
from tzurot.session.settings.settings import BY_KEY, UNDECIDED, Kind, Setting, Undecided, Value
from tzurot.session.v1 import setting_pb2
from tzurot.transport.wire import moment_or_none


def setting_to(setting: Setting) -> setting_pb2.Setting:
    """What there is to decide."""
    return setting_pb2.Setting(
        key=setting.key,
        summary=setting.summary,
        kind=f"SETTING_KIND_{setting.kind.name}",
        minimum=setting.minimum,
        maximum=setting.maximum,
        can_be_off=setting.can_be_off,
        default_value=_value_to(setting.kind, setting.default),
        deciders=[_tier_to(tier) for tier in deciding(setting)],
        choices=setting.choices,
    )


def outcome_to(outcome: Outcome) -> setting_pb2.ExplainedSetting:
    """What counts of a setting, and why."""
    kind = BY_KEY[outcome.key].kind
    return setting_pb2.ExplainedSetting(
        key=outcome.key,
        value=_value_to(kind, outcome.counts.value),
        source=_tier_to(outcome.counts.tier),
        bound=outcome.counts.bound,
        decided=[_decision_to(kind, decision) for decision in outcome.decided],
        expire_time=moment_or_none(outcome.counts.expire_time),
        passed_over=[_decision_to(kind, decision) for decision in outcome.passed_over],
        preset_name=outcome.preset.name if outcome.preset else "",
    )


def value_from(request: setting_pb2.SettingValue, *, given: bool) -> Value | Undecided:
    """What somebody decided; if no value is given, nothing."""
    if not given:
        return UNDECIDED
    match request.WhichOneof("kind"):
        case "flag":
            return request.flag
        case "whole":
            return request.whole
        case "ratio":
            return request.ratio
        case "choice":
            return request.choice
        case _:  # off: the contract's rules let nothing else through
            return None


def _decision_to(kind: Kind, decision: Decision) -> setting_pb2.DecidedSetting:
    return setting_pb2.DecidedSetting(
        tier=_tier_to(decision.tier),
        value=_value_to(kind, decision.value),
        bound=decision.bound,
        expire_time=moment_or_none(decision.expire_time),
    )


def _tier_to(tier: Tier) -> str:
    return f"SETTING_TIER_{'UNSPECIFIED' if tier is Tier.DEFAULT else tier.name}"


def _value_to(kind: Kind, value: Value) -> setting_pb2.SettingValue:
    if value is None:
        return setting_pb2.SettingValue(off=setting_pb2.Off())
    match kind:
        case Kind.FLAG:
            return setting_pb2.SettingValue(flag=bool(value))
        case Kind.WHOLE:
            return setting_pb2.SettingValue(whole=int(value))
        case Kind.RATIO:
            return setting_pb2.SettingValue(ratio=float(value))
        case Kind.CHOICE | Kind.PRESET:
            return setting_pb2.SettingValue(choice=str(value))
