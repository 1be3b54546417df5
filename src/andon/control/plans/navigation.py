"""Where control plans and the master data file stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(
        _("Control plans"),
        "control-plans",
        "clipboard-list",
        "plans.view",
        group="control",
        position=10,
    ),
    NavigationItem(
        _("Master data"),
        "master-data",
        "database",
        "master_data.load",
        group="control",
        position=90,
    ),
)
