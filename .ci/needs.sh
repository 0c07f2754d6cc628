# What a machine must have, and how it gets it. Read by ./dev; `needs PACKAGE=PROBE...` is the door.
#
# A probe says whether the thing is there, however it came: cmd:NAME a command, pc:NAME a pkg-config
# module, h:NAME a header, f:PATH a file, py:NAME a module of Debian's Python. The package is its name in Debian and Ubuntu.

build_needs=(
    gcc=cmd:cc libc6-dev=h:stdio.h cmake=cmd:cmake ninja-build=cmd:ninja pkg-config=cmd:pkg-config
    flex=cmd:flex bison=cmd:bison libjansson-dev=pc:jansson libcurl4-openssl-dev=pc:libcurl
    libssl-dev=pc:libcrypto libsqlite3-dev=pc:sqlite3 libmicrohttpd-dev=pc:libmicrohttpd
    libcmocka-dev=pc:cmocka
)
clang_needs=(clang=cmd:clang)
lint_needs=(clang-format=cmd:clang-format clang-tidy=cmd:clang-tidy cppcheck=cmd:cppcheck)
bench_needs=(libjq-dev=h:jq.h)
# Without these the tests that use them are skipped.
browser_needs=(
    chromium=cmd:chromium chromium-driver=cmd:chromedriver
    python3-selenium=py:selenium python3-jsonschema=py:jsonschema
)
editor_needs=(neovim=cmd:nvim vim=cmd:vim nodejs=cmd:node npm=cmd:npm)
formats_needs=(python3=cmd:python3 python3-venv=py:ensurepip perl=cmd:prove tar=cmd:tar)

is_there() {
    local kind=${1%%:*} name=${1#*:}
    case $kind in
    cmd) command -v "$name" >/dev/null 2>&1 ;;
    pc) pkg-config --exists "$name" 2>/dev/null ;;
    h) printf '#include <%s>\n' "$name" | cc -E - >/dev/null 2>&1 ;;
    f) [ -e "$name" ] ;;
    py) /usr/bin/python3 -c "import $name" 2>/dev/null ;;
    *)
        echo "needs.sh: unknown probe '$1'" >&2
        exit 2
        ;;
    esac
}

needs() {
    local need missing=()
    for need in "$@"; do
        is_there "${need#*=}" || missing+=("${need%%=*}")
    done
    [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

# clang's sanitizer and fuzzer libraries are a package of their own, named after clang's version.
needs_clang_runtime() {
    local library version
    library=$(clang -print-file-name="libclang_rt.fuzzer-$(uname -m).a")
    version=$(clang -dumpversion)
    needs "libclang-rt-${version%%.*}-dev=f:$library"
}

install_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say_what_to_install "$@"
        exit 3
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say_what_to_install "$@"
            exit 3
        fi
        as_root=(sudo)
    fi
    echo "dev: installing $*" >&2
    apt_get update && apt_get install -y --no-install-recommends "$@" && return
    echo "dev: apt-get could not install: $*" >&2
    exit 3
}

# Nothing of apt's on stdout: `./dev duet` is used in pipes. Its words are shown if it fails.
apt_get() {
    local log status=0
    log=$(mktemp)
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" \
        </dev/null >"$log" 2>&1 || status=$?
    [ "$status" -eq 0 ] || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

say_what_to_install() {
    {
        echo "dev: please install (names as in Debian and Ubuntu):"
        printf '  %s\n' "$@"
    } >&2
}
