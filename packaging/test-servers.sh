#!/usr/bin/env bash
# Unpacks the servers that the tests talk to into build/servers.
#
# Debian's beanstalkd is a service that starts by itself once it is installed, and answers to every machine
# that can reach it. Here it is only unpacked: the tests start it at a port of their own, as long as they last.
# What is not Debian (or made from it) is left alone; the tests that need a server skip where there is none.
set -eu
cd "$(dirname "$0")/.."

servers=build/servers
[ ! -x $servers/usr/bin/beanstalkd ] || exit 0
! command -v beanstalkd >/dev/null || exit 0
if ! command -v dpkg-deb >/dev/null || ! command -v apt-get >/dev/null; then
    echo "There is no beanstalkd and no Debian package of it here; the tests that need it are skipped." >&2
    exit 0
fi

fetch() {
    (cd $servers && apt-get -qq -o APT::Sandbox::User=root download beanstalkd)
}

mkdir -p $servers
echo "Unpacking Debian's beanstalkd into $servers, for the tests"
if ! fetch 2>/dev/null; then
    # The package lists are missing or old.
    become_root=
    [ "$(id -u)" = 0 ] || become_root=sudo
    $become_root apt-get -qq update && fetch || {
        echo "Debian's beanstalkd could not be fetched; the tests that need it are skipped." >&2
        exit 0
    }
fi
dpkg-deb -x $servers/beanstalkd_*.deb $servers
rm -f $servers/beanstalkd_*.deb
