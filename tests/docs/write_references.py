"""`python -m tests.docs.write_references`: writes every generated page of the documentation again (`make references`)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.paths import ROOT

# The page, and the module whose output it is.
PAGES = {
    "reference/commands.md": ["tenders.commands.reference"],
    "reference/settings.md": ["tenders.config.reference"],
    "reference/portal-descriptors.md": ["tenders.portals.reference"],
    "reference/definitions.md": ["analysis.figures.definition_reference"],
    "reference/labels.md": ["pipelines.label_reference"],
    "reference/lexicon-files.md": ["pipelines.lexicon.reference"],
    "reference/forms.md": ["pipelines.lexicon.forms.reference"],
    "reference/licences.md": ["tests.docs.licences"],
}


def main() -> None:
    for page, module in PAGES.items():
        (ROOT / "docs" / page).write_text(output_of("-m", *module), encoding="utf-8")
    # The schema is described by the database itself, so the demo has to run first.
    with tempfile.TemporaryDirectory() as folder:
        output_of("-c", "from tenders.cli import main; main()", "demo", cwd=Path(folder))
        schema = output_of("-m", "analysis.warehouse.schema_docs", f"{folder}/data/demo/tenders.duckdb")
    (ROOT / "docs" / "schema.md").write_text(schema, encoding="utf-8")


def output_of(*arguments: str, cwd: Path = ROOT) -> str:
    """Return what a Python command prints."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True, encoding="utf-8").stdout


if __name__ == "__main__":
    main()
