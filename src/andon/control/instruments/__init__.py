"""control/instruments."""
