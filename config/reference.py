"""The environment, written down for people: `.env.example` and docs/configuration.md. `make env-example` runs it."""

import re

from config.env import BASE_DIR, VARIABLES
from config.variables import Variable

PLACEHOLDER = "change-me"  # of a secret there is no good example

INTRODUCTION = """\
# Configuration

<!-- Written by `make env-example` from config/env.py and the modules beside it: change it there. -->

FoodMood is configured by environment variables alone. Development needs none of them; production needs three
([how to begin](deploying.md)). If something is wrong, FoodMood does not start, and one message says all that is
([what it may say](troubleshooting.md#foodmood-does-not-start)).

- Any variable may come from a file, as secrets do: `DJANGO_SECRET_KEY_FILE=/run/secrets/key`.
- A file `.env` in the project's folder is read, too. What is really in the environment wins over it.
  [`.env.example`](../.env.example) is one to begin with. A line is `NAME=value`. Spaces around `=`, `export` before the
  name and quotes around the value are fine; a comment has a line of its own. A line that can't be understood stops the
  start: the message names the file and the line's number.
- A name that is one letter off, such as `DJANGO_SINGUP`, stops the start in production or in `.env`. A name that other
  projects use, such as `EMAIL_HOST`, is a warning in the log.
- A blank value is none.
- `python manage.py print_settings` prints what is set here, with a fingerprint in place of each secret.
"""


def example() -> str:
    """What `.env.example` holds."""
    lines = [
        "# Every variable that FoodMood reads. Copy to .env and keep what you need: development needs none.",
        "# Any of them may also be given as NAME_FILE=/path, for secrets kept in files.",
    ]
    for group, variables in VARIABLES.items():
        lines += ["", f"# --- {group}"]
        for variable in variables:
            lines += ["", f"# {variable.help}{_needed(variable)}"]
            lines.append(f"#{variable.name}={variable.example or variable.default}")
    return "\n".join(lines) + "\n"


def page() -> str:
    """What docs/configuration.md holds."""
    lines = [INTRODUCTION.rstrip()]
    for group, variables in VARIABLES.items():
        lines += ["", f"## {group}", "", "| Variable | | Default |", "|---|---|---|"]
        lines += [_row(variable) for variable in variables]
    return "\n".join(lines) + "\n"


def _row(variable: Variable) -> str:
    told = re.sub(r"docs/([\w/-]+\.md)", r"[\1](\1)", variable.help) + _needed(variable)
    if variable.example and variable.example != PLACEHOLDER:
        told += f" Such as `{variable.example}`."
    default = f" `{variable.default}`" if variable.default and not variable.required else ""
    return f"| `{variable.name}` | {told} |{default} |"


def _needed(variable: Variable) -> str:
    required = " Required in prod." if variable.required else ""
    return required + (f" Needed for {' or '.join(variable.needed_for)}." if variable.needed_for else "")


if __name__ == "__main__":
    (BASE_DIR / ".env.example").write_text(example(), encoding="utf-8")
    (BASE_DIR / "docs" / "configuration.md").write_text(page(), encoding="utf-8")
