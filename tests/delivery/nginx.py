"""deploy/nginx on ports of its own in place of 80 and 443, and in a folder of its own in place of /etc and /var."""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.env import BASE_DIR, VAR_DIR
from tests.config.test_gunicorn import ENVIRONMENT, free_port, prepare
from tests.foodmood.processes import Site, until
from tests.services import program

HOST = ENVIRONMENT["DJANGO_ALLOWED_HOSTS"]
DEPLOY = BASE_DIR / "deploy" / "nginx"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")

# What Debian's nginx.conf has around the files in conf.d.
MAIN = """
{modules} {user} daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
    include /etc/nginx/mime.types; default_type application/octet-stream; gzip on;
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""


@dataclass(frozen=True)
class Front:
    """One nginx. What an operator copies to /etc/nginx stands in `folder`."""

    folder: Path
    upstream: int
    host: str = HOST
    http: int = field(default_factory=free_port)
    https: int = field(default_factory=free_port)

    @property
    def configuration(self) -> Path:
        return self.folder / "nginx.conf"

    @property
    def command(self) -> list[str]:
        return [program("nginx"), "-c", str(self.configuration)]

    @property
    def log(self) -> Path:
        return self.folder / "log" / "access.log"

    def install(self, name: str) -> None:
        """What the guide tells to do with a template."""
        values = {
            "FOODMOOD_HOST": self.host,
            "FOODMOOD_UPSTREAM": f"127.0.0.1:{self.upstream}",
            "FOODMOOD_STATIC": str(self.folder / "static"),
            "FOODMOOD_HSTS_SECONDS": "31536000",
        }
        done = subprocess.run(  # noqa: S603 -- our own command
            [program("envsubst", "gettext-base"), " ".join(f"${{{name}}}" for name in values)],
            input=(DEPLOY / "templates" / f"{name}.template").read_text(encoding="utf-8"),
            env=os.environ | values,
            capture_output=True,
            text=True,
            check=True,
        )
        (self.folder / "conf.d" / name).write_text(self.here(done.stdout), "utf-8")

    def here(self, text: str) -> str:
        """The same on ports and in folders that nobody else has."""
        text = re.sub(r"listen \[::\].*\n", "", text)
        text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{self.http}", text)
        text = re.sub(r"listen 443\b", f"listen 127.0.0.1:{self.https}", text)
        folders = {"/etc/letsencrypt/": "letsencrypt/", "/var/www/letsencrypt": "webroot", "/var/log/nginx/": "log/"}
        for usual, ours in (folders | {"/etc/nginx/foodmood/": "foodmood/"}).items():
            text = text.replace(usual, f"{self.folder}/{ours}")
        return text

    def prepare(self) -> None:
        for name in ("conf.d", "log", "webroot"):
            (self.folder / name).mkdir()
        shutil.copytree(DEPLOY / "foodmood", self.folder / "foodmood")
        for snippet in (self.folder / "foodmood").glob("*.conf"):
            snippet.write_text(self.here(snippet.read_text("utf-8")), "utf-8")
        if BROTLI.exists():
            shutil.copy(DEPLOY / "brotli.conf", self.folder / "conf.d")
        modules = f"load_module {BROTLI};" if BROTLI.exists() else ""
        user = "user root;" if os.getuid() == 0 else ""  # the folder is this user's
        self.configuration.write_text(MAIN.format(folder=self.folder, modules=modules, user=user))

    def test(self) -> None:
        done = subprocess.run([*self.command, "-t"], capture_output=True, text=True, check=False)  # noqa: S603 -- our own
        assert done.returncode == 0, done.stderr

    def reload(self) -> None:
        self.test()
        subprocess.run([*self.command, "-s", "reload"], check=True)  # noqa: S603 -- as above

    @contextmanager
    def running(self) -> Iterator[None]:
        self.test()
        with (
            (self.folder / "said").open("w") as said,
            subprocess.Popen(self.command, stdout=said, stderr=said) as process,  # noqa: S603 -- our own command
        ):
            try:
                until((self.folder / "nginx.pid").exists, "nginx to start")
                yield
            finally:
                process.terminate()


def site(folder: Path) -> Site:
    """Released, with production's settings and SQLite; its static files copied from where other tests collect, too."""
    environment = ENVIRONMENT | {
        "DATABASE_URL": f"sqlite:///{folder}/foodmood.sqlite3",
        "TRUSTED_PROXY_COUNT": "1",
        "PYTHONUNBUFFERED": "1",
    }
    prepare(DATABASE_URL=environment["DATABASE_URL"])
    with (VAR_DIR / "prepare.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copytree(VAR_DIR / "static", folder / "static")
    return Site(folder, environment)
