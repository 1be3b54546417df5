"""Where processes stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(_("Process map"), "processes", "workflow", "processes.view", position=40),
)
