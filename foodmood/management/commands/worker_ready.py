import socket
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from foodmood.database import reason
from foodmood.telemetry.models import ALIVE, Heartbeat


class Command(BaseCommand):
    help = "Whether the worker on this machine lives. Exit status 0: yes; 1: no."
    requires_system_checks = ()  # a container's health check runs it again and again

    def handle(self, *args: Any, **options: Any) -> None:
        host = socket.gethostname()
        try:
            alive = Heartbeat.objects.alive().filter(host=host).exists()
        except DatabaseError as error:
            raise CommandError(f"not ready: the database can't be asked: {reason(error)}") from error
        if not alive:
            raise CommandError(
                f"not ready: no worker on {host} showed itself in the last {ALIVE.seconds} s. Start"
                " `manage.py qcluster`, or read its log."
            )
        self.stdout.write("ready")
