"""What a model costs."""

from dataclasses import dataclass

_PER = 1_000_000  # tokens


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-dollars for a million tokens; `cached_input_micros` for what the provider had read."""

    input_micros: int
    output_micros: int
    cached_input_micros: int

    def cost(self, tokens_in: int, cached: int, tokens_out: int) -> int:
        """What a call costs in micro-dollars, rounded up once. `tokens_in` includes `cached`."""
        read = min(cached, tokens_in)
        whole = (
            (tokens_in - read) * self.input_micros
            + read * self.cached_input_micros
            + tokens_out * self.output_micros
        )
        return -(-whole // _PER)


FREE = Price(0, 0, 0)


def dollars(micros: int) -> str:
    """A sum of money as people read it: to the cent, below a dollar to its hundredth."""
    return f"${micros / 1_000_000:,.2f}" if micros >= 1_000_000 else f"${micros / 1_000_000:.4f}"
