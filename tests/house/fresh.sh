#!/usr/bin/env bash
# sudo tests/house/fresh.sh COMMAND [ARGS...]: clones what is committed into a new Debian 12 that has
# ca-certificates and git and nothing else, and runs `./dev COMMAND ARGS` there. Its exit status is ours.
#
# The bare Debian is kept in $DUET_FRESH (default /var/tmp/duet-fresh) and each run works in a copy
# that is removed; DUET_KEEP=1 keeps the copy and prints where. `ci` as COMMAND runs .ci/run.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
bare=${DUET_FRESH:-/var/tmp/duet-fresh}
mirror=${DUET_MIRROR:-http://deb.debian.org/debian}
copy=$bare.$$

if [ $# -eq 0 ]; then
    echo "usage: sudo tests/house/fresh.sh COMMAND [ARGS...], COMMAND as in ./dev help, or ci" >&2
    exit 2
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "fresh.sh: needs root (debootstrap, chroot)" >&2
    exit 2
fi

make_bare() {
    [ ! -e "$bare/etc/debian_version" ] || return 0
    if ! command -v debootstrap >/dev/null 2>&1; then
        echo "fresh.sh: needs debootstrap: apt-get install debootstrap" >&2
        exit 3
    fi
    echo "fresh.sh: making $bare (once)" >&2
    rm -rf "$bare.part"
    debootstrap --variant=minbase --include=ca-certificates,git bookworm "$bare.part" "$mirror" >&2
    mv "$bare.part" "$bare"
}

leave() {
    umount "$copy/proc" "$copy/dev" 2>/dev/null || true
    if [ -n "${DUET_KEEP-}" ]; then
        echo "fresh.sh: kept $copy" >&2
    elif ! mountpoint -q "$copy/dev"; then
        rm -rf "$copy"
    fi
}

make_bare
cp -a "$bare" "$copy"
trap leave EXIT
git clone -q --no-local "$root" "$copy/root/duet"
cp -L /etc/resolv.conf "$copy/etc/resolv.conf"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$copy/etc/hosts" # every machine has it; debootstrap makes none
mount -t proc proc "$copy/proc"
mount --bind /dev "$copy/dev"

if [ "$1" = ci ]; then
    set -- bash .ci/run
else
    set -- ./dev "$@"
fi
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    chroot "$copy" /bin/bash -c 'cd /root/duet && "$@"' fresh "$@"
