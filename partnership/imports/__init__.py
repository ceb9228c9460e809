"""Rows from a spreadsheet: the reader, its cells and columns, then each row through the register's own form."""
