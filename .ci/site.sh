#!/usr/bin/env bash
# Builds the site of the demonstration, that of a model with hostile names and that of a long history, and
# drives them in a browser as an auditor would; and holds the lead simulator in the browser against the tool.
#
# Takes the path of a Chromium. Everything it makes is in target/ci/site. With PICTURES=look it also takes
# pictures of the pages for somebody to look at, with PICTURES=write those of the README anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CHROMIUM=$1
export SITE_WORK=$PWD/target/ci/site
export OPMODEL=$PWD/target/debug/opmodel
as_of=2026-10-31

rm -rf "$SITE_WORK"
mkdir -p "$SITE_WORK/cases" "$SITE_WORK/pictures"

cargo build --locked --target-dir target
SITE_CASES=$SITE_WORK/cases PROPTEST_CASES=${PROPTEST_CASES:-40} \
    cargo test --locked --target-dir target --test suite site_routing -- --ignored

"$OPMODEL" demo --dir "$SITE_WORK/demo" >"$SITE_WORK/demo.txt"
"$OPMODEL" -C "$SITE_WORK/demo" site --out "$SITE_WORK/site" --as-of "$as_of"
bash tests/browser/support/hostile.sh "$SITE_WORK/hostile"
"$OPMODEL" -C "$SITE_WORK/hostile" site --out "$SITE_WORK/hostile-site" --as-of "$as_of"
bash tests/browser/support/long.sh "$SITE_WORK/long"
"$OPMODEL" -C "$SITE_WORK/long" site --out "$SITE_WORK/long-site" --as-of 2025-12-31

npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel=error
cd tests/browser
node --test --test-concurrency=2
if [[ -n ${PICTURES:-} ]]; then
    node pictures.mjs
fi
