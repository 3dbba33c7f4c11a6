"""`deny add`: a moderator keeps a person, a character or a channel from being answered.

It holds within the server that it is begun in, and nowhere else.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from tzurot import clock
from tzurot.account.moderation import Moderation, NewDenial
from tzurot.account.standing import DenialKind, Target
from tzurot.errors import InvalidField
from tzurot.flow.kind import Answers, At, Refused, Step
from tzurot.flow.kinds import choosing, in_channel, naming, persons
from tzurot.flow.kinds.in_channel import InChannel
from tzurot.flow.views import Action, Asks, Choice, Field, State, Style, View
from tzurot.personality.characters import Characters
from tzurot.session.said import Place
from tzurot.transport.subject import Caller

_MAX_DAYS = 3_650
_BODY = "They are not answered anywhere on this server; elsewhere nothing changes."
_HOW = (
    Field(
        "kind",
        "Are they told?",
        Asks.CHOICE,
        values=(DenialKind.BLOCK.value,),
        choices=(
            Choice(DenialKind.BLOCK.value, "Yes: they are told that they are not answered"),
            Choice(DenialKind.MUTE.value, "No: nothing is said"),
        ),
        required=True,
    ),
    Field("days", "For how many days?", description="Empty: until somebody takes it back."),
    Field("reason", "Why?", description="For moderators alone.", max_length=500),
)
_ASKS = tuple(it.key for it in _HOW)


class DenyAdd(InChannel):
    """Asks whom and how; one that is named is whom."""

    path = "deny add"
    summary = "Keep a person, a character or this channel from being answered on this server."
    arguments = (persons.PERSON, choosing.CHARACTER)

    def __init__(self, moderation: Moderation, characters: Characters) -> None:
        self._moderation = moderation
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        if key != choosing.CHARACTER.key:
            return ()
        return await choosing.offered(self._characters, who, typed)

    async def begin_in(self, who: Caller, place: Place, arguments: Mapping[str, str]) -> Step:
        """The form, about who is named."""
        if not place.space_id:
            raise InvalidField([("place", "place.space", "must be on a server: begin this there")])
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            name = await naming.told(self._characters, who, meant)
            return Step("form", {"personality_id": str(meant.id), "name": name})
        return Step("form", {"person": arguments.get(persons.KEY, "")})

    async def view(self, who: Caller, at: At) -> View:
        """The form, or that it is done."""
        in_channel.place_of(who, at)
        if at.step == "done":
            return View("Denied", f"{at.draft['denied']} is not answered on this server any more.")
        if "personality_id" in at.draft:
            deny = Action("deny", "Deny", Style.DANGER, _ASKS)
            return View(f"Deny {at.draft['name']}?", _BODY, fields=_HOW, actions=(deny,))
        return View(
            title="Who is not to be answered?",
            body=_BODY,
            fields=(persons.field(at.draft["person"]), *_HOW),
            actions=(
                Action("deny", "Deny", Style.DANGER, (persons.KEY, *_ASKS)),
                Action("channel", "This channel", Style.DANGER, _ASKS),
            ),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Deny."""
        place = in_channel.place_of(who, at)
        target, target_id, name = _target(who, place, at, (action, answers))
        days = _days("".join(answers.get("days", ())))
        new = NewDenial(
            target,
            target_id,
            DenialKind(answers["kind"][0]),
            platform=place.platform,
            space_id=place.space_id,
            reason="".join(answers.get("reason", ())),
            expire_time=clock.now() + timedelta(days=days) if days else None,
        )
        await self._moderation.deny(who, new)
        return Step("done", {**at.draft, "denied": name}, State.DONE)


def _target(
    who: Caller, place: Place, at: At, answered: tuple[str, Answers]
) -> tuple[Target, str, str]:
    """What is denied, its id, and what it is called.

    Raises:
        Refused: nobody is meant.
    """
    action, answers = answered
    if action == "channel":
        return Target.CHANNEL, place.channel_id, "This channel"
    if "personality_id" in at.draft:
        return Target.PERSONALITY, at.draft["personality_id"], at.draft["name"]
    subject = persons.meant("".join(answers[persons.KEY]), who)
    return Target.SUBJECT, subject, subject


def _days(typed: str) -> int:
    """How many; 0: without end.

    Raises:
        Refused: it is no number of days.
    """
    text = typed.strip()
    if not text:
        return 0
    number = int(text[:6]) if text.isascii() and text.isdecimal() else 0
    if not 1 <= number <= _MAX_DAYS:
        raise Refused(errors={"days": f"It must be a whole number from 1 to {_MAX_DAYS:,}."})
    return number
