#!/usr/bin/env bash
# symbols.sh RULES LAYER=LIBRARY...: no object calls what RULES (symbols.txt) forbids its layer.
set -euo pipefail

rules=$1
shift
for library in "$@"; do
    layer=${library%%=*}
    folder=engine/$layer
    [ "$layer" != dsl ] || folder=dsl
    # "parse.c.o:" opens an object, "  U time" is a symbol that it needs from elsewhere.
    nm -u "${library#*=}" | sed -n -e "s|^\(.*\)\.o:\$|file $layer $folder/\1|p" -e 's|^ *[Uw] \([^@]*\).*$|call \1|p'
done | awk -v rules="$rules" '
    # glibc names of one function: __read_chk, open64, __isoc99_sscanf, __open_2
    function plain(symbol) {
        sub(/^__/, "", symbol)
        sub(/_chk$/, "", symbol)
        sub(/_2$/, "", symbol)
        if (symbol ~ /^[a-z_]+64$/)
            sub(/64$/, "", symbol)
        return symbol
    }
    function listed(set, owner, symbol,    i) {
        if ((set, owner, symbol) in exact)
            return 1
        for (i = 1; i <= prefixes; i++)
            if (prefix_owner[i] == set SUBSEP owner && index(symbol, prefix[i]) == 1)
                return 1
        return 0
    }
    function take(set, owner, symbol) {
        if (sub(/\*$/, "", symbol)) {
            prefix_owner[++prefixes] = set SUBSEP owner
            prefix[prefixes] = symbol
        } else {
            exact[set, owner, symbol] = 1
        }
    }
    BEGIN {
        while ((getline line < rules) > 0) {
            if (line ~ /^(#|$)/)
                continue
            colon = index(line, " : ")
            owners = split(substr(line, 1, colon - 1), owner, " ")
            symbols = split(substr(line, colon + 3), name, " ")
            for (i = 2; i <= owners; i++)
                for (j = 1; j <= symbols; j++)
                    take(owner[1], owner[i], name[j])
        }
    }
    $1 == "file" { layer = $2; file = $3; objects++ }
    $1 == "call" {
        symbol = plain($2)
        if (listed("forbid", layer, symbol) && !listed("allow", file, symbol)) {
            printf "%s calls %s(), which symbols.txt forbids in this layer\n", file, symbol
            bad = 1
        }
    }
    END {
        if (!objects) {
            print "no object files were read"
            bad = 1
        }
        exit bad
    }'
