"""`make observatory`: Mozilla's HTTP Observatory on the sign-in page and on Today. Fails under A+ with 120 points."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from config.env import VAR_DIR
from tests.config.test_gunicorn import gunicorn, prepare
from tests.config.test_headers import sign_in

PACKAGE = "@mdn/mdn-http-observatory"
FOLDER = VAR_DIR / "observatory"
LIBRARY = FOLDER / "node_modules" / PACKAGE
ENOUGH = 120


def main() -> int:
    missing = [program for program in ("npm", "node", "openssl") if shutil.which(program) is None]
    if missing:
        print(f"Skipped: {', '.join(missing)} not found. The scanner is a package of npm.")
        return 0
    install()
    passed = True
    for page, result in scan().items():
        good = result["grade"] == "A+" and result["score"] >= ENOUGH and result["status"] == 200
        passed &= good
        print(f"{page} ({result['where']}): {result['grade']}, {result['score']} points")
        for name, (outcome, points) in result["tests"].items():
            print(f"  {points:+4} {name}: {outcome}")
    return 0 if passed else 1


def install() -> None:
    """Without its scripts, which fetch lists from elsewhere: of preloaded hosts, among which ours is not."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    npm = [
        "npm",
        "install",
        "--silent",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(FOLDER),
        PACKAGE,
    ]
    subprocess.run(npm, check=True)  # noqa: S603 -- our own command
    (LIBRARY / "conf" / "hsts-preload.json").write_text("{}")


def scan() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, certificate = make_certificate(folder)
        environment = {"DATABASE_URL": f"sqlite:///{folder}/foodmood.sqlite3", "TRUSTED_PROXY_COUNT": "1"}
        prepare(**environment)
        session = sign_in("alice@example.org", **environment)
        with gunicorn(folder / "log", **environment) as address:
            port = address.rpartition(":")[2]
            script = Path(__file__).with_name("scan.mjs")
            done = subprocess.run(  # noqa: S603 -- our own command
                ["node", script, LIBRARY, port, key, certificate, session],  # noqa: S607 -- wherever it is
                env={"PATH": os.environ["PATH"], "NODE_EXTRA_CA_CERTS": str(certificate)},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
    results: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return results


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ["-subj", "/CN=food.example.org", "-addext", "subjectAltName=DNS:food.example.org"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)  # noqa: S603 -- our own command
    return key, certificate


if __name__ == "__main__":
    sys.exit(main())
