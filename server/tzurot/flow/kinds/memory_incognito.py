"""`memory incognito`: nothing is kept of what a person says and is answered."""

from tzurot.flow.kinds.modes import Mode
from tzurot.session.incognito import news


class MemoryIncognito(Mode):
    """Doesn't write."""

    path = "memory incognito"
    summary = "Talk without anything being kept: no messages, memories, facts or traces."
    key = news.KEY

    def heading(self, name: str) -> str:
        """With whom."""
        return f"Incognito with {name}" if name else "Incognito with everybody"

    def meaning(self, name: str, *, on: bool) -> str:
        """What is kept, and for how long it hangs together."""
        if on:
            return (
                "Nothing is kept of what you say and are answered: no messages, no memories, no "
                "facts, no traces. The server has the talk in mind while it goes on, for an hour "
                "after its last word at most; it forgets it as soon as you switch this off. What "
                "was answered can't be given again, edited or looked into."
            )
        return (
            f"{name or 'Characters'} can remember what you say. While you are incognito nothing of "
            "it is kept. What was said before stays, and is remembered."
        )
