#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

# Django's own commands that change the schema act as its owner; ours name their role themselves.
OWNER_COMMANDS = {"migrate", "sqlmigrate", "showmigrations", "makemigrations", "dbshell"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("PORTAL_ROLE", "owner")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as missing:
        sys.exit(f"{missing} (.env.example explains every variable)")


if __name__ == "__main__":
    main()
