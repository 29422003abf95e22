"""Names the site that Django's administration is served by; apart from `reference_site`, which needs loaded apps."""

from django.contrib.admin.apps import AdminConfig


class ReferenceConfig(AdminConfig):
    """Django's administration as the portal's reference data."""

    default_site = "xingxian_portal.reference_site.ReferenceSite"

    def ready(self) -> None:
        """Register every app's tables, then offer them as workbooks."""
        super().ready()
        from django.contrib import admin

        from liaisons.views import table_exports

        table_exports.offer_all(admin.site)
