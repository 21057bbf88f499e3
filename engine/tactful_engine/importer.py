"""One assistant, several domain files: `domain.yml` and everything in `domain/`, with Rasa's commands as they are.

Rasa reads either one domain file or one folder. Texts belong apart from slots and forms, and nobody should have
to remember `--domain`, so this importer reads both.
"""

from pathlib import Path
from typing import Any, Dict, List

from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.io import read_yaml_file

# Keys that a response, slot, form or action may be given under; a second definition would silently win.
KEYED_SECTIONS = ("responses", "slots", "forms", "actions")


class SplitDomainImporter(RasaFileImporter):
    """Rasa's own file importer, with `domain/**/*.yml` next to the domain file read as well."""

    def get_domain(self) -> Domain:
        """The merged domain.

        Errors: `InvalidDomain` when two files define the same thing.
        """
        if not self._domain_path:
            return Domain.empty()
        files = domain_files(Path(self._domain_path))
        refuse_duplicates(files)
        return Domain.load([str(file) for file in files])


def domain_files(main: Path) -> List[Path]:
    """The domain file and the files of the folder of the same name, in a stable order."""
    parts = main.with_suffix("")
    if main.is_dir() or not parts.is_dir():
        return [main]
    return [main, *sorted(parts.rglob("*.yml"))]


def refuse_duplicates(files: List[Path]) -> None:
    """Raise `InvalidDomain` if two files define the same response, slot, form or action."""
    seen: Dict[Any, Path] = {}
    for file in files:
        if file.is_dir():
            return
        content = read_yaml_file(file) or {}
        for section in KEYED_SECTIONS:
            for name in content.get(section) or ():
                key = (section, name if isinstance(name, str) else str(name))
                if key in seen:
                    raise InvalidDomain(f"'{key[1]}' stands under {section} in both {seen[key]} and {file}.")
                seen[key] = file
