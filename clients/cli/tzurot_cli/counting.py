"""Numbers of things, in words."""


def counted(number: int, one: str, many: str) -> str:
    """So many of something."""
    return f"{number:,} {one if number == 1 else many}"


def some(*counts: tuple[int, str, str]) -> str:
    """Of several things those that there are, one after the other."""
    return ", ".join(counted(*it) for it in counts if it[0])
