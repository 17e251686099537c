#!/usr/bin/env python
import sys

from config.env import start

if __name__ == "__main__":
    start("dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
