"""What a model costs. Pure.

Money is counted in micro-dollars, millionths of a US dollar, and whole ones: a sum of many turns
is then exact.
"""

from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-dollars for a million tokens of each kind; `request_micros` are for each request.

    `cache_write_micros`: of prompt that the provider keeps from then on; None: as all other prompt.
    """

    input_micros: int
    output_micros: int
    cached_input_micros: int
    request_micros: int = 0
    cache_write_micros: int | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing of it costs anything."""
        return not (self.input_micros or self.output_micros or self.request_micros)

    @property
    def dearest_micros(self) -> int:
        """The higher of what a million tokens of prompt and of reply cost."""
        return max(self.input_micros, self.output_micros)

    def cost(self, tokens_in: int, cached: int, tokens_out: int, *, written: int = 0) -> int:
        """Micro-dollars for one request, rounded up once.

        `tokens_in` are those of the prompt, of which `cached` came from the provider's cache and
        `written` went into it.
        """
        from_cache = min(cached, tokens_in)
        into_cache = min(written, tokens_in - from_cache)
        kept = self.input_micros if self.cache_write_micros is None else self.cache_write_micros
        tokens = (
            (tokens_in - from_cache - into_cache) * self.input_micros
            + from_cache * self.cached_input_micros
            + into_cache * kept
            + tokens_out * self.output_micros
        )
        return self.request_micros - (-tokens // MILLION)


FREE = Price(0, 0, 0)


def dollars(micros: int) -> str:
    """A sum of money as people read it.

    To the cent, below a dollar to the cent's hundredth, and what is less than that exactly.
    """
    digits = 2 if micros >= MILLION else 6 if 0 < micros < MILLION // 10_000 else 4
    return f"${micros / MILLION:,.{digits}f}"
