"""Presets as people read and type them: what one says, and the forms that change it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.views import Action, Asks, Choice, Field, Item, line
from tzurot.llm import parameters
from tzurot.llm.parameters import BY_NAME, Kind, Parameter, Parameters
from tzurot.llm.speaker import SpeakerKind
from tzurot.llm.streaming import ParameterValue
from tzurot.wallet.plan import Wish
from tzurot.wallet.presets.presets import MAX_NAME, Preset, Shortfall

ABOUT = "about"
_FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "chance": ("Chance", ("temperature", "top_p", "top_k", "min_p", "top_a")),
    "repeats": (
        "Repeats",
        ("frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "seed"),
    ),
    "reply": ("The reply", ("max_tokens", "stop", "verbosity", "reasoning")),
}
FORMS = (ABOUT, *_FORMS)
_ABOUT = ("name", "model", "provider")
_ANYWHERE = "anywhere"
_PROVIDERS: Mapping[str, str] = {
    _ANYWHERE: "Wherever it runs",
    SpeakerKind.OPENROUTER: "OpenRouter",
    SpeakerKind.OPENAI: "OpenAI",
    SpeakerKind.ANTHROPIC: "Anthropic",
    SpeakerKind.MISTRAL: "Mistral",
    SpeakerKind.GEMINI: "Gemini",
    SpeakerKind.COMPATIBLE: "An address of your own",
    SpeakerKind.CONFIGURED: "The server's address",
    SpeakerKind.OLLAMA: "The server's Ollama",
}
_OFF = "off"
_UNSET = "Empty: not set. off: not sent."
_ALWAYS = "Empty: not set."


def item(preset: Preset, *, counts: bool) -> Item:
    """A preset in a list."""
    shared = " · everybody's" if preset.published else ""
    used = " · counts for you" if counts else ""
    return Item(preset.name, f"{_in_short(preset)}{shared}{used}", str(preset.id))


def said(preset: Preset, shortfalls: Sequence[Shortfall]) -> str:
    """What one says, and what of it comes to nothing."""
    lines = [_model(preset), *(f"Note: {line(it.message, 300)}" for it in shortfalls)]
    return "\n".join([*lines, f"Its id: `{preset.id}`"])


def items(preset: Preset) -> tuple[Item, ...]:
    """What it sets, by name."""
    return tuple(
        Item(
            f"{name}: {line(parameters.shown(preset.parameters[name]), 100)}", BY_NAME[name].summary
        )
        for name in sorted(preset.parameters)
    )


def fields(preset: Preset | None) -> tuple[Field, ...]:
    """All forms, filled in with what there is."""
    wish = preset.wish if preset else None
    own: Parameters = preset.parameters if preset else {}
    provider = str(wish.kind) if wish and wish.kind in _PROVIDERS else _ANYWHERE
    name = Field(
        "name", "Name", values=(preset.name,) if preset else (), required=True, max_length=MAX_NAME
    )
    model = Field(
        "model",
        "Model",
        description="As its provider names it. Empty: whichever answers otherwise.",
        values=(wish.model,) if wish else (),
        max_length=200,
    )
    where = Field(
        "provider",
        "Where it runs",
        Asks.CHOICE,
        values=(provider,),
        choices=tuple(Choice(value, label) for value, label in _PROVIDERS.items()),
        required=True,
    )
    return (name, model, where, *(_field(it, own) for _, names in _FORMS.values() for it in names))


def named(field: Field, name: str) -> Field:
    """The field of the name with one that was given before."""
    return replace(field, values=(name,) if name else ())


def actions() -> tuple[Action, ...]:
    """What opens the forms."""
    forms = (Action(key, label, asks=names) for key, (label, names) in _FORMS.items())
    return (Action(ABOUT, "Name and model", asks=_ABOUT), *forms)


def about(answers: Answers) -> tuple[str, Wish | None]:
    """The name and the model that were entered.

    Raises:
        Refused: they can't be that.
    """
    given = {key: "".join(answers.get(key, ())).strip() for key in _ABOUT}
    model, provider = given["model"], given["provider"] or _ANYWHERE
    if any(not "!" <= sign <= "~" for sign in model):
        raise Refused(errors={"model": "A model's name has no spaces."})
    if not given["name"]:
        raise Refused(errors={"name": "It needs a name."})
    kind = None if provider == _ANYWHERE else SpeakerKind(provider)
    return given["name"], Wish(model, kind) if model else None


def changed(form: str, own: Parameters, answers: Answers) -> Parameters:
    """Parameters with what was entered in a form.

    Raises:
        Refused: some of them can't be that.
    """
    values, errors = dict(own), dict[str, str]()
    for name in _FORMS[form][1]:
        typed = "".join(answers.get(name, ())).strip()
        parameter = BY_NAME[name]
        values.pop(name, None)
        if typed.casefold() == _OFF and parameter.can_be_off:
            values[name] = None
        elif typed and (value := parameter.fitted(_read(parameter, typed))) is not None:
            values[name] = value
        elif typed:
            errors[name] = f"It must be {parameter.range}."
    if errors:
        raise Refused(errors=errors)
    return values


def _field(name: str, own: Parameters) -> Field:
    parameter = BY_NAME[name]
    now = (_typed(own[name]),) if name in own else ()
    described = _UNSET if parameter.can_be_off else _ALWAYS
    if parameter.kind is Kind.TEXTS:
        described = f"One in each line. {_UNSET}"
        return Field(name, name, Asks.LONG_TEXT, described, now, max_length=400)
    if parameter.kind is Kind.BIASES:
        return Field(name, name, Asks.LONG_TEXT, f"As 50256: -100. {_UNSET}", now, max_length=4_000)
    can_be = parameter.range.removeprefix("a number ").removeprefix("a whole number ")
    return Field(name, name, description=f"{can_be}. {described}"[:100], values=now, max_length=40)


def _typed(value: ParameterValue | None) -> str:
    return "\n".join(value) if isinstance(value, tuple) else parameters.shown(value)


def _read(parameter: Parameter, typed: str) -> object:
    match parameter.kind:
        case Kind.CHOICE:
            return typed.casefold()
        case Kind.TEXTS:
            return [it for it in typed.splitlines() if it]
        case Kind.BIASES:
            pairs = (it.partition(":") for it in typed.replace("\n", ",").split(",") if it.strip())
            return {token.strip(): _number(bias) for token, _, bias in pairs}
        case _:
            return _number(typed)


def _number(typed: str) -> float | None:
    try:
        return float(typed.strip()[:40])
    except ValueError:
        return None


def _model(preset: Preset) -> str:
    if preset.wish is None:
        return "It asks for no model: whichever answers you otherwise does."
    where = _PROVIDERS.get(preset.wish.kind, "") if preset.wish.kind else ""
    return f"It asks for {line(preset.wish.model, 120)}{f' ({where})' if where else ''}."


def _in_short(preset: Preset) -> str:
    model = line(preset.wish.model, 80) if preset.wish else "any model"
    count = len(preset.parameters)
    return f"{model} · {count} parameter{'' if count == 1 else 's'}"
