"""The assembling app: pages on top of the four apps, static files, commands. It has no models."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers templates, commands and static files of the portal itself, and the Celery application."""

    name = "xingxian_portal"
    verbose_name = "平台"

    def ready(self) -> None:
        """Load the Celery application, or `shared_task` would send a page's work to an unconfigured default one."""
        from xingxian_portal import celery  # noqa: F401 - loading it is the point
