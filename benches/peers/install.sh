#!/usr/bin/env bash
# Installs the tools that the benchmarks measure against into target/peers/, and starts each once.
#
# Versions are pinned, so that two runs of the benchmarks compare the same peers. No test needs them,
# but for those that hold proofs against Z3; they are ignored by default.
# Needs cargo, python3 with venv, and npm; building taplo takes a few minutes of two cores.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

peers=$PWD/target/peers
mkdir -p "$peers"

# The native taplo: the one on npm is WebAssembly. Its `lint` needs a TLS stack to compile, though
# a schema on disk is read without one; the language server and the completions are left out.
cargo install --root "$peers" --locked taplo-cli@0.10.0 --no-default-features --features lint,rustls-tls

python3 -m venv "$peers/python"
"$peers/python/bin/python" -m pip install --quiet --disable-pip-version-check \
    tombi==1.9.6 check-jsonschema==0.39.0 z3-solver==5.4.0.0 duckdb==2.0.0 polars==2.1.0

# ajv reads JSON and YAML, not TOML: a benchmark hands it the model as JSON.
npm install --prefix "$peers/npm" --no-audit --no-fund --loglevel=error \
    @taplo/cli@0.7.0 ajv-cli@5.0.0 ajv-formats@3.0.1

# Starts one peer and prints its version. The exit code says nothing: taplo from npm fails with
# `--version` after printing it.
start() {
    local said name=${1##*/}
    said=$("$peers/$1" --version 2>&1) || true
    if [[ ! ${said,,} =~ ^"$name"[^:]*[0-9]+\.[0-9]+ ]]; then
        echo "target/peers/$1 does not start: $said" >&2
        exit 1
    fi
    printf '%-45s %s\n' "target/peers/$1" "$said"
}

echo
start bin/taplo
start python/bin/tombi
start python/bin/check-jsonschema
start python/bin/z3
start npm/node_modules/.bin/taplo
for module in duckdb polars; do
    printf '%-45s %s\n' "target/peers/python: $module" \
        "$("$peers/python/bin/python" -c "import $module; print($module.__version__)")"
done
"$peers/npm/node_modules/.bin/ajv" help >/dev/null # It has no `--version`.
printf '%-45s %s\n' target/peers/npm/node_modules/.bin/ajv "ajv-cli 5.0.0"
