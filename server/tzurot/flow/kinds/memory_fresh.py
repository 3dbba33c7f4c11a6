"""`memory fresh`: nothing of a person comes to mind."""

from tzurot.flow.kinds.modes import Mode


class MemoryFresh(Mode):
    """Doesn't read."""

    path = "memory fresh"
    summary = "Talk with a character to whom nothing about you comes to mind."
    key = "fresh"

    def heading(self, name: str) -> str:
        """With whom."""
        return f"A fresh start with {name}" if name else "A fresh start with everybody"

    def meaning(self, name: str, *, on: bool) -> str:
        """What comes to mind, and what doesn't."""
        if on:
            return (
                "Nothing about you comes to mind: no memories, no facts. What the conversation "
                "shows is told on, and so is what you say of yourself in your persona. New "
                "memories are still made: to keep nothing, be incognito."
            )
        return f"What {name or 'a character'} remembers of you comes to mind as you talk."
