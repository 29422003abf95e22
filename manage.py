#!/usr/bin/env python
"""Command line of the portal; `python manage.py up --demo` is the main job."""

import os
import sys


def main() -> None:
    """Run one management command with the embedded default settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingxian_portal.settings.base")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
