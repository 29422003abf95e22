#!/usr/bin/env python
"""Command line of the portal; `python manage.py up --demo` is the main job."""

import os
import sys


def main() -> None:
    """Run one management command with the embedded default settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingxian_portal.settings.base")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as missing:
        sys.exit(
            f"缺少软件包 {missing.name}：请先运行 .venv/bin/pip install -r requirements.txt，再用 .venv/bin/python 启动。"
        )
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A wrong setting is the reader's to mend: its sentence, not our traceback.
        sys.exit(f"无法启动：{error}")


if __name__ == "__main__":
    main()
