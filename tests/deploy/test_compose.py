"""docker-compose.prod.yml keeps what a server needs, and compose.yaml what a developer needs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.env import BASE_DIR, SECRET, declared
from tests.deploy.compose import HOST, composed

OURS = ("release", "web", "worker", "backup")
DATABASES = ("postgres", "pgbouncer", "redis")
FILES = ("compose.yaml", "docker-compose.prod.yml")
# What the images of others read, which we do not declare.
OTHERS = {
    "nginx": {"FOODMOOD_HOST", "FOODMOOD_UPSTREAM", "FOODMOOD_STATIC", "FOODMOOD_HSTS_SECONDS"},
    "postgres": {"POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS", "POSTGRES_USER", "POSTGRES_HOST_AUTH_METHOD"},
}


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    return composed("docker-compose.prod.yml", FOODMOOD_HOST=HOST)


@pytest.fixture(scope="module")
def services(production: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = production["services"]
    return found


def test_there_is_everything_that_a_server_needs(services: dict[str, Any]) -> None:
    assert set(services) == {*OURS, *DATABASES, "nginx", "certbot"}


def test_only_nginx_is_published(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert published == {"nginx": ["80:80", "443:443"]}
    assert not any("network_mode" in service for service in services.values())


def test_databases_have_no_way_in_or_out_and_nginx_none_to_them(production: dict[str, Any]) -> None:
    assert production["networks"]["data"] == {"internal": True}
    of = {name: set(service["networks"]) for name, service in production["services"].items()}
    assert [of[name] for name in DATABASES] == [{"data"}] * len(DATABASES)
    assert of["nginx"] == of["certbot"] == {"front"}


def test_everything_starts_again_by_itself(services: dict[str, Any]) -> None:
    restarts = {name: service["restart"] for name, service in services.items()}
    assert restarts.pop("release") == "on-failure:5"
    assert restarts.pop("backup") == "no"
    assert set(restarts.values()) == {"unless-stopped"}


def test_a_new_version_starts_only_ours_anew() -> None:
    """Compose starts anew what is another than before, and whatever depends on that."""
    old, new = (
        composed("docker-compose.prod.yml", FOODMOOD_HOST=HOST, FOODMOOD_VERSION=version)["services"]
        for version in "12"
    )
    anew = {name for name in old if old[name] != new[name]}
    assert anew == set(OURS)
    assert {name for name, service in new.items() if anew & set(service.get("depends_on", ()))} <= set(OURS)


def test_what_runs_on_has_a_health_check(services: dict[str, Any]) -> None:
    without = {name for name, service in services.items() if service.get("healthcheck", {}).get("disable")}
    assert without == {"release", "backup", "certbot"}
    image = (BASE_DIR / "deploy" / "docker" / "Dockerfile").read_text()
    assert 'HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "manage.py", "ready"]' in image
    assert services["web"]["healthcheck"]["test"] == ["CMD", "python", "manage.py", "ready"]  # the image's
    assert {name for name, service in services.items() if "healthcheck" not in service} == set()


def test_everything_is_bounded(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert service["logging"]["options"]["max-size"], name


def test_nothing_may_change_its_files_or_become_more_than_it_is(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
    capable = {name for name, service in services.items() if service.get("cap_add")}
    assert capable == {"nginx", "certbot", "postgres"}


def test_every_mounted_file_is_there_and_every_mounted_script_can_be_run(services: dict[str, Any]) -> None:
    for service in services.values():
        for volume in service.get("volumes", []):
            outside, _inside, *how = volume.split(":")
            if outside.startswith("."):
                file = BASE_DIR / outside
                assert how == ["ro"], volume
                assert file.exists(), volume
                assert file.suffix != ".sh" or file.stat().st_mode & 0o111, volume


@pytest.mark.parametrize("file", FILES)
def test_every_variable_in_it_is_one_that_somebody_reads(file: str) -> None:
    known = {variable.name for variable in declared()}
    for name, service in composed(file, FOODMOOD_HOST=HOST)["services"].items():
        given = set(service.get("environment", {}))
        ours = {variable.removesuffix("_FILE") for variable in given - OTHERS.get(name, set())}
        assert ours <= known, name


def test_no_secret_stands_in_it(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            secret = SECRET.search(variable) and variable != "REDIS_URL"  # in a network without strangers, no password
            assert not secret or value.startswith("/run/secrets/"), f"{name}: {variable}"


def test_each_secret_is_for_those_that_read_it(services: dict[str, Any]) -> None:
    for name in OURS:
        files = [value for value in services[name]["environment"].values() if value.startswith("/run/secrets/")]
        assert {Path(file).name for file in files} == set(services[name]["secrets"]), name
    assert "owner_url" not in services["web"]["secrets"]
    assert "backup_key" not in services["web"]["secrets"]


def test_new_secrets_makes_every_secret_once_and_keeps_it(production: dict[str, Any], tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "docker" / "new-secrets"
    script.parent.mkdir(parents=True)
    script.write_bytes((BASE_DIR / "deploy" / "docker" / "new-secrets").read_bytes())
    folder = tmp_path / "secrets"
    contents = []
    for _ in range(2):
        subprocess.run(["sh", str(script)], check=True)  # noqa: S603, S607 -- our own
        contents.append({file.name: file.read_text() for file in folder.iterdir()})
    assert contents[0] == contents[1]
    assert set(contents[0]) == set(production["secrets"])
    assert len(set(contents[0].values())) == len(contents[0])
    assert all(said["file"] == f"secrets/{name}" for name, said in production["secrets"].items())
    assert folder.stat().st_mode & 0o777 == 0o700  # nobody else on the server may even look into it


def test_nobody_runs_as_another_version(services: dict[str, Any]) -> None:
    assert {services[name]["image"] for name in OURS} == {"foodmood:latest"}
    chosen = composed("docker-compose.prod.yml", FOODMOOD_HOST=HOST, FOODMOOD_VERSION="1.2.3")["services"]
    assert {chosen[name]["image"] for name in OURS} == {"foodmood:1.2.3"}


def test_images_of_others_are_of_a_named_version() -> None:
    for file in FILES:
        for image in re.findall(r"image: (\S+)$", (BASE_DIR / file).read_text(), re.MULTILINE):
            assert re.search(r":v?\d", image) or image.startswith(("$", "foodmood")), image


def test_without_a_host_it_does_not_start_and_says_what_to_write() -> None:
    with pytest.raises(AssertionError, match=r"Write FOODMOOD_HOST=food\.example\.org"):
        composed("docker-compose.prod.yml")


def test_development_is_published_on_this_machine_alone() -> None:
    services = composed("compose.yaml")["services"]
    assert set(services) == {"web", "worker", "postgres", "redis", "mail"}
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports), ports
    assert services["web"]["volumes"] == services["worker"]["volumes"] == [".:/srv/foodmood"]


@pytest.mark.parametrize("file", ["Dockerfile", "pgbouncer.Dockerfile", "development.Dockerfile"])
def test_a_dockerfile_has_nothing_that_hadolint_would_refuse(file: str) -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(  # noqa: S603 -- our own tool
        [hadolint, "--no-color", f"deploy/docker/{file}"], cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
