#!/usr/bin/env bash
# Tries the Debian package of `make package` where nothing else is: installs it in a bare Debian 12 without
# Python, opens the sample as an ordinary user, removes it, and looks for anything that was left behind.
#
#   packaging/test-deb.sh [SUITE]
#
# Needs root (chroot) and debootstrap. The bare system is made once in build/bare-SUITE; every trial works on a
# copy of it. Packages come from where this machine gets its own; exit code 77 says that they could not be reached.
set -eu
cd "$(dirname "$0")/.."

suite=${1:-bookworm}
base=build/bare-$suite
deb=$(ls dist/alprviewer_*.deb 2>/dev/null | tail -1)
[ -n "$deb" ] || { echo "There is no package in dist/; make package builds it." >&2; exit 1; }
[ -x .venv/bin/python ] || { echo "There is no .venv; make package makes it." >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "A bare system is a chroot, which needs root." >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "debootstrap is not installed." >&2; exit 1; }

if [ ! -e $base/complete ]; then
    echo "Making a bare $suite in $base (once)"
    rm -rf --one-file-system $base
    mkdir -p build
    debootstrap --variant=minbase "$suite" $base http://deb.debian.org/debian >build/bare-$suite.log 2>&1 || {
        tail -5 build/bare-$suite.log >&2
        exit 77
    }
    # How this machine reaches the archive: its list of sources, its proxy, its certificates.
    rm -f $base/etc/apt/sources.list
    cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d $base/etc/apt/
    [ ! -e /etc/ssl/certs/ca-certificates.crt ] || install -D /etc/ssl/certs/ca-certificates.crt \
        $base/etc/ssl/certs/ca-certificates.crt
    touch $base/complete
fi

root=$(mktemp -d "${TMPDIR:-/tmp}/alprviewer-deb-XXXXXX")
unmount() {
    for place in dev/shm dev/pts dev proc; do
        ! mountpoint -q "$root/$place" || umount "$root/$place"
    done
}
clean() {
    unmount
    rm -rf --one-file-system "$root"
}
trap clean EXIT
cp -a $base/. "$root"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
cp "$deb" "$root/root/alprviewer.deb"
cp resources/sample/sample.jsonl "$root/srv/sample.alpr.jsonl"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t devpts devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"

inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$root" "$@"; }
as_user() { inside setpriv --reuid=1234 --regid=1234 --clear-groups env HOME=/home/reader "$@"; }
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./var/lib/apt -o -path ./var/cache -o \
    -path ./var/log -o -path ./var/lib/dpkg -o -path ./home \) -prune -o -print | sort); }

echo "Installing it"
inside sh -c '! command -v python3' || { echo "This system has Python; the trial would prove nothing." >&2; exit 1; }
inside groupadd --gid 1234 reader
inside useradd --uid 1234 --gid 1234 --create-home reader
inside apt-get -qq -o APT::Update::Error-Mode=any update || exit 77
needed=$(inside apt-get -qq --simulate --no-install-recommends install /root/alprviewer.deb |
    sed -n 's/^Inst \([^ ]*\) .*/\1/p' | grep -vx alprviewer)
inside apt-get -qq -y --no-install-recommends install $needed >/dev/null
files >"$root/root/before"
inside apt-get -qq -y --no-install-recommends install /root/alprviewer.deb >/dev/null
inside sh -c '! command -v python3'

echo "Using it as an ordinary user"
as_user alprviewer --version
as_user alprviewer index /srv/sample.alpr.jsonl | head -3
as_user alprviewer screenshot /srv/sample.alpr.jsonl -o /home/reader/window.png --tab reads --select 3
picture=$(stat -c %s "$root/home/reader/window.png")
[ "$picture" -gt 100000 ] || { echo "The picture of the window has $picture bytes only." >&2; exit 1; }
mkdir -p build && cp "$root/home/reader/window.png" build/deb-window.png
for file in usr/share/applications/alprviewer.desktop usr/share/mime/packages/alprviewer.xml \
    usr/share/metainfo/alprviewer.metainfo.xml usr/share/icons/hicolor/scalable/apps/alprviewer.svg; do
    [ -s "$root/$file" ] || { echo "/$file is missing." >&2; exit 1; }
done
# On a screen of the machine outside; the program and everything that it loads are those of the bare system.
inside install -d -m 700 -o reader -g reader /home/reader/run
.venv/bin/python packaging/bundle/measure.py --starts 1.5 chroot "$root" setpriv --reuid=1234 --regid=1234 \
    --clear-groups env XDG_RUNTIME_DIR=/home/reader/run HOME=/home/reader PATH=/usr/bin:/bin LC_ALL=C.UTF-8 \
    alprviewer /srv/sample.alpr.jsonl
leftover=$(find "$root/usr/lib/alprviewer" -newer "$root/root/before" -name '*.pyc' | head -1)
[ -z "$leftover" ] || { echo "Running it wrote into its own folder: $leftover" >&2; exit 1; }

echo "Removing it"
inside apt-get -qq -y purge alprviewer >/dev/null
files >"$root/root/after.all"
grep -vx './root/after.all\|./root/before' "$root/root/after.all" >"$root/root/after"
grep -vx './root/before' "$root/root/before" | diff - <(grep -vx './root/after' "$root/root/after") >"$root/root/left" || {
    echo "It left something behind, or took something with it:" >&2
    cat "$root/root/left" >&2
    exit 1
}
echo "Installed, used and removed; nothing was left behind."
