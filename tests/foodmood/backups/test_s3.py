"""A bucket, over HTTP."""

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.management import CommandError, call_command
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from apps.accounts.models import User
from foodmood.backups import shelf
from foodmood.backups.models import last_drill
from tests.config.test_gunicorn import free_port
from tests.factories import MealFactory
from tests.foodmood.backups.hands import contents, taken
from tests.foodmood.backups.test_backup import KEY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bucket(settings: Settings) -> Iterator[Any]:
    """One that is there, and is set up."""
    port, name = free_port(), uuid.uuid4().hex  # moto remembers buckets after its end
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    options = {
        "bucket_name": name,
        "location": "foodmood",
        "endpoint_url": f"http://127.0.0.1:{port}",
        "region_name": "us-east-1",
        "access_key": "testing",
        "secret_key": "testing",
        "max_memory_size": 1024,
    }
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"backups": storage}
    settings.BACKUP_S3_BUCKET = name
    s3 = boto3.resource(
        "s3",
        endpoint_url=options["endpoint_url"],
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    yield s3.create_bucket(Bucket=name)
    server.stop()


@pytest.mark.parametrize("key", ["", KEY])
def test_a_backup_goes_there_and_comes_back(key: str, bucket: Any, alice: User, side: str, settings: Settings) -> None:
    settings.BACKUP_KEY = key
    MealFactory.create_batch(5, owner=alice)
    name = taken()
    assert sorted(each.key for each in bucket.objects.all()) == [f"foodmood/{name}.dump", f"foodmood/{name}.json"]
    call_command("restore", "latest", "--into", side)
    assert contents(side) == shelf.manifest(name).contents
    call_command("backup_drill")
    drill = last_drill()
    assert drill is not None
    assert drill.ok


def test_what_changed_there_is_found(bucket: Any, side: str) -> None:
    name = taken()
    dump = bucket.Object(f"foodmood/{name}.dump")
    body = bytearray(dump.get()["Body"].read())
    body[len(body) // 2] ^= 1
    dump.put(Body=bytes(body))
    with pytest.raises(CommandError, match="is damaged"):
        call_command("restore", "latest", "--into", side)


def test_a_bucket_that_is_not_there_is_told(bucket: Any) -> None:
    bucket.delete()
    with pytest.raises(CommandError, match=r"can't be kept in the bucket .*NoSuchBucket"):
        call_command("backup")
