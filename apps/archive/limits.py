"""How long, large and late a diary's values may be: what the models say, for archive and importers."""

from decimal import Decimal

from apps.edibles.models import NAME_LENGTH as EDIBLE_NAME_LENGTH
from apps.edibles.models import NOTES_LENGTH
from apps.meals.models import AMOUNT_DECIMALS, AMOUNT_DIGITS, TITLE_LENGTH, UNIT_LENGTH, Meal
from apps.wellbeing.models import DESCRIPTION_LENGTH, ICON_LENGTH, NAME_LENGTH, ORDER_LIMIT, VALUE_LIMIT
from foodmood.days import EARLIEST, LATEST

MEAL_TITLE_LENGTH = TITLE_LENGTH
CATEGORY_NAME_LENGTH = OPTION_LABEL_LENGTH = NAME_LENGTH

MAX_AMOUNT = str(Decimal(10**AMOUNT_DIGITS - 1).scaleb(-AMOUNT_DECIMALS))

MIN_OPTION_VALUE, MAX_OPTION_VALUE = -VALUE_LIMIT, VALUE_LIMIT
MIN_OPTION_ORDER, MAX_OPTION_ORDER = 0, ORDER_LIMIT

# Of the instant in UTC, so that a diary stays valid when its owner moves.
FIRST_YEAR, LAST_YEAR = EARLIEST.year, LATEST.year - 1

MEAL_CATEGORIES = tuple(Meal.Category.values)

__all__ = [
    "AMOUNT_DECIMALS",
    "CATEGORY_NAME_LENGTH",
    "DESCRIPTION_LENGTH",
    "EDIBLE_NAME_LENGTH",
    "FIRST_YEAR",
    "ICON_LENGTH",
    "LAST_YEAR",
    "MAX_AMOUNT",
    "MAX_OPTION_ORDER",
    "MAX_OPTION_VALUE",
    "MEAL_CATEGORIES",
    "MEAL_TITLE_LENGTH",
    "MIN_OPTION_ORDER",
    "MIN_OPTION_VALUE",
    "NOTES_LENGTH",
    "OPTION_LABEL_LENGTH",
    "UNIT_LENGTH",
]
