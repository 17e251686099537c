"""Names that are one name whatever their case, on every database and in every script.

SQL's LOWER can't hold that: SQLite's knows ASCII only, and PostgreSQL's depends on how the cluster was made.
"""

import unicodedata
from typing import Any

from django.db import models

MOST_ALIASES = 20  # of one row; the oldest are forgotten


def fold(name: str) -> str:
    """What two spellings of one name share: case, width, composition and white space folded.

    Folding twice changes nothing (Unicode 3.13, D146). White space goes last, because some letters leave it behind.
    """
    caseless = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", name).casefold())
    return " ".join(unicodedata.normalize("NFKC", caseless.casefold()).split())


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
