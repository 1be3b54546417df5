"""Where drivers and Pareto stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(_("Drivers"), "drivers", "split", "drivers.view", group="analyze", position=30),
    NavigationItem(
        _("Pareto"),
        "pareto",
        "chart-no-axes-combined",
        "drivers.view",
        group="analyze",
        position=40,
    ),
)
