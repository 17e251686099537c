"""The names that Daylio gives its five moods, and common words for them, in seven languages."""

import unicodedata
from collections.abc import Iterable

# English, German, Spanish, French, Italian, Portuguese, Dutch. No word means two values in two of them.
_WORDS = {
    5: (
        "rad",
        "super",
        "awesome",
        "great",
        "amazing",
        "excellent",
        "fantastic",
        "großartig",
        "fantastisch",
        "spitze",
        "toll",
        "genial",
        "increíble",
        "excelente",
        "estupendo",
        "fenomenal",
        "génial",
        "parfait",
        "fantastico",
        "ottimo",
        "benissimo",
        "radiante",
        "ótimo",
        "incrível",
        "geweldig",
        "top",
        "uitstekend",
    ),
    4: (
        "good",
        "happy",
        "gut",
        "bien",
        "bueno",
        "bon",
        "bene",
        "buono",
        "bem",
        "bom",
        "goed",
    ),
    3: (
        "meh",
        "ok",
        "okay",
        "so-so",
        "neutral",
        "average",
        "naja",
        "mittel",
        "mittelmäßig",
        "regular",
        "más o menos",
        "neutro",
        "bof",
        "moyen",
        "neutre",
        "così così",
        "mais ou menos",
        "médio",
        "matig",
        "gemiddeld",
        "oké",
        "gaat wel",
    ),
    2: (
        "bad",
        "poor",
        "schlecht",
        "mal",
        "malo",
        "mauvais",
        "male",
        "mau",
        "ruim",
        "slecht",
    ),
    1: (
        "awful",
        "terrible",
        "horrible",
        "lausig",
        "furchtbar",
        "schrecklich",
        "mies",
        "fatal",
        "pésimo",
        "affreux",
        "nul",
        "pessimo",
        "terribile",
        "orribile",
        "péssimo",
        "horrível",
        "terrível",
        "vreselijk",
        "afschuwelijk",
        "waardeloos",
    ),
}


def guess(moods: Iterable[str]) -> dict[str, int]:
    """1 (worst) to 5 (best) for each name that is known; case and accents do not matter."""
    return {mood: _VALUES[key] for mood in moods if (key := _plain(mood)) in _VALUES}


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", " ".join(word.split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_VALUES = {_plain(word): value for value, words in _WORDS.items() for word in words}
