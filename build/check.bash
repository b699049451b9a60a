# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
# Shared by build/check-*: each takes the folder of the tree to check (default: this one), prints
# `FILE[:LINE]: what is wrong` for every violation and ends with status 1 if there was one.
set -uo pipefail
CHECK_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${1:-$CHECK_HOME/..}" || exit 2
CHECK_LAYERS=(base arch plat kern dev service posix boot)
check_violations=0

# Files of the tree: tracked or about to be; in a folder that is no git tree, everything.
tree_files() {
	if [ "$(git rev-parse --show-prefix 2>/dev/null)" = "" ] && [ -e .git ]; then
		git ls-files -co --exclude-standard
	else
		find . -type f -not -path './.git/*' -printf '%P\n'
	fi | sort | while read -r f; do
		[ -f "$f" ] && echo "$f"
	done
}

complain() {
	echo "$*"
	check_violations=$((check_violations + 1))
}

# Reads violations, one a line.
complain_each() {
	local line
	while IFS= read -r line; do
		complain "$line"
	done
}

finish() {
	[ "$check_violations" -eq 0 ] || {
		echo "$(basename "$0"): $check_violations violations"
		exit 1
	}
}

# C text without comments, numbered as the original: `LINE:TEXT`.
without_comments() {
	gcc -fpreprocessed -dD -E "$1" 2>/dev/null | awk '
		/^# [0-9]+ "/ { n = $2 - 1; next }
		{ n++; print n ":" $0 }'
}

layer_index() {
	local i
	for i in "${!CHECK_LAYERS[@]}"; do
		[ "${CHECK_LAYERS[$i]}" = "$1" ] && echo "$i" && return
	done
	return 1
}
