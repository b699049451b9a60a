#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Usage: build/deps.sh [--list] GROUP...     installs what is missing of build/packages
#        build/deps.sh --sources             makes Debian source packages available
# Does nothing, and needs no network and no root, when everything is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive

die() {
	echo "deps: $*" >&2
	exit 1
}

apt() {
	apt-get -qq -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@"
}

packages() {
	local group
	for group; do
		awk -v g="$group" '$1 == g { print $2 }' "$here/packages"
	done
}

missing() {
	local p
	packages "$@" | while read -r p; do
		dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^ii' || echo "$p"
	done
}

# Repeats every configured binary source as a source-package source, in a file of its own.
enable_sources() {
	local dir=${UC_APT_DIR:-/etc/apt} out list
	out=$dir/sources.list.d/unicore-src
	if grep -rqsE '^(deb-src |Types:.*deb-src)' "$dir/sources.list" "$dir/sources.list.d"; then
		return
	fi
	for list in "$dir"/sources.list.d/*.sources; do
		[ -e "$list" ] || continue
		sed 's/^Types:.*/Types: deb-src/' "$list"
		echo
	done >"$out.sources"
	for list in "$dir/sources.list" "$dir"/sources.list.d/*.list; do
		[ -e "$list" ] || continue
		sed -n 's/^deb /deb-src /p' "$list"
	done >"$out.list"
	[ -s "$out.sources" ] || rm -f "$out.sources"
	[ -s "$out.list" ] || rm -f "$out.list"
}

case ${1:-} in
--sources)
	enable_sources
	apt update
	exit
	;;
--list)
	shift
	packages "$@"
	exit
	;;
"") die "usage: build/deps.sh [--list] build|run|test... or --sources" ;;
esac

for group; do
	[ -n "$(packages "$group")" ] || die "no group '$group' in build/packages"
done
mapfile -t need < <(missing "$@")
[ ${#need[@]} -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] || die "not root; install these first: ${need[*]}"
echo "deps: installing ${need[*]}"
apt update
apt install --no-install-recommends "${need[@]}" >/dev/null
