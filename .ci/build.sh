# Configures, builds and tests a preset. Read by ./dev; needs $root.

# built PRESET PROGRAM: where it lies.
built() {
    echo "$root/build/$1/$2"
}

# build PRESET [TARGET...]: configures when it hasn't been done; ninja does it again when it must.
# Two builds of one folder at a time would break both, so the second waits.
build() {
    local preset=$1 folder=$root/build/$1
    shift
    mkdir -p "$folder"
    (
        if command -v flock >/dev/null 2>&1; then flock 9; fi
        if [ ! -f "$folder/build.ninja" ]; then
            (cd "$root" && cmake --preset "$preset") || exit
        fi
        cmake --build "$folder" ${1+--target "$@"}
    ) 9>"$folder/.lock"
}

build_or_say() {
    build "$@" && return
    echo "dev: the build failed (preset $1)" >&2
    exit 3
}

build_quietly() {
    local log
    log=$(mktemp)
    if build "$@" >"$log" 2>&1; then
        rm -f "$log"
        return
    fi
    cat "$log" >&2
    rm -f "$log"
    echo "dev: the build failed (preset $1)" >&2
    exit 3
}

# run_tests PRESET [CTEST ARGS...]: the last line is "N passed, N failed, N skipped".
run_tests() {
    local folder=$root/build/$1 report status=0
    shift
    report=$folder/tests.xml
    rm -f "$report"
    ctest --test-dir "$folder" --parallel "$(nproc 2>/dev/null || echo 2)" --no-tests=error \
        --output-on-failure --output-junit "$report" \
        --test-output-size-passed 4000000 --test-output-size-failed 4000000 "$@" || status=$?
    [ -f "$report" ] || exit "$((status ? status : 1))"
    echo
    awk -f "$root/.ci/count.awk" "$report"
    return "$status"
}
