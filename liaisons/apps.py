"""App of the portal: 联络员."""

from django.apps import AppConfig


class LiaisonsConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "liaisons"
    label = "liaisons"
    verbose_name = "联络员"

    def ready(self) -> None:
        """Offer the roster as a workbook."""
        from liaisons import exports
        from liaisons.workbooks import roster

        exports.offer(roster.EXPORT)
