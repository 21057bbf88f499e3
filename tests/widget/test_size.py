"""The widget stays small: what a customer's page pays for it."""

import gzip
import re
from pathlib import Path

LOADER = 2_048  # bytes, compressed
PANEL = 15_360
ON_DEMAND = 4_096


def compressed(*files: Path) -> int:
    return len(gzip.compress(b"".join(file.read_bytes() for file in files), 9))


def imported(start: Path) -> list[Path]:
    """A module and everything it needs before it runs."""
    found = [start]
    for module in found:
        for name in re.findall(r"^import .* from '\./([\w.]+)';$", module.read_text(), re.M):
            if (file := start.parent / name) not in found:
                found.append(file)
    return found


def test_the_loader_fits_two_kilobytes(widget_folder: Path) -> None:
    assert compressed(widget_folder / "widget.js") <= LOADER


def test_the_panel_and_its_modules_fit_fifteen_kilobytes(widget_folder: Path) -> None:
    modules = imported(widget_folder / "panel.js")
    assert {"conversation.js", "styles.js", "messages.js"} <= {module.name for module in modules}
    assert compressed(*modules) <= PANEL


def test_what_is_fetched_only_when_asked_for_is_small_too(widget_folder: Path) -> None:
    assert compressed(widget_folder / "your_data.js") <= ON_DEMAND


def test_no_module_is_forgotten_by_the_measure(widget_folder: Path) -> None:
    counted = {module.name for module in imported(widget_folder / "panel.js")} | {"widget.js", "your_data.js"}
    assert {module.name for module in widget_folder.glob("*.js")} == counted
