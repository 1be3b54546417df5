"""Every record type stands in the navigation, and in the menu of what can be created."""

from andon.records.registry import kind_of, record_types
from andon.web.navigation import NavigationItem


def navigation_items() -> tuple[NavigationItem, ...]:
    """Return a list and a "new" entry for each record type, in the group its workflow names."""
    found = []
    for model in record_types().values():
        flow, prefix = model.WORKFLOW, model.WORKFLOW.prefix.lower()
        found += [
            NavigationItem(
                flow.plural, "records", flow.icon, f"{kind_of(model)}.view", flow.group,
                arguments=(prefix,),
            ),
            NavigationItem(
                flow.label, "create_record", flow.icon, f"{kind_of(model)}.create", "new",
                arguments=(prefix,),
            ),
        ]  # fmt: skip
    return tuple(found)
