"""App of the portal: 联络员."""

from django.apps import AppConfig


class LiaisonsConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "liaisons"
    label = "liaisons"
    verbose_name = "联络员"

    def ready(self) -> None:
        """Offer the roster as a workbook, out and in, and the sheets of units and calendar."""
        from liaisons import exports, imports
        from liaisons.workbooks import roster
        from liaisons.workbooks.roster_sheet import RosterSheet
        from liaisons.workbooks.units import UnitSheet
        from liaisons.workbooks.workdays import WorkdaySheet

        exports.offer(roster.EXPORT)
        imports.offer(RosterSheet, exports.PEOPLE)
        imports.offer(UnitSheet, imports.BASICS)
        imports.offer(WorkdaySheet, imports.BASICS)
