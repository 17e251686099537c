"""Both images, and a site that is made of them as docker-compose.prod.yml says."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.delivery.debian import FOLDER, alone, debian
from tests.delivery.docker.images import BASE, Buildah, Image, Images
from tests.services import needed


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Images:
    """Built once, however many processes of pytest want them."""
    needed(os.geteuid() == 0, "Only root may build and run images here.")
    run = tmp_path_factory.getbasetemp()
    built = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "images.json"
    with alone("images"):
        if not built.exists():
            shutil.rmtree(FOLDER / "store", ignore_errors=True)
            buildah = Buildah(FOLDER)
            buildah.take_in(debian(), BASE)
            both = [
                buildah.build("Dockerfile", "foodmood"),
                buildah.build("pgbouncer.Dockerfile", "foodmood-pgbouncer"),
            ]
            built.write_text(json.dumps([[str(each.root), each.config] for each in both]))
    return Images(*(Image(Path(root), config) for root, config in json.loads(built.read_text())))
