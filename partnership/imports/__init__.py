"""Rows from a spreadsheet: gate, reading, cells, columns, then each row through the register's own form."""
