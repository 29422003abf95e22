"""App of the portal: 联络员."""

from django.apps import AppConfig


class LiaisonsConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "liaisons"
    label = "liaisons"
    verbose_name = "联络员"

    def ready(self) -> None:
        """Offer the roster as a workbook, out and in, and the sheets of reference data; tell what invitations say."""
        from liaisons import exports, imports, invitation_mail
        from liaisons.letters import subjects
        from liaisons.workbooks import roster
        from liaisons.workbooks.aliases import AliasSheet
        from liaisons.workbooks.enforcement_fields import FieldSheet
        from liaisons.workbooks.groups import GroupSheet, MemberSheet
        from liaisons.workbooks.roster_sheet import RosterSheet
        from liaisons.workbooks.units import UnitSheet
        from liaisons.workbooks.workdays import WorkdaySheet
        from liaisons.workbooks.years import YearSheet

        subjects.learn(invitation_mail.KIND, invitation_mail.read)
        exports.offer(roster.EXPORT)
        imports.offer(RosterSheet, exports.PEOPLE)
        for sheet in (UnitSheet, GroupSheet, MemberSheet, AliasSheet, FieldSheet, WorkdaySheet, YearSheet):
            imports.offer(sheet, imports.BASICS)
