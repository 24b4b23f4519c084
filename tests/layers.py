"""A contract for import-linter: some packages import only what is listed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph


class OnlyContract(Contract):
    """The source packages import, from outside the project, only the packages allowed.

    The standard library and the project itself are always allowed: how the project's own
    packages may import each other is for the layers contract to say.
    """

    type_name = "only"

    # import-linter puts the parsed values in the place of the fields, which types can't say.
    source_modules: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]
    allowed_packages: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every module of the source packages."""
        allowed = {
            *self.allowed_packages,
            *sys.stdlib_module_names,
            *self.session_options["root_packages"],
        }
        offences = [
            details
            for source in sorted(self.source_modules)
            for module in sorted({source, *graph.find_descendants(source)})
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if imported.partition(".")[0] not in allowed
            for details in graph.get_import_details(importer=module, imported=imported)
        ]
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that is not allowed, with its line."""
        allowed = ", ".join(sorted(self.allowed_packages))
        output.print_error(f"Only the standard library and {allowed} may be imported:", bold=True)
        offences: list[dict[str, Any]] = check.metadata["offences"]
        for offence in offences:
            output.print_error(
                f"- {offence['importer']} (l. {offence['line_number']}): {offence['line_contents']}"
            )
