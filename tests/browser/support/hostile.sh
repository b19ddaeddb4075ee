#!/usr/bin/env bash
# A model whose every text tries to be something else: markup, a script, a formula, a path.
#
#   hostile.sh FOLDER
set -euo pipefail

folder=$1
mkdir -p "$folder/model"
cd "$folder"

git init --quiet --initial-branch=main
git config user.email "mallory@hostile.example"
git config user.name '<script>alert("author")</script>'
git config commit.gpgsign false

write() {
    cat >model/all.toml <<TOML
[model]
name = "<script>alert('name')</script>"
description = "\"><img src=x onerror=alert(1)>"
currency = "EUR"

[object.lead]
name = "Lead\"><svg onload=alert(1)>"

[field.lead.country]
name = "</script><script>alert('field')</script>"
type = "choice"
values = ["<b>AT</b>", "javascript:alert(1)", "=cmd|' /C calc'!A0", "\u202eTA", "&amp;"]

[field.lead.company]
name = "Company \${alert(1)} {{ 7 * 7 }} {% raw %}"
type = "text"

[field.lead.employees]
name = "'; alert(1); //"
type = "integer"

[role.owner]
name = "<a href='javascript:alert(1)'>owner</a>"
email = "owner@hostile.example"

[list.words]
name = "</textarea><script>alert(1)</script>"
values = ["<!--", "-->", "]]>", "</title>"]

[queue.home]
name = "<style>body{display:none}</style>"
description = "<iframe src='https://hostile.example'></iframe> [x](javascript:alert(1))"

[queue.cologne]
name = "Team Köln, große Kunden"

[queue.away]
name = "javascript:alert(1)"

[segment.odd]
name = "onmouseover=alert(1) x='"
object = "lead"
when = "company contains '<script>' or company in list.words"

[definition.sql]
name = "SQL <script>alert('sql')</script>"
description = "$1 <img src=x onerror=alert(1)>"
object = "lead"
owner = "role.owner"
criteria.fit = "country = '<b>AT</b>' and employees > $2"
criteria.odd = "not segment.odd"

[definition.long]
name = "$(printf 'Donaudampfschiff%.0s' {1..20})"
object = "lead"
criteria.fit = "employees > $2"

[lifecycle.lead]
object = "lead"

[[lifecycle.lead.stage]]
id = "open"
entry.long = "definition.long"
exit.long = "definition.long"

[routing.inbound]
name = "<h1>Inbound</h1>"
object = "lead"
default = "queue.home"

[[routing.inbound.rule]]
id = "first"
name = "<script>alert('rule')</script>"
when = "country = 'javascript:alert(1)' and employees >= $2"
to = "queue.away"

[[routing.inbound.rule]]
id = "second"
name = "\"><img src=x onerror=alert(1)>"
when = "company contains '</script><script>alert(1)</script>' or definition.sql"
to = "queue.home"
TOML
}

commit() {
    git add --all
    GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1 git commit --quiet --message "$2"
}

write "First" 10
commit 2026-01-05T09:00:00Z '<script>alert("subject")</script>'
write "Second" 20
commit 2026-02-05T09:00:00Z '"><img src=x onerror=alert(2)> =1+1'
write "</script><script>alert(3)</script>" 30
commit 2026-03-05T09:00:00Z 'javascript:alert(3) {{ 7 * 7 }}'
