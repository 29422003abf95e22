"""App of the portal: 执法改革."""

from django.apps import AppConfig


class ReformConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "reform"
    label = "reform"
    verbose_name = "执法改革"
