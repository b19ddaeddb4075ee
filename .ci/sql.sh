#!/usr/bin/env bash
# Runs the views of random models on DuckDB and PostgreSQL, and those for the other databases on DuckDB
# after sqlglot has read them, and holds what they answer against what the tool answers.
#
# Takes a python with duckdb, sqlglot and psycopg, and the folder of PostgreSQL's programs. The cluster
# lives in a folder of its own, listens on a socket there, and goes away with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=$1 programs=$2

# A socket's path has to be short.
folder=$(mktemp -d /tmp/opmodel-sql.XXXXXX)

# PostgreSQL does not run as root.
as_nobody=()
if [[ $(id -u) == 0 ]]; then
    chown nobody "$folder"
    as_nobody=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
fi

stop() {
    "${as_nobody[@]}" "$programs/pg_ctl" --pgdata "$folder/data" --mode immediate stop >/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT

(
    cd "$folder"
    "${as_nobody[@]}" "$programs/initdb" --pgdata data --username opmodel --auth trust \
        --encoding UTF8 --locale C.UTF-8 --no-sync >initdb.log || { cat initdb.log >&2; exit 1; }
    "${as_nobody[@]}" "$programs/pg_ctl" --pgdata data --wait --log postgres.log \
        --options "-k '$folder' -c listen_addresses='' -c fsync=off" start >/dev/null ||
        { cat postgres.log >&2; exit 1; }
)

export SQL_PEERS=$PWD/$python PGHOST=$folder PGUSER=opmodel PROPTEST_CASES=${PROPTEST_CASES:-20}
cargo test --locked --test suite sql:: -- --ignored --nocapture
