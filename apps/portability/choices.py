"""What the person says to rows that an earlier import brought. Without models: it goes to another process."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choices:
    """By default, what they changed stays and what they deleted is left out."""

    replace_changed: bool = False
    restore_deleted: bool = False


NO_CHOICES = Choices()
