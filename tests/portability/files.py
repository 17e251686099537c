"""Small exports of other apps, as a person brings them one after the other."""

from apps.accounts.models import User
from apps.portability.actions import Origin, import_archive
from apps.portability.choices import NO_CHOICES, Choices
from apps.portability.merging import plan_import
from apps.portability.models import Format
from apps.portability.plan import Plan
from apps.portability.reading import read_file

SERVINGS = "Day,Time,Group,Food Name,Amount,Energy (kcal)\n"
FIRST_WEEK = (
    SERVINGS
    + """2026-11-03,8:00 AM,Breakfast,"Eggs, Cooked",2.00 large,140
2026-11-03,8:00 AM,Breakfast,Toast,1.00 slice,80
2026-11-04,8:00 AM,Breakfast,"Eggs, Cooked",2.00 large,140
"""
)
CORRECTED = FIRST_WEEK.replace("1.00 slice", "2.00 slice")
NEXT_WEEK = CORRECTED + '2026-11-05,8:00 AM,Breakfast,"Eggs, Cooked",2.00 large,140\n'
MOODS = """full_date,date,weekday,time,mood,activities,note_title,note
2026-11-03,November 3,Tuesday,9:05 PM,tired,"","",""
2026-11-03,November 3,Tuesday,1:05 PM,good,"","",""
"""


def bring(
    owner: User,
    text: str | bytes,
    kind: str = "cronometer",
    *,
    choices: Choices = NO_CHOICES,
    add: bool = True,
    **mapping: int,
) -> Plan:
    """What comes of importing it; with `add=False`, what the preview says."""
    owner.refresh_from_db()
    data = text.encode() if isinstance(text, str) else text
    found = read_file(data=data, kind=Format(kind), owner=owner, mapping=mapping)
    assert found.reading is not None
    archive = found.reading.archive
    if not add:
        return plan_import(owner=owner, archive=archive, restore=found.restores, choices=choices)
    origin = Origin(Format(kind), "export.csv")
    return import_archive(owner=owner, archive=archive, restore=found.restores, choices=choices, origin=origin)
