#!/usr/bin/env bash
# includes.sh ROOT: a layer includes what is lower or its own, by the path from the root, and nothing higher.
set -euo pipefail
cd "$1"

{ find grammar dsl engine tests/sim -type f \( -name '*.[chly]' -o -name '*.def' \) 2>/dev/null || true; } | LC_ALL=C sort |
    xargs -r awk '
    function rank(path,    part) {
        split(path, part, "/")
        if (part[1] == "engine")
            return (part[2] in order) ? order[part[2]] : 0
        return (part[1] in order) ? order[part[1]] : 0
    }
    function wrong(why) {
        printf "%s:%d: includes \"%s\": %s\n", FILENAME, FNR, included, why
        bad = 1
    }
    BEGIN {
        count = split("grammar dsl graph record plan form prove lsp replay world journal remote fleet server cli", layers, " ")
        for (i = 1; i <= count; i++)
            order[layers[i]] = i
    }
    /^[ \t]*#[ \t]*include[ \t]*"/ {
        included = $0
        sub(/^[^"]*"/, "", included)
        sub(/".*$/, "", included)
        if (FILENAME ~ /^tests\/sim\//) {
            if (rank(included))
                wrong("the simulators link nothing of dsl/ or engine/")
        } else if (included ~ /^grammar\/duet\.(tab|lex)\.h$/) {
            if (FILENAME !~ /^grammar\// && FILENAME !~ /^dsl\/(parse|scan|tokens)[a-z_]*\.[ch]$/)
                wrong("dsl/parse, scan and tokens are the only doors to generated code")
        } else if (!rank(included)) {
            wrong("not a path from the root into a layer")
        } else if (FILENAME ~ /^grammar\//) {
            if (rank(included) > order["dsl"])
                wrong("the grammar calls constructors in dsl/ and nothing higher")
        } else if (rank(included) > rank(FILENAME)) {
            wrong("a higher layer")
        }
    }
    END { exit bad }'
