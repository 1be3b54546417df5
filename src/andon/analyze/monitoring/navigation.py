"""Where charts, signals and measured values stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(
        _("Charts"), "charts", "chart-line", "monitoring.view", group="analyze", position=10,
        key="c",
    ),
    NavigationItem(
        _("Signals"), "signals", "bell", "monitoring.view", group="analyze", position=15
    ),
    NavigationItem(
        _("Measurements"), "measurement_rows", "table-2", "monitoring.view", group="identify",
        position=10,
    ),
)  # fmt: skip
