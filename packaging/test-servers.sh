#!/usr/bin/env bash
# Unpacks the servers that the tests talk to into build/servers.
#
# Debian's beanstalkd and PostgreSQL are services that start by themselves once they are installed. Here they
# are only unpacked: the tests start them at ports of their own, as long as they last. What is not Debian (or
# made from it) is left alone; the tests that need a server skip where there is none.
set -eu
cd "$(dirname "$0")/.."

servers=build/servers

has_beanstalkd() {
    [ -x $servers/usr/bin/beanstalkd ] || command -v beanstalkd >/dev/null
}

has_postgres() {
    compgen -G "$servers/usr/lib/postgresql/*/bin/initdb" >/dev/null ||
        compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null
}

# The packages that a server needs and that are not installed: libraries and the server itself.
missing_for() {
    apt-get -qq --no-install-recommends --print-uris install "$1" |
        sed -nE "s/^'[^']*' ((lib|$1)[^_]*)_.*/\1/p"
}

beanstalkd_packages() {
    echo beanstalkd
}

postgres_packages() {
    local newest
    newest=$(apt-cache depends postgresql | sed -nE 's/^ *Depends: (postgresql-[0-9]+)$/\1/p')
    [ -n "$newest" ] && missing_for "$newest" | grep -vE '^lib(llvm|perl|json-perl|common-sense|types)|-perl$'
}

# Fetches packages and unpacks them.
unpack() {
    mkdir -p $servers/packages
    (cd $servers/packages && apt-get -qq -o APT::Sandbox::User=root download "$@") || return 1
    for package in $servers/packages/*.deb; do
        dpkg-deb -x "$package" $servers
    done
    rm -r $servers/packages
}

provide() {
    local name=$1 packages=$2
    echo "Unpacking Debian's $name into $servers, for the tests"
    # shellcheck disable=SC2046 # one word a package
    unpack $($packages) 2>/dev/null && return
    # The package lists are missing or old.
    become_root=
    [ "$(id -u)" = 0 ] || become_root=sudo
    # shellcheck disable=SC2046
    { $become_root apt-get -qq update && unpack $($packages); } ||
        echo "Debian's $name could not be fetched; the tests that need it are skipped." >&2
}

has_beanstalkd && has_postgres && exit 0
if ! command -v dpkg-deb >/dev/null || ! command -v apt-get >/dev/null; then
    echo "beanstalkd or PostgreSQL is missing, and no Debian packages are at hand; tests that need them are skipped." >&2
    exit 0
fi
has_beanstalkd || provide beanstalkd beanstalkd_packages
has_postgres || provide PostgreSQL postgres_packages
