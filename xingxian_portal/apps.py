"""The assembling app: pages on top of the four apps, static files, commands. It has no models."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers templates, commands and static files of the portal itself."""

    name = "xingxian_portal"
    verbose_name = "平台"
