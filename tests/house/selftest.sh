#!/usr/bin/env bash
# selftest.sh CC: each rule passes on a small sound tree and names the place of a planted violation.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cc=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
wrong=0

# sound_tree: a fresh tree in $tree that keeps every rule.
sound_tree() {
    tree=$scratch/tree
    rm -rf "$tree"
    mkdir -p "$tree"/{dsl,engine/plan,engine/world,tests/sim,tests/dsl}
    cd "$tree"
    echo '#include "dsl/arena.h"' >dsl/arena.c
    echo '/* memory that is freed at once */' >dsl/arena.h
    echo '#include "dsl/arena.h"' >engine/plan/plan.c
    echo 'long now(void); long time(long *); long now(void) { return time(0); }' >engine/world/clock.c
    echo '#include "sim.h"' >tests/sim/sim.c
    touch tests/sim/sim.h
    echo '- `arena`: memory' >dsl/README.md
    echo '- `plan.c`: decides' >engine/plan/README.md
    echo '- `clock.c`: the time' >engine/world/README.md
    echo '- `sim.[ch]`: a system' >tests/sim/README.md
}

# archive LAYER FOLDER: what the build makes of a layer.
archive() {
    local source
    rm -f "lib$1.a"
    for source in "$2"/*.c; do
        "$cc" -I. -c "$source" -o "${source##*/}.o"
        ar rc "lib$1.a" "${source##*/}.o"
    done
}

rule() {
    case $1 in
    symbols)
        archive dsl dsl
        archive plan engine/plan
        archive world engine/world
        bash "$here/symbols.sh" "$here/symbols.txt" dsl=libdsl.a plan=libplan.a world=libworld.a
        ;;
    *) bash "$here/$1.sh" "$tree" ;;
    esac
}

passes() {
    local said
    if ! said=$(rule "$1" 2>&1); then
        echo "$1: refused a sound tree: $said"
        wrong=1
    fi
}

# finds RULE TEXT: the rule fails, and says TEXT. Makes the tree sound again for the next one.
finds() {
    local said
    if said=$(rule "$1" 2>&1); then
        echo "$1: missed a planted violation that should say: $2"
        wrong=1
    elif ! grep -qF -- "$2" <<<"$said"; then
        echo "$1: expected to read '$2', found: $said"
        wrong=1
    else
        echo "$1: found: $2"
    fi
    sound_tree
}

sound_tree
for name in includes vendors symbols readmes lengths; do
    passes "$name"
done

echo '#include "engine/plan/plan.h"' >>dsl/arena.c
finds includes 'dsl/arena.c:2: includes "engine/plan/plan.h": a higher layer'
echo '#include "engine/world/clock.h"' >>engine/plan/plan.c
finds includes 'engine/plan/plan.c:2: includes "engine/world/clock.h": a higher layer'
echo '#include "arena.h"' >>dsl/arena.c
finds includes 'dsl/arena.c:2: includes "arena.h": not a path from the root'
echo '#include "tests/sim/sim.h"' >>engine/plan/plan.c
finds includes 'engine/plan/plan.c:2: includes "tests/sim/sim.h": not a path from the root'
echo '#include "grammar/duet.tab.h"' >>dsl/arena.c
finds includes 'dsl/arena.c:2: includes "grammar/duet.tab.h": dsl/parse, scan and tokens are the only doors'
echo '#include "dsl/arena.h"' >>tests/sim/sim.c
finds includes 'tests/sim/sim.c:2: includes "dsl/arena.h": the simulators link nothing'

for name in Sentinel SmartSOAR 'Smart SOAR' 'D3' Azure Microsoft Defender 'Graph API'; do
    echo "/* as $name does */" >>engine/plan/plan.c
    finds vendors 'engine/plan/plan.c:2:'
done

echo 'long now(void); long time(long *); long now(void) { return time(0); }' >>engine/plan/plan.c
finds symbols 'engine/plan/plan.c calls time()'
echo 'int die(void); int rand(void); int die(void) { return rand(); }' >>engine/world/clock.c
finds symbols 'engine/world/clock.c calls rand()'
echo 'int die(void); int RAND_bytes(void); int die(void) { return RAND_bytes(); }' >>dsl/arena.c
finds symbols 'dsl/arena.c calls RAND_bytes()'
echo 'int go(void); int curl_easy_perform(void); int go(void) { return curl_easy_perform(); }' >>dsl/arena.c
finds symbols 'dsl/arena.c calls curl_easy_perform()'
echo 'int go(void); int __open_2(void); int go(void) { return __open_2(); }' >>engine/plan/plan.c
finds symbols 'engine/plan/plan.c calls open()'

touch dsl/parse.c
finds readmes "dsl/README.md: doesn't name parse.c"
touch dsl/are.c
finds readmes "dsl/README.md: doesn't name are.c"
touch tests/dsl/test_arena.c
finds readmes 'tests/dsl: has test_arena.c but no README.md'

awk 'BEGIN { for (i = 0; i < 900; i++) print "/* line */" }' >engine/plan/plan.c
passes lengths
echo '/* one more */' >>engine/plan/plan.c
finds lengths 'engine/plan/plan.c: more than 900 lines'

exit "$wrong"
