#!/usr/bin/env bash
# The editor's view of the model: taplo, `.taplo.toml` and the committed schema agree with it.
#
# A configuration that matches no file passes whatever the files say. So a copy of the model with
# one broken file has to fail, and because of that file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=target/ci/taplo
negative=target/ci/taplo-negative
broken=model/broken-on-purpose.toml

npm install --prefix "$tools" --no-audit --no-fund --loglevel=error @taplo/cli@0.7.0
taplo=$PWD/$tools/node_modules/.bin/taplo

"$taplo" check

rm -rf "$negative"
mkdir -p "$negative"
cp -R .taplo.toml model schemas "$negative"
cd "$negative"
printf '[definition.broken-on-purpose]\nobject = 42\n' >"$broken"
if "$taplo" check >taplo.out 2>&1; then
    echo "taplo passed a definition whose object is a number: does .taplo.toml map model/ to its schema?" >&2
    exit 1
fi
if ! grep -qF "$broken" taplo.out; then
    echo "taplo failed, but not because of $broken:" >&2
    cat taplo.out >&2
    exit 1
fi
echo "taplo refuses $broken, as it should"
