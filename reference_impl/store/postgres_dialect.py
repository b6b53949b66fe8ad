"""How the tables and statements of both systems read in PostgreSQL.

The same Core expressions as for SQLite; what differs between the engines stands here and nowhere
else. Text is compared byte by byte, whole numbers have 64 bits, as on SQLite.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect, PGTypeCompiler
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import ClauseElement

from contracts.model.roles import Role
from reference_impl.store.tables import tables_of


class _Types(PGTypeCompiler):
    def visit_INTEGER(self, type_: Any, **_: Any) -> str:  # noqa: N802 - SQLAlchemy's name
        return "BIGINT"

    def visit_TEXT(self, type_: Any, **_: Any) -> str:  # noqa: N802 - SQLAlchemy's name
        # The collation of the server must not decide in which order an export stands.
        return 'TEXT COLLATE "C"'


class _Statements(PGCompiler):
    def _on_conflict_target(self, clause: Any, **kw: Any) -> str:
        # The clause of SQLite has no constraint by name.
        if not hasattr(clause, "constraint_target"):
            clause.constraint_target = None
        target: str = super()._on_conflict_target(clause, **kw)  # type: ignore[no-untyped-call]
        return target

    def visit_max_func(self, function: Any, **kw: Any) -> str:
        # ``max`` of one value is over rows in both engines; of two, PostgreSQL says greatest.
        name = "max" if len(function.clauses) == 1 else "greatest"
        return f"{name}{self.process(function.clause_expr, **kw)}"


class _Dialect(PGDialect):
    statement_compiler = _Statements
    type_compiler_cls = _Types


DIALECT = _Dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@cache
def definitions(role: Role) -> tuple[str, ...]:
    """The statements that define the tables of a role and their indexes, where they are missing."""
    clauses: list[ClauseElement] = []
    for table in tables_of(role):
        clauses.append(CreateTable(table, if_not_exists=True))
        indexes = sorted(table.indexes, key=lambda i: str(i.name))
        clauses += [CreateIndex(index, if_not_exists=True) for index in indexes]
    return tuple(str(clause.compile(dialect=DIALECT)) for clause in clauses)
