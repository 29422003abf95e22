"""App of the portal: 基础."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "xingxian_portal.foundation"
    label = "foundation"
    verbose_name = "基础"
