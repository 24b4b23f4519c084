"""Sessions in SQLite. All SQL of the project is here."""
