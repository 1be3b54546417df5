"""The password of every demo login; it is printed to whoever builds a demo."""

PASSWORD = "larkfield-probe-works"  # noqa: S105
