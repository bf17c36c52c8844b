#!/usr/bin/env bash
# Makes a Debian package from the bundle in build/package/alprviewer: packaging/linux/make-deb.sh PYTHON OUT.
#
# Needs nothing of debhelper: the package has no scripts of its own. Desktops notice the files by their triggers,
# and what is removed leaves nothing, since nothing is written outside the homes of users.
set -eu
cd "$(dirname "$0")/../.."

python=${1:?usage: make-deb.sh PYTHON OUT}
out=${2:?usage: make-deb.sh PYTHON OUT}
here=packaging/linux
bundle=build/package/alprviewer
root=build/package/deb
share=$root/usr/share

version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' alprviewer/__init__.py)
date=$(git log -1 --format=%cs 2>/dev/null || date -u +%F)

rm -rf $root
mkdir -p $root/DEBIAN $root/usr/bin $root/usr/lib $share/applications $share/icons $share/mime/packages \
    $share/metainfo $share/man/man1 $share/doc/alprviewer
cp -a $bundle $root/usr/lib/alprviewer
ln -s ../lib/alprviewer/alprviewer $root/usr/bin/alprviewer
cp -a build/package/icons/hicolor $share/icons/
cp $here/alprviewer.desktop $share/applications/
cp $here/alprviewer.xml $share/mime/packages/
sed "s/@VERSION@/$version/; s/@DATE@/$date/" $here/alprviewer.metainfo.xml >$share/metainfo/alprviewer.metainfo.xml
"$python" $here/manpage.py "$date" | gzip -9n >$share/man/man1/alprviewer.1.gz
gzip -9nc CHANGELOG.md >$share/doc/alprviewer/changelog.gz
cp LICENSE $share/doc/alprviewer/copyright
printf '\nThe licences of everything that is shipped with it: /usr/share/doc/alprviewer/licences/README.md\n' \
    >>$share/doc/alprviewer/copyright
cp -a build/package/licences $share/doc/alprviewer/

desktop-file-validate $share/applications/alprviewer.desktop
# The project has no domain whose reverse its id could begin with.
appstreamcli validate --no-net --override=cid-desktopapp-is-not-rdns=info $share/metainfo/alprviewer.metainfo.xml

# The newest version of the C library that a file asks for is the oldest one that will do.
libc=$(find $bundle -type f \( -name '*.so*' -o -name alprviewer \) -exec objdump -T {} + 2>/dev/null |
    sed -n 's/.*(\{0,1\}GLIBC_\([0-9.]*\)).*/\1/p' | sort -V | tail -1)
depends="libc6 (>= $libc)$(packaging/system-libraries.sh names run | sed 's/|/ | /; s/^/, /' | tr -d '\n')"

find $root -name __pycache__ -prune -exec rm -rf {} +
find $root -type d -exec chmod 755 {} +
find $root -type f ! -perm -u+x -exec chmod 644 {} +
find $root -type f -perm -u+x -exec chmod 755 {} +
find $root -name '*.so*' -type f -exec chmod 644 {} +
cat >$root/DEBIAN/control <<CONTROL
Package: alprviewer
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: alprviewer contributors <alprviewer@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN $root | cut -f1)
Depends: $depends
Recommends: libcups2, shared-mime-info, hicolor-icon-theme
Section: utils
Priority: optional
Description: look at, verify and correct licence-plate reads
 Opens the plate results of Rekor Scout and OpenALPR: the scene with its
 overlays, the crop, every candidate and how sure the recognizer was, in
 tables that filter and sort millions of reads. Brings its own Python and Qt.
CONTROL
(cd $root && find usr -type f -printf '%P\0' | sort -z | sed -z 's,^,usr/,' | xargs -0 md5sum >DEBIAN/md5sums)

mkdir -p "$out"
deb=$out/alprviewer_${version}_$(dpkg --print-architecture).deb
rm -f "$out"/alprviewer_*.deb
dpkg-deb --root-owner-group -Zzstd --build $root "$deb" >/dev/null
echo "$deb"
