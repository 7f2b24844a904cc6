"""Names and texts as DuckDB writes them."""


def identifier(name: str) -> str:
    """A name as an SQL identifier: always quoted, since `end`, `left` and `values` are words of SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"
