"""The generated static files: from the installed converter, written once."""

from pathlib import Path

from andon.web.management.commands.build_static import vega_bundle, write_if_changed


def test_the_bundle_puts_vega_on_the_window_and_names_no_map() -> None:
    bundle = vega_bundle()
    assert "window.vegaEmbed" in bundle
    assert "sourceMappingURL=" not in bundle


def test_a_file_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "vendor" / "vega.js"
    assert write_if_changed(file, "one")
    assert not write_if_changed(file, "one")
    assert write_if_changed(file, "two")
    assert file.read_text() == "two"
