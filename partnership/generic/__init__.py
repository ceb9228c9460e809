"""The register pattern: a register is declared once; list, export, create, detail, edit and history follow from it."""
