# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154 # work, root: of bench/run
# Programs compared with their native runs. Reports are kept in $board, so that a part of the suite can be run again.
board=$work/scoreboard
cases=bench/suites/data/scoreboard

# Files that cases of several programs use, beside the copies of the cases.
board_fixture() {
	local d=$board/cases
	[ ! -e "$d/small.xz" ] || return 0
	mkdir -p "$d/a"
	seq 1 3000 | awk '{ printf "%se%d\n", substr("abcdefghijkl", 1 + $1 % 9, 3), $1 * 7919 % 10007 }' >"$d/words"
	printf 1 >"$d/a/x" && printf 'two\n' >"$d/a/y" && chmod 600 "$d/a/x" && ln -s x "$d/a/l" && ln "$d/a/y" "$d/a/h"
	(cd "$d" && tar --owner=0 --group=0 --mtime=@1000 --sort=name -cf small.tar a && printf 'some text\n' | xz -c >small.xz)
}

# board_verify NAME PLATFORM IMAGE: the report, with the commit and the date of the run
board_verify() {
	local report=$board/reports/$1-$2.json options=(--plat "$2")
	[ "$2" != kvm ] || options+=(--accel "$UC_ACCEL")
	timeout -k 5 "${UC_BOARD_TIMEOUT:-900}" "$UC_BUILD/bin/unicore" verify -q --json --min-score 0 "${options[@]}" \
		--cases "$board/cases/$1.yaml" "$3" >"$report.new" 2>"$board/reports/$1-$2.err"
	if jq -e .score "$report.new" >/dev/null 2>&1; then
		jq --arg commit "$(git describe --always --dirty)" --arg date "$(date -u +%F)" '{commit: $commit, date: $date} + .' \
			"$report.new" >"$report"
	else
		jq -n --rawfile why "$board/reports/$1-$2.err" '{score: 0, failed: $why, cases: []}' >"$report"
	fi
	rm -f "$report.new"
}

# NAME GROUP SOURCES
kind_scoreboard() {
	local name=$1 plat score sources image=$board/images/$1
	read -r -a sources <<<"$3"
	mkdir -p "$board/reports" "$board/images"
	board_fixture
	cp "$cases"/* "$board/cases/"
	timeout -k 5 600 "$UC_BUILD/bin/unicore" build -q -f --trace -o "$image" "${sources[@]}" 2>"$board/reports/$1-build.err" || {
		cat "$board/reports/$1-build.err"
		return 1
	}
	for plat in ${UC_BOARD_PLATFORMS:-linux kvm}; do
		board_verify "$name" "$plat" "$image"
		score=$(jq .score "$board/reports/$name-$plat.json")
		row "$name: $plat" "$score" "score" 99 "$(verdict "$score" '>=' 99)" "$(jq '[.cases[] | .results[0].score]' "$board/reports/$name-$plat.json")"
	done
	[ -n "${UC_BOARD_KEEP:-}" ] || rm -rf "$image"
}

# The report of a program on a platform as `CASES SCORE COMMIT`; a dash: there is none.
board_cell() {
	local report=$board/reports/$1-$2.json
	[ -f "$report" ] || { echo "0 – –" && return; }
	jq -r '"\(.cases | length) \(.score * 100 | floor / 100) \(.commit // "–")"' "$report"
}

# Cases whose score is below 99, with what was found out about them.
board_deviations() {
	local report name why
	for report in "$board"/reports/*-{kvm,linux}.json; do
		[ -f "$report" ] || continue
		name=$(basename "$report" .json)
		jq -r '.cases[] | select(.results[0].score < 99) | [.name, (.results[0].score * 100 | floor / 100),
			([.results[0].channels | to_entries[] | select(.value.agreement < 1) | .key] | join(", "))] | @tsv' "$report" |
			while IFS=$'\t' read -r case score channels; do
				why=$(sed -n "s/^${name%-*} *| *$case *| *//p" "$cases/explained" | head -n 1)
				echo "| ${name%-*} | ${name##*-} | $case | $score | $channels | ${why:-not explained} |"
			done
	done
}

# Lines that cases leave out of the comparison, with the reason.
board_ignored() {
	local file
	for file in "$cases"/*.yaml; do
		sed -nE 's/.*lines: "?([^",]*)"?, why: *"?([^"}]*)"?\}.*/\1\t\2/p' "$file" | sed 's/|/\\|/g' | awk -F'\t' -v n="$(basename "$file" .yaml)" \
			'{ print "| " n " | `" $1 "` | " $2 " |" }'
	done
}

# docs/SCOREBOARD.md of the reports that there are.
board_document() {
	local rows programs good
	rows=$(while IFS='|' read -r name group _; do
		read -r n kvm kvm_commit <<<"$(board_cell "$(trim "$name")" kvm)"
		read -r n linux linux_commit <<<"$(board_cell "$(trim "$name")" linux)"
		echo "| $(trim "$name") | $(trim "$group") | $n | $kvm | $linux | $kvm_commit | $linux_commit |"
	done < <(grep -v '^#\|^$' bench/suites/scoreboard.suite))
	programs=$(wc -l <<<"$rows")
	good=$(awk -F' *[|] *' '$5 + 0 >= 99 && $6 + 0 >= 99' <<<"$rows" | wc -l)
	cat <<END
# Scoreboard of programs

Made by \`bench/run scoreboard\` up to $(date -u +%F) with $(qemu-system-x86_64 --version | sed -n '1s/ *(.*//p') under TCG (kvm) and as a
process (linux). Each program is an unmodified package of Debian 12; its cases ([data](../bench/suites/data/scoreboard)) run natively
several times and once on each platform, and \`unicore verify\` compares ([note 17](design/0017-verification-by-comparison.md)): output, errors, status,
files with metadata, bytes that clients got, system calls with results, time, resources.

$programs programs, $(awk -F' *[|] *' '{ n += $4 } END { print n }' <<<"$rows") cases; servers and clients: $(grep -c '| server \|| client ' <<<"$rows"), runtimes: $(grep -c '| runtime ' <<<"$rows"). **With a score of 99 or more on both platforms: $good.**

| program | kind | cases | kvm | linux | commit (kvm) | commit (linux) |
|---|---|---:|---:|---:|---|---|
$rows

Scores below 100 and above 99 come from the share of equal system calls: the texts of \`/proc/filesystems\` and \`/proc/self/maps\` have other lengths, attributes of access lists are
answered by \`EOPNOTSUPP\` ([CAVEATS.md](CAVEATS.md)), and threads come to their calls in another order.

## Cases below 99

| program | platform | case | score | differs | why |
|---|---|---|---:|---|---|
$(board_deviations)

## Lines that are not compared

| program | lines | why |
|---|---|---|
$(board_ignored)
END
}
