"""Join the panel's modules into `dist/`, without comments and indentation: one small file instead of seven requests.

Run `python widget/build.py` after a change; a test fails when it was forgotten. It knows the habits of this folder, not
JavaScript: imports on one line, a comment on lines of its own or after two characters of space and code.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
LATER = ("your_data.js", "your_choices.js", "your_access.js", "joining.js")  # fetched when the customer asks for them
IMPORT = re.compile(r"^import (\{.*\}) from '\./([\w.]+)';\n", re.M)
EXPORT = re.compile(r"^export (?=(?:const|class|function) (\w+))", re.M)


def needed(start: str) -> list[str]:
    """A module and all that it imports, those first that others wait for."""
    found: list[str] = []
    for _, name in IMPORT.findall(_read(start)):
        found += [each for each in needed(name) if each not in found]
    return [*found, start]


def plain(source: str) -> str:
    """Without comments, indentation and needless line ends."""
    source = re.sub(r"^ */\*\*.*?\*/\n", "", source, flags=re.M | re.S)
    source = re.sub(r"^ *//.*\n|[ ]+// [^'`\n]*$", "", source, flags=re.M)
    source = re.sub(r"^\s+", "", source, flags=re.M)
    assert " // " not in source, "a comment with a quotation mark stays, and would swallow what follows"
    return re.sub(r"(?<=[;{,])\n", "", source)


def built() -> dict[str, str]:
    """File name in `dist/` → content. What is fetched later takes its imports from the panel that is there already."""
    later = {name: _read(name) for name in LATER}
    wanted = {
        part.split(" as ")[0].strip()
        for source in later.values()
        for names, module in IMPORT.findall(source)
        if module not in LATER
        for part in names.strip("{ }").split(",")
    }
    panel = "".join(IMPORT.sub("", _read(module)) for module in needed("panel.js"))
    missing = wanted - set(EXPORT.findall(panel))
    assert not missing, f"asked for and not there: {missing}"
    return {
        "panel.js": plain(EXPORT.sub("", panel)) + f"export {{ mount, {', '.join(sorted(wanted))} }};\n",
        **{name: plain(IMPORT.sub(_from_panel, source)) for name, source in later.items()},
    }


def _from_panel(line: re.Match[str]) -> str:
    return line[0] if line[2] in LATER else f"import {line[1]} from './panel.js';\n"


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for name, content in built().items():
        (HERE / "dist" / name).write_text(content, encoding="utf-8")
        print(f"{name}: {len(content):,} characters")
