"""Cronometer's groups → meal categories: its own names, common words in other languages, and what people answer."""

from collections.abc import Mapping
from datetime import time, timedelta

from django.utils.translation import gettext as _

from apps.meals.models import Meal
from apps.portability.formats.letters import plain
from apps.portability.formats.questions import GROUP, Answers, Question, answered

BY_TIME = "BY_TIME"

# Where a serving without a time is put.
USUAL_TIMES: Mapping[str, timedelta] = {
    "BREAKFAST": timedelta(hours=8),
    "LUNCH": timedelta(hours=12, minutes=30),
    "DINNER": timedelta(hours=19),
    "SNACK": timedelta(hours=16),
    "DRINK": timedelta(hours=10),
}

_CRONOMETERS = {
    "breakfast": "BREAKFAST",
    "lunch": "LUNCH",
    "dinner": "DINNER",
    "snack": "SNACK",
    "snacks": "SNACK",
    "drink": "DRINK",
    "drinks": "DRINK",
}
# Words that mean one meal in every language that has them: “frokost” is breakfast in Norway and lunch in Denmark.
_WORDS = {
    "BREAKFAST": "frühstück|morgenessen|petit déjeuner|petit-déjeuner|desayuno|colazione|prima colazione"
    "|pequeno-almoço|pequeno almoço|café da manhã|ontbijt|śniadanie|frukost|morgenmad|aamiainen|aamupala|snídaně"
    "|raňajky|завтрак|сніданок|kahvaltı|reggeli|micul dejun|mic dejun|doručak|zajtrk|πρωινό|朝食|早餐|早饭|아침"
    "|아침 식사|sarapan|bữa sáng|morning|first breakfast|esmorzar",
    "LUNCH": "mittagessen|mittag|déjeuner|almuerzo|comida|pranzo|almoço|lunsj|obiad|lounas|oběd|obed|обед|обід"
    "|öğle yemeği|ebéd|prânz|ručak|kosilo|μεσημεριανό|昼食|午餐|午饭|점심|점심 식사|makan siang|bữa trưa|dinar"
    "|middageten|noon",
    "DINNER": "abendessen|abendbrot|nachtessen|znacht|dîner|souper|cena|jantar|avondeten|diner|kolacja|aftensmad"
    "|kvällsmat|kveldsmat|middag|päivällinen|illallinen|večeře|večera|ужин|вечеря|akşam yemeği|vacsora|cină|večerja"
    "|βραδινό|夕食|晚餐|晚饭|저녁|저녁 식사|makan malam|bữa tối|sopar|supper|tea time|evening meal",
    "SNACK": "zwischenmahlzeit|zwischenmahlzeiten|imbiss|imbisse|znüni|zvieri|vesper|jause|knabbereien|collation"
    "|collations|en-cas|goûter|grignotage|merienda|meriendas|aperitivo|spuntino|spuntini|merenda|lanche|lanches"
    "|tussendoortje|tussendoortjes|przekąska|przekąski|mellanmål|mellemmåltid|mellemmåltider|mellommåltid|välipala"
    "|välipalat|svačina|svačiny|desiata|перекус|перекусы|перекуси|atıştırmalık|ara öğün|uzsonna|gustare|gustări|užina"
    "|σνακ|間食|おやつ|零食|加餐|간식|camilan|bữa phụ|snacking|treats|dessert|desserts|sweets",
    "DRINK": "getränk|getränke|boisson|boissons|bebida|bebidas|bevanda|bevande|dranken|drankjes|drank|napój|napoje"
    "|dryck|drycker|drikke|drikkevarer|juoma|juomat|nápoj|nápoje|напиток|напитки|напій|напої|içecek|içecekler|ital"
    "|italok|băutură|băuturi|piće|pića|ποτά|飲み物|饮料|음료|minuman|đồ uống|beverage|beverages|coffee|tea|water",
}
_CATEGORIES = {plain(word): category for category, words in _WORDS.items() for word in words.split("|")}


def is_cronometers_own(name: str) -> bool:
    """`name`: as plain() gives it."""
    return name in _CRONOMETERS


def category_of(name: str, answers: Mapping[str, str], at: timedelta | None) -> str:
    """The meal category of a group that is Cronometer's own, blank, or answered for. `name`: its plain() name."""
    category = _CRONOMETERS.get(name) or answers.get(name, BY_TIME)
    if category != BY_TIME:
        return category
    if at is None:
        return Meal.Category.SNACK.value
    return Meal.Category.likely_at(time(at.seconds // 3600)).value  # 24:00 is 0:00 as well


def questions(groups: Mapping[str, int], answers: Answers) -> list[Question]:
    """One for each group that is not Cronometer's own; common words are answered already."""
    choices = (*Meal.Category.choices, (BY_TIME, _("By the time of day")))
    shown = tuple((value, str(label)) for value, label in choices)
    return [
        answered(Question(f"{GROUP}{group}", group, shown, _CATEGORIES.get(plain(group), ""), count), answers)
        for group, count in groups.items()
    ]
