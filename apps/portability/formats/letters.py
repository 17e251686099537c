"""Words as they compare: case, accents, points and spaces left out of account."""

import unicodedata

LONGEST = 200  # characters looked at: normalising takes quadratic time


def plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", " ".join(word[:LONGEST].split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip(" .,")
