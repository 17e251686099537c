"""The keys of archive format v1, each object's in the order in which they are written."""

FORMAT = "foodmood"
VERSION = 1

ARCHIVE = ("format", "version", "timezone", "edibles", "meals", "wellbeing")
EDIBLE = ("name", "ingredients")
EDIBLE_OPTIONAL = ("notes",)  # written where there is one
MEAL = ("title", "category", "eaten_at", "notes", "edibles")
TIME_OPTIONAL = ("time_guessed",)  # of a meal or an entry, written where it is true
PORTION = ("name", "amount", "unit")
WELLBEING = ("categories", "entries")
CATEGORY = ("name", "description", "icon", "is_active", "higher_is_better", "options")
OPTION = ("label", "value", "color", "order")
ENTRY = ("category", "option", "recorded_at", "notes")
