"""Where people stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(_("People"), "people", "users", "people.view", group="control", position=80),
)
