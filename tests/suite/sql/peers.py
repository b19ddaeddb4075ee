"""Runs the views of exported models on databases, and prints what they answer.

One argument: a JSON file with a list of cases, each with its tables, the files of its package, and the
columns that are asked of each view. DuckDB runs what was written for it and, after sqlglot has read it,
what was written for the others; PostgreSQL runs its own. Prints one JSON list: the rows of each view of
each case.
"""

import json
import os
import sys

import duckdb
import psycopg
import sqlglot

TYPES = {
    "text": "VARCHAR",
    "number": "DECIMAL(20, 3)",
    "bool": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def tables(case, execute, fill):
    for name, table in case["tables"].items():
        columns = table["columns"]
        raw = ", ".join(f"{quoted(column)} VARCHAR" for column, _ in columns)
        execute(f"CREATE TABLE {quoted('raw ' + name)} ({raw})")
        fill(quoted("raw " + name), len(columns), table["rows"])
        cast = ", ".join(
            f"CAST({quoted(column)} AS {TYPES[kind]}) AS {quoted(column)}" for column, kind in columns
        )
        execute(f"CREATE TABLE {quoted(name)} AS SELECT {cast} FROM {quoted('raw ' + name)}")


def settled(case, path, execute):
    """Judged records are computed once, not again by each view over them; a case in ten does without."""
    name = path[3:].removesuffix(".sql")
    if case["settles"] and name.endswith("_judged"):
        execute(f"CREATE TABLE {quoted('settled ' + name)} AS SELECT * FROM {quoted(name)}")
        execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT * FROM {quoted('settled ' + name)}")


def answers(case, fetch):
    found = {}
    for view, columns in case["asks"].items():
        names = ", ".join(quoted(column) for column in columns)
        found[view] = fetch(f"SELECT {names} FROM {quoted(view)} ORDER BY 1")
    return found


def in_duckdb(case):
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")

    def fill(name, width, rows):
        marks = ", ".join("?" * width)
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

    tables(case, connection.execute, fill)
    for path, sql in case["files"].items():
        if case["dialect"] != "duckdb":
            (sql,) = sqlglot.transpile(sql, read=case["dialect"], write="duckdb")
        try:
            connection.execute(sql)
            settled(case, path, connection.execute)
        except duckdb.Error as error:
            raise SystemExit(f"{case['dialect']}, {path}: {error}\n{sql}")
    return answers(case, lambda query: connection.execute(query).fetchall())


def in_postgres(case):
    with psycopg.connect(dbname="postgres", autocommit=True) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET client_min_messages = 'warning'")
        connection.execute("DROP SCHEMA IF EXISTS peers CASCADE")
        connection.execute("CREATE SCHEMA peers")
        connection.execute("SET search_path = peers")

        def fill(name, width, rows):
            marks = ", ".join(["%s"] * width)
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

        tables(case, connection.execute, fill)
        for path, sql in case["files"].items():
            try:
                connection.execute(sql)
                settled(case, path, connection.execute)
            except psycopg.Error as error:
                raise SystemExit(f"postgres, {path}: {error}\n{sql}")
        return answers(case, lambda query: connection.execute(query).fetchall())


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    wanted = "PGHOST" in os.environ
    found = []
    for case in cases:
        if case["dialect"] == "postgres":
            found.append(in_postgres(case) if wanted else None)
        else:
            found.append(in_duckdb(case))
    json.dump(found, sys.stdout, default=str)


main()
