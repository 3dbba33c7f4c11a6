"""What is decided about an entry before its keys are looked for.

In this order: switched off and empty ones never come up. What SillyTavern filters by (triggers,
characters, delay, cooldown, a chance of 0) stands before decorators. @@dont_activate_after_match
beats @@activate, which beats @@dont_activate and V3's conditions; @@keep_activate_after_match beats
@@dont_activate_after_match.
"""

from tzurot.personality.lore import timing
from tzurot.personality.lore.candidates import Candidate
from tzurot.personality.lore.scene import Scene


class Moment:
    """What a scene says once, for all entries."""

    def __init__(self, scene: Scene) -> None:
        said = sum(message.by_character for message in scene.messages)
        self.count = max(scene.message_count, len(scene.messages))
        self.by_character = max(scene.character_message_count, said)
        self.greeting = scene.greeting_index
        self.user_icon = scene.user_icon
        self.trigger = scene.trigger.casefold()
        self.names = frozenset(name.casefold() for name in scene.character_names)
        self.tags = frozenset(tag.casefold() for tag in scene.tags)

    def settle(self, it: Candidate) -> None:
        """Refuse an entry for good, or say why it comes up without a key."""
        if not it.entry.enabled:
            return it.refuse("switched off")
        if not it.content:
            return it.refuse("it has no words")
        refused = self._by_settings(it) or self._by_decorators(it)
        if refused:
            return it.refuse(refused)
        it.free = self._free(it)
        if it.level and not self.stays(it):
            it.reason = "waits for other entries to call it up"
        return None

    def stays(self, it: Candidate) -> bool:
        """Whether it is sticky now: its groups are its own, and it waits for no call."""
        return it.timed.sticky_until > self.count

    def is_held(self, it: Candidate) -> bool:
        """Whether it comes up because it was told before: not left to chance again."""
        return self.stays(it) or self._is_kept(it)

    def _by_settings(self, it: Candidate) -> str:
        settings = it.settings
        if (triggers := settings.triggers) and self.trigger not in triggers:
            return f"only for answers of the kind {_listed(sorted(triggers))}"
        who = settings.character_filter
        if who is not None and not who.lets(self.names, self.tags):
            return "not for this character"
        if self.count < settings.count("delay"):
            return f"comes up from message {settings.count('delay')} on"
        if it.timed.cooldown_until > self.count and not self.stays(it):
            return f"rests for {_messages(it.timed.cooldown_until - self.count)}"
        return "its chance is 0 %" if chance_of(it) <= 0 else ""

    def _by_decorators(self, it: Candidate) -> str:
        if not it.wishes.said or self._is_kept(it):
            return ""
        if it.timed.matched and "dont_activate_after_match" in it.wishes:
            return "told before, and only once (@@dont_activate_after_match)"
        if "activate" in it.wishes:
            return ""
        if "dont_activate" in it.wishes:
            return "never told (@@dont_activate)"
        return self._by_talk(it)

    def _by_talk(self, it: Candidate) -> str:
        """V3: how far the talk is, how it began, and with whom."""
        greeting = it.wishes.whole("is_greeting")
        if greeting is not None and greeting != self.greeting:
            return f"only with greeting {greeting}, and this talk began with {self.greeting}"
        after = it.wishes.whole("activate_only_after")
        if after is not None and self.by_character < after:
            return f"only after {after} answers, and there were {self.by_character}"
        every = it.wishes.whole("activate_only_every")
        if every is not None and self.by_character % every:
            return f"only at every {every} answers, and there were {self.by_character}"
        icon = it.wishes.said.get("is_user_icon")
        if icon is not None and icon != self.user_icon:
            return f"only with the user icon `{icon}`"
        return ""

    def _free(self, it: Candidate) -> str:
        if not it.wishes.said and it.timed is timing.NEVER:
            return ""
        if "activate" in it.wishes:
            return "always told (@@activate)"
        if self._is_kept(it):
            return "told before, and kept since (@@keep_activate_after_match)"
        if self.stays(it):
            return f"told before, and stays for {_messages(it.timed.sticky_until - self.count)}"
        return ""

    def _is_kept(self, it: Candidate) -> bool:
        return it.timed.matched and "keep_activate_after_match" in it.wishes


def chance_of(it: Candidate) -> float:
    """In percent; a decorator's beats a setting's."""
    said = it.wishes.real("probability") if it.wishes.said else None
    return it.settings.chance if said is None else min(100.0, max(0.0, said))


def _messages(number: int) -> str:
    return "one more message" if number == 1 else f"{number} more messages"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
