"""Static files as production serves them: hashed, compressed, kept by browsers for ever."""

import json
import subprocess
import sys
from pathlib import Path

from config.env import BASE_DIR
from tests.inherited import inherited

SCRIPT = """
import json, sys
from config.env import start
start("prod")
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
settings.STATIC_ROOT = sys.argv[1]
call_command("collectstatic", interactive=False, verbosity=0)
from django.contrib.staticfiles.storage import staticfiles_storage
name = staticfiles_storage.url("css/foodmood.css")
answer = Client(headers={"accept-encoding": "br"}).get(name, secure=True, headers={"host": "food.example.org"})
print(json.dumps({"name": name, "status": answer.status_code, "headers": dict(answer.headers)}))
"""


def test_static_files_are_hashed_compressed_and_cached_in_production(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 -- our own script
        [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path / "static")],
        cwd=BASE_DIR,
        env={
            **inherited(),
            "DJANGO_SECRET_KEY": "k9Vb2nQx7LmZ4pRt8WsY1cFd6GhJ3kAe5UiOo0PzXyCvBnMqAbCdEf",
            "DJANGO_ALLOWED_HOSTS": "food.example.org",
            "DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])  # after the log
    assert answer["status"] == 200
    assert answer["name"] != "/static/css/foodmood.css"
    assert answer["headers"]["Content-Encoding"] == "br"
    assert "immutable" in answer["headers"]["Cache-Control"]
