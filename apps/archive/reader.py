"""Archive format v1, read: bytes → a whole diary, or every problem at once (at most twenty are told)."""

from contextlib import suppress

from django.utils.translation import gettext as _

from apps.archive import layout, limits
from apps.archive.fields import Fields
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion
from apps.archive.problems import ArchiveError, Hopeless, Problem, Problems, refuse_if_any
from apps.archive.references import check_references
from apps.archive.syntax import parse


def read_archive(data: bytes) -> Archive:
    """The diary in `data`, its times as instants in UTC; raises ArchiveError.

    What is read is ready to be stored: every value within its limits, every name defined,
    no edible inside itself.
    """
    document = parse(data)
    _check_version(document)
    problems = Problems[Problem]()
    with suppress(Hopeless):
        archive = _archive(Fields(document, "", layout.ARCHIVE, problems))
        check_references(archive, problems)
    refuse_if_any(problems)
    return archive


def _check_version(document: object) -> None:
    """Other formats and newer versions are refused before their keys are: one sentence, not many."""
    if not isinstance(document, dict):
        raise _refused("", _("This is not a FoodMood archive"), _("its JSON must be an object in { }"))
    if document.get("format") != layout.FORMAT:
        raise _refused(
            "format",
            _("This is not a FoodMood archive"),
            _('the key "format" must say "%(format)s"') % {"format": layout.FORMAT},
        )
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise _refused(
            "version",
            _("The archive does not say its version"),
            _('the key "version" must say %(version)d') % {"version": layout.VERSION},
        )
    if version > layout.VERSION:
        raise _refused(
            "version",
            _("This archive is version %(theirs)s; this FoodMood reads version %(ours)s")
            % {"theirs": version, "ours": layout.VERSION},
            _("update FoodMood, then import again"),
        )


def _refused(path: str, what: str, mend: str) -> ArchiveError:
    return ArchiveError((Problem(path, what, mend),))


def _archive(fields: Fields) -> Archive:
    wellbeing = fields.inner("wellbeing", layout.WELLBEING)
    return Archive(
        timezone=fields.time_zone("timezone"),
        edibles=tuple(_edible(each) for each in fields.objects("edibles", layout.EDIBLE, layout.EDIBLE_OPTIONAL)),
        meals=tuple(_meal(each) for each in fields.objects("meals", layout.MEAL, layout.TIME_OPTIONAL)),
        categories=tuple(_category(each) for each in wellbeing.objects("categories", layout.CATEGORY)),
        entries=tuple(_entry(each) for each in wellbeing.objects("entries", layout.ENTRY, layout.TIME_OPTIONAL)),
    )


def _edible(fields: Fields) -> Edible:
    return Edible(
        name=fields.name("name", limits.EDIBLE_NAME_LENGTH),
        ingredients=fields.names("ingredients", limits.EDIBLE_NAME_LENGTH),
        notes=fields.notes("notes"),
    )


def _meal(fields: Fields) -> Meal:
    return Meal(
        title=fields.text("title", limits.MEAL_TITLE_LENGTH),
        category=fields.one_of("category", limits.MEAL_CATEGORIES),
        eaten_at=fields.instant("eaten_at"),
        notes=fields.notes("notes"),
        portions=tuple(_portion(each) for each in fields.objects("edibles", layout.PORTION)),
        time_guessed=fields.flag("time_guessed"),
    )


def _portion(fields: Fields) -> Portion:
    return Portion(
        edible=fields.name("name", limits.EDIBLE_NAME_LENGTH),
        amount=fields.amount("amount"),
        unit=fields.text("unit", limits.UNIT_LENGTH),
    )


def _category(fields: Fields) -> Category:
    return Category(
        name=fields.name("name", limits.CATEGORY_NAME_LENGTH),
        description=fields.notes("description", limits.DESCRIPTION_LENGTH),
        icon=fields.text("icon", limits.ICON_LENGTH),
        is_active=fields.flag("is_active"),
        higher_is_better=fields.flag("higher_is_better"),
        options=tuple(_option(each) for each in fields.objects("options", layout.OPTION)),
    )


def _option(fields: Fields) -> Option:
    return Option(
        label=fields.name("label", limits.OPTION_LABEL_LENGTH),
        value=fields.whole_number("value", limits.MIN_OPTION_VALUE, limits.MAX_OPTION_VALUE),
        color=fields.color("color"),
        order=fields.whole_number("order", limits.MIN_OPTION_ORDER, limits.MAX_OPTION_ORDER),
    )


def _entry(fields: Fields) -> Entry:
    return Entry(
        category=fields.name("category", limits.CATEGORY_NAME_LENGTH),
        option=fields.name("option", limits.OPTION_LABEL_LENGTH),
        recorded_at=fields.instant("recorded_at"),
        notes=fields.notes("notes"),
        time_guessed=fields.flag("time_guessed"),
    )
