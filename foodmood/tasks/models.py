import hashlib
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.signing import BadSignature, SignedPackage
from django_q.utils import get_func_repr


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    def note(self, *, task: dict[str, Any] | None, payload: str, attempts: int, error: str) -> "SetAside":
        """One row per function and arguments: what fails every minute is one thing to mend.

        No task: what waited can't be read. Each of those has its own row, for the key that opens it may come back.
        """
        func = get_func_repr(task["func"]) if task else "?"
        called = repr((func, task.get("args"), task.get("kwargs"))) if task else payload
        now = timezone.now()
        seen = {"payload": payload, "attempts": attempts, "last_error": error[:100], "last_at": now}
        row, new = self.get_or_create(
            digest=hashlib.sha256(called.encode()).hexdigest(), defaults={"func": func, "first_at": now, **seen}
        )
        if not new:
            self.filter(pk=row.pk).update(times=F("times") + 1, **seen)
        return row


class SetAside(models.Model):
    """A task that failed as often as it may, or that each worker died of. It waits for somebody to look."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    func = models.CharField(_("function"), max_length=256)
    payload = models.TextField(editable=False)  # signed, as it waited for the worker
    attempts = models.PositiveIntegerField(_("attempts"))
    times = models.PositiveIntegerField(_("times set aside"), default=1)
    last_error = models.CharField(_("last error"), max_length=100)  # its class: a message may quote a diary
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        verbose_name = _("task that was set aside")
        verbose_name_plural = _("tasks that were set aside")

    def __str__(self) -> str:
        return f"task {self.pk}"

    def fresh(self) -> str:
        """The task as it waited at first, none of its attempts counted."""
        try:
            return str(SignedPackage.dumps(SignedPackage.loads(self.payload) | {"attempt": 0}))
        except BadSignature:  # of a former secret key, which may be back by now
            return self.payload
