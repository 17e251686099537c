"""Names that are one name whatever their case, on every database and in every script.

SQL's LOWER can't hold that: SQLite's knows ASCII only, and PostgreSQL's depends on how the cluster was made.
"""

import functools
import operator
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

LONGEST = 1000  # characters; no name has as many
MOST_ALIASES = 20  # of one row; the oldest are forgotten


def fold(name: str) -> str:
    """What two spellings of one name share: case, width, composition and white space folded.

    Folding twice changes nothing (Unicode 3.13, D146). White space goes last, because some letters leave it behind.
    Only the first LONGEST characters count: normalising takes quadratic time for a row of combining characters, 28
    seconds for 60,000 of them (CPython gh-149079).
    """
    caseless = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", name[:LONGEST]).casefold())
    return " ".join(unicodedata.normalize("NFKC", caseless.casefold()).split())


COMBINING_MARKS = re.compile(r"[\u0300-\u036f]")
LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'"})
MOST_WORDS = 8  # of a search; further ones are ignored


def search_key(text: str) -> str:
    """Return `text` folded and without accents: what a search looks in, and what lists are sorted by.

    "Crème brûlée" becomes "creme brulee". A text of accents alone keeps them, so that a name's key is never blank.
    """
    folded = fold(text)
    plain = COMBINING_MARKS.sub("", unicodedata.normalize("NFD", folded.translate(LETTERS)))
    return " ".join(unicodedata.normalize("NFC", plain).split()) or folded


def search_words(query: str) -> list[str]:
    """Return the words that a name must contain, in any order, without the punctuation around them."""
    words = (re.sub(r"^\W+|\W+$", "", word) or word for word in search_key(query).split())
    return list(dict.fromkeys(words))[:MOST_WORDS]


def contains_word(word: str, *unfilled: str) -> models.Q:
    """A condition: the row's search key contains the word.

    Rows that the version before search keys wrote during a roll-out have none: there the `unfilled` columns are asked.
    """
    plain = (models.Q(("search_key", None), (f"{column}__icontains", word)) for column in unfilled)
    found = models.Q(GreaterThan(StrIndex("search_key", models.Value(word)), 0))  # several times as fast as LIKE
    return functools.reduce(operator.or_, plain, found)


class FoldedField(models.CharField):  # type: ignore[type-arg] # the stubs' generics can't be subscripted at run time
    """Keeps `fold()` of another field, for unique constraints and for search. Written with its row."""

    def __init__(self, *, source: str, **kwargs: Any) -> None:
        self.source = source
        super().__init__(**kwargs | {"editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = fold(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value


def remember_alias(aliases: Any, former: str, present: str, **scope: Any) -> None:
    """Keep the folded name that a row had before, among its related `aliases`, when it is another one now.

    `scope`: within what an alias is unique. There it leads to the row that had the name last.
    """
    if former in {"", present}:
        return
    aliases.model.objects.filter(key=former, **scope).delete()
    aliases.create(key=former, **scope)
    aliases.exclude(pk__in=aliases.order_by("-pk").values("pk")[:MOST_ALIASES]).delete()


class SearchKeyField(models.CharField):  # type: ignore[type-arg] # as above
    """Stores `search_key()` of other fields, cut to its length. Sorted by code point on every database.

    NULL in rows that the version before this field wrote while the new one was rolled out.
    """

    def __init__(self, *, sources: Sequence[str], **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(**kwargs | {"editable": False, "null": True})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"sources": self.sources}

    def db_parameters(self, connection: Any) -> Any:
        collation = "C" if connection.vendor == "postgresql" else None  # SQLite's own is the same
        return super().db_parameters(connection) | {"collation": collation}

    def of(self, model_instance: models.Model) -> str:
        """Return the value for this row."""
        texts = (getattr(model_instance, source)[: self.max_length] for source in self.sources)
        return search_key(" ".join(texts)[: self.max_length])[: self.max_length]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.of(model_instance)
        setattr(model_instance, self.attname, value)
        return value


def refresh_search_keys(rows: Iterable[models.Model]) -> None:
    """For what `bulk_update()` then writes: it calls no field's `pre_save()`."""
    for row in rows:
        row.search_key = type(row)._meta.get_field("search_key").of(row)  # type: ignore[attr-defined,union-attr] # noqa: SLF001 -- Django's documented API


def fill_search_keys(model: type[models.Model], *, batch: int = 1000) -> None:
    """For migrations: write the search keys that are missing, one batch of rows at a time."""
    rows = model._default_manager.order_by("pk")  # noqa: SLF001 -- Django's documented API
    last = 0
    while some := list(rows.filter(search_key=None, pk__gt=last)[:batch]):
        last = some[-1].pk
        refresh_search_keys(some)
        model._default_manager.bulk_update(some, ["search_key"], batch_size=100)  # noqa: SLF001 -- as above
