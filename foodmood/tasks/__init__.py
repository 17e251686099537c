"""What the worker does, at least once: docs/background-work.md and docs/adr/0020."""
