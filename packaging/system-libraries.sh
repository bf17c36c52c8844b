#!/usr/bin/env bash
# Sees to the system libraries that no Python wheel brings along.
#
#   packaging/system-libraries.sh run|test|package [PYTHON]
#   packaging/system-libraries.sh names run|test|package
#
# "run" is what Qt loads to draw windows, with or without a display; "test" adds an X server and
# a message bus to test against; "package" what packages are made and checked with. "names" prints the packages,
# one need a line, and sees to nothing. PYTHON is the interpreter that has to be able to make virtual environments.
# Asks for root only when something is missing, and then says what and why. What is not Debian (or made
# from it) is left alone. A C compiler is wished for, but nothing fails without it.
set -eu

usage='usage: system-libraries.sh [names] run|test|package [PYTHON]'
names_only=no
if [ "${1:-}" = names ]; then
    names_only=yes
    shift
fi
purpose=${1:?$usage}
python=${2:-python3}

# One need a line: package (or alternatives: names differ between releases), then what it is for.
needs_to_run='
libgl1                       OpenGL, which QtGui is linked with
libegl1                      OpenGL without a display
libxkbcommon0                keyboard layouts
libfontconfig1               finding fonts
fonts-dejavu-core            a font; without one there is no text
libdbus-1-3                  the desktop session (colour scheme, portals)
libglib2.0-0t64|libglib2.0-0 the event loop of the desktop
libxcb-cursor0               windows on X11: mouse cursors
libxkbcommon-x11-0           windows on X11: keyboard
libxcb-icccm4                windows on X11: window manager
libxcb-keysyms1              windows on X11: shortcuts
libxcb-shape0                windows on X11: shaped windows
libwayland-cursor0           windows on Wayland: mouse cursors
libwayland-egl1              windows on Wayland: OpenGL
'
needs_to_test='
curl                         sending to the web server as agents do
openssl                      a certificate for the tests of encrypted connections
xvfb                         an X server without a screen, for the tests
xauth                        access to that X server
dbus-daemon                  the message bus of a desktop session, for the tests
dbus-bin                     messages of the desktop: its colour scheme changes
'
needs_to_package='
appstream                    checking what software centres show
binutils                     finding what libraries need
desktop-file-utils           checking the entry of the menu
debootstrap                  a bare system, to try the package in
zstd                         reading what a package holds
'

wishes='
gcc                          compiling what reads large files several times faster
libc6-dev                    the headers of the C library, for that
'

case $purpose in
    run) needs=$needs_to_run ;;
    test) needs=$needs_to_run$needs_to_test ;;
    package) needs=$needs_to_run$needs_to_package ;;
    *) echo "$usage" >&2; exit 2 ;;
esac

if [ $names_only = yes ]; then
    echo "$needs" | sed -n 's/^\([^ ]\{1,\}\) .*/\1/p'
    exit 0
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not a Debian system, so its system libraries are not looked after here." >&2
    echo "If Qt does not start, install what these Debian packages hold:" >&2
    echo "$needs" | sed -n 's/^\([^ ]\{1,\}\) \{1,\}\(.*\)/  \1  (\2)/p' >&2
    exit 0
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    needs="$needs
$version-venv|python3-venv   making the virtual environment
"
fi

installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

said=no
# Adds the packages of a list that are not installed to an array, and says what they are for.
look_for() {
    local -n into=$2
    local names reason name found
    while read -r names reason; do
        [ -n "$names" ] || continue
        found=no
        for name in ${names//|/ }; do
            if installed "$name"; then
                found=yes
                break
            fi
        done
        if [ $found = no ]; then
            [ $said = yes ] || echo "System packages that are missing:"
            said=yes
            printf '  %-30s %s\n' "${names//|/ or }" "$reason"
            into+=("$names")
        fi
    done <<<"$1"
}

can_compile() {
    local compiler
    for compiler in "${CC:-cc}" gcc clang; do
        ! echo '#include <string.h>' | $compiler -x c -fsyntax-only - 2>/dev/null || return 0
    done
    return 1
}

missing=()
wished=()
look_for "$needs" missing
can_compile || look_for "$wishes" wished

[ $said = yes ] || exit 0

# Of the alternatives the first that this release has.
pick() {
    local name
    for name in ${1//|/ }; do
        if apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [^(]'; then
            echo "$name"
            return
        fi
    done
    echo "${1##*|}"
}

choose() {
    local names
    packages=()
    for names in "$@"; do packages+=("$(pick "$names")"); done
}

become_root=
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null; then
        echo "Installing them needs root; sudo may ask for your password."
        become_root=sudo
    else
        choose "${missing[@]}" "${wished[@]}"
        echo "Installing them needs root, which you are not, and there is no sudo. As root, run:" >&2
        echo "  apt-get update && apt-get install --no-install-recommends ${packages[*]}" >&2
        [ ${#missing[@]} -gt 0 ] || exit 0
        echo "and then repeat what you did." >&2
        exit 1
    fi
fi

as_root() {
    $become_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -qq -o Dpkg::Use-Pty=0 "$@"
}

as_root update || echo "The package lists could not be brought up to date; trying with those that are here." >&2
install_all() {
    [ $# -gt 0 ] || return 0
    choose "$@"
    echo "Installing: ${packages[*]}"
    as_root install --no-install-recommends -y "${packages[@]}" >/dev/null
}

install_all "${missing[@]}" "${wished[@]}" && exit 0
if [ ${#wished[@]} -gt 0 ] && install_all "${missing[@]}"; then
    echo "Going on without a C compiler: large files will be read slower." >&2
    exit 0
fi
echo "The system packages could not be installed (see above). As root, try:" >&2
echo "  apt-get update && apt-get install --no-install-recommends ${packages[*]}" >&2
exit 1
