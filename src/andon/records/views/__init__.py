"""The pages every record type has: list, form, detail, step; inbox, search, profile."""
