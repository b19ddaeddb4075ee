#!/usr/bin/env bash
# A model whose history is too much for one file: seven hundred revisions with much to say each, and a
# definition with a long description.
#
#   long.sh FOLDER
set -euo pipefail

folder=$1
git init --quiet --initial-branch=main "$folder"
cd "$folder"

long=$(printf 'much to say %.0s' {1..60})
number=0
revision() {
    local when=$((1735689600 + number * 43200)) # From 2025-01-01 on, two a day.
    local text subject
    text="[object.lead]
[field.lead.score]
type = \"integer\"
[definition.long]
name = \"Long definition\"
description = \"$long\"
object = \"lead\"
criteria.intent = \"score >= $((number % 2 ? number + 10 : 10))\"
[segment.large]
name = \"Large\"
object = \"lead\"
when = \"definition.long and score < 9000\"
"
    subject="Revision $number: $long"
    printf 'commit refs/heads/main\nauthor Ada <ada@company.example> %s +0000\ncommitter Ada <ada@company.example> %s +0000\n' "$when" "$when"
    printf 'data %s\n%s\n' "${#subject}" "$subject"
    printf 'M 100644 inline model/all.toml\ndata %s\n%s\n' "${#text}" "$text"
    number=$((number + 1))
}

{
    while ((number < 700)); do revision; done
    printf 'done\n'
} | git fast-import --quiet --done
git reset --quiet --hard
