"""Two hundred people at one moment, each over a connection of their own: what they log, FoodMood's own code saves.

A process of its own, with the settings of a web process. Prints the titles of the meals that were acknowledged.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import django

from config.env import start

start("prod")
django.setup()

from django.db import connection  # noqa: E402 -- after setup, as all that follows
from django.utils import timezone  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.meals.actions import NewPortion, save_meal  # noqa: E402

PEOPLE = 200
MEALS = 3


def live(person: User, everybody: threading.Barrier) -> list[str]:
    connection.ensure_connection()
    everybody.wait()
    titles = [f"{person.pk}-{number}" for number in range(MEALS)]
    for title in titles:
        save_meal(
            owner=person, title=title, category="LUNCH", eaten_at=timezone.now(), portions=[NewPortion("Barley soup")]
        )
    everybody.wait()  # nobody leaves before the last has written
    connection.close()
    return titles


def main() -> None:
    people = User.objects.bulk_create(User(email=f"person{number}@example.org") for number in range(PEOPLE))
    connection.close()
    everybody = threading.Barrier(PEOPLE)
    with ThreadPoolExecutor(PEOPLE) as threads:
        for titles in threads.map(lambda person: live(person, everybody), people):
            sys.stdout.writelines(f"{title}\n" for title in titles)


if __name__ == "__main__":
    main()
