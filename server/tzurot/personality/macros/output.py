"""The text that comes of a macro's parts."""

_NEWLINES = "\r\n"


class Output:
    """Pieces put together; where `{{trim}}` stands, without the newlines on both sides of it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._trims = False

    @property
    def text(self) -> str:
        """All of it so far."""
        return "".join(self._pieces)

    def add(self, piece: str) -> None:
        """Put a piece behind the others."""
        if self._trims:
            piece = piece.lstrip(_NEWLINES)
        if piece:
            self._pieces.append(piece)
            self._trims = False

    def trim(self) -> None:
        """Drop the newlines here, before and behind."""
        while self._pieces:
            piece = self._pieces.pop().rstrip(_NEWLINES)
            if piece:
                self._pieces.append(piece)
                break
        self._trims = True
