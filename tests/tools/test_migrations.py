"""`make check` refuses a migration that the code of the version before can't live with."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from config.env import BASE_DIR

MIGRATION = """
from django.db import migrations, models
from foodmood.indexes import AddIndexWithoutLock

class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("meals", "{before}")]
    operations = [{operation}]
"""
INDEX = 'models.Index(fields=["{0}"], name="by_{0}")'
REFUSED = {
    "drop_a_column": 'migrations.RemoveField("meal", "notes")',
    "add_one_that_must_be_filled": 'migrations.AddField("meal", "mood", models.CharField(max_length=9, default="x"))',
    "rename_a_column": 'migrations.RenameField("meal", "title", "heading")',
    "retype_a_column": 'migrations.AlterField("meal", "category", models.IntegerField())',
    "rename_a_table": 'migrations.RenameModel("Portion", "Serving")',
    "drop_a_table": 'migrations.DeleteModel("Serving")',
    "lock_writers_out": f'migrations.AddIndex("meal", {INDEX.format("eaten_at")})',
}
TAKEN = {
    "add_one_that_may_be_empty": 'migrations.AddField("meal", "place", models.TextField(null=True))',
    "add_one_that_fills_itself": 'migrations.AddField("meal", "by", models.CharField(max_length=9, db_default="me"))',
    "let_writers_go_on": f'AddIndexWithoutLock("meal", {INDEX.format("owner")})',
}


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of all of them, one after the other behind the real ones."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(BASE_DIR / "apps/meals/migrations", folder / "planted")
    before = max(path.stem for path in (folder / "planted").glob("0*.py"))
    for number, (name, operation) in enumerate((REFUSED | TAKEN).items(), int(before[:4]) + 1):
        text = MIGRATION.format(atomic=name != "let_writers_go_on", before=before, operation=operation)
        before = f"{number:04}_{name}"
        (folder / "planted" / f"{before}.py").write_text(text)
    (folder / "planted_settings.py").write_text(
        "from tools.migrations.settings import *\nMIGRATION_MODULES = {'meals': 'planted'}\n"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "planted_settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", "lintmigrations"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout


def test_it_refuses_what_breaks_the_version_before(verdict: str) -> None:
    refused = re.findall(r"\(meals, \d+_(\w+)\)\.\.\. ERR", verdict)
    assert sorted(refused) == sorted(REFUSED)


def test_it_takes_what_the_version_before_never_sees(verdict: str) -> None:
    assert not [name for name in TAKEN if name in verdict]
