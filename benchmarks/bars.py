"""What a measurement must hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    what: str
    seen: float
    wanted: float
    at_most: bool = False

    @property
    def is_held(self) -> bool:
        return self.seen <= self.wanted if self.at_most else self.seen >= self.wanted

    def __str__(self) -> str:
        verdict = "pass" if self.is_held else "FAIL"
        return f"{verdict}  {self.what}: {self.seen:.2f}, {'at most' if self.at_most else 'at least'} {self.wanted:g}"


def all_held(bars: list[Bar]) -> bool:
    """Print them, a line each."""
    for bar in bars:
        print(bar, flush=True)
    return all(bar.is_held for bar in bars)
