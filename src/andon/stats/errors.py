"""Typed refusals: each says what is needed, so that a page or a command can show it as it is."""


class StatisticsError(ValueError):
    """The input cannot be analyzed; the message says what is needed."""


class TooFewValues(StatisticsError):
    """Fewer values, subgroups or rows than the method needs."""

    def __init__(self, needed: int, given: int, what: str = "values") -> None:
        self.needed, self.given, self.what = needed, given, what
        super().__init__(f"at least {needed} {what} are needed, {given} given")


class NotFinite(StatisticsError):
    """A value is missing, not a number or infinite."""

    def __init__(self, index: int, what: str = "values") -> None:
        self.index, self.what = index, what
        super().__init__(
            f"every one of the {what} must be a finite number; position {index} (from 0) is not: "
            "leave it out or correct it"
        )


class NoVariation(StatisticsError):
    """All values are equal, so that no spread can be estimated."""

    def __init__(self, what: str = "values") -> None:
        self.what = what
        super().__init__(
            f"the {what} do not vary; values that differ are needed: "
            "record more digits or check the instrument's resolution"
        )


class InvalidOption(StatisticsError):
    """An option has a value outside what the method allows."""

    def __init__(self, option: str, given: object, allowed: str) -> None:
        self.option, self.given, self.allowed = option, given, allowed
        super().__init__(f"{option} must be {allowed}, not {given!r}")
