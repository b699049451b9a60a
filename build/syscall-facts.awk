# SPDX-License-Identifier: BSD-3-Clause
# Facts about handlers from the sources of the Core: for each file the functions, what they mention, and the texts of
# uc_unsupported() in them. Output, tab-separated: `handler NAME`, `refuses NAME ERRNO` (its body is nothing but an error),
# `lacks NAME TEXT` (said on a path from the handler in its file), `file PATH TEXT` (said in a file without a handler on the path).
function flush_function()
{
	if (fn == "")
		return
	body[fn] = text
	fns[++nfns] = fn
	fn = ""
}
function quoted(s,    t)
{
	if (!match(s, /uc_unsupported\([^"]*"[^"]*"/))
		return ""
	t = substr(s, RSTART, RLENGTH)
	err = t
	sub(/.*uc_unsupported\(/, "", err)
	sub(/,.*/, "", err)
	sub(/^[^"]*"/, "", t)
	sub(/"$/, "", t)
	gsub(/ *%[#0-9lz]*[a-z]/, "", t)
	return t
}
function reach(from, to,    i)
{
	if (from in visited)
		return
	visited[from] = 1
	owner[from] = owner[from] " " to
	for (i = 1; i <= nfns; i++)
		if (!(fns[i] in visited) && index(body[from], fns[i] "("))
			reach(fns[i], to)
}
function end_file(    i, j, s, t, n, list, name, k)
{
	flush_function()
	split("", owner)
	for (i = 1; i <= nfns; i++)
		if (fns[i] ~ /^uc_sys_/) {
			name = substr(fns[i], 8)
			print "handler\t" name
			s = body[fns[i]]
			gsub(/\(void\)[a-z_0-9]+;|[ \t\n]+/, " ", s)
			if (s ~ /^ *return (-E[A-Z]+|uc_unsupported\([^;]*\)); *$/) {
				match(s, /-E[A-Z]+/)
				print "refuses\t" name "\t" substr(s, RSTART + 1, RLENGTH - 1)
			}
			split("", visited)
			reach(fns[i], name)
		}
	for (i = 1; i <= nfns; i++) {
		s = body[fns[i]]
		while ((j = index(s, "uc_unsupported(")) > 0) {
			s = substr(s, j)
			t = quoted(substr(s, 1, 300))
			if (t != "") {
				n = split(owner[fns[i]], list, " ")
				for (k = 1; k <= n; k++)
					print "lacks\t" list[k] "\t" t
				if (!n)
					print "file\t" path "\t" t
			}
			s = substr(s, 16)
		}
	}
	nfns = 0
	split("", body)
}
FNR == 1 {
	if (NR > 1)
		end_file()
	path = FILENAME
	inside = 0
}
/^[a-z].*\(/ && !/;$/ && !inside {
	flush_function()
	s = $0
	sub(/\(.*/, "", s)
	sub(/.*[ *]/, "", s)
	fn = s
	text = ""
}
/^}/ { inside = 0 }
inside { text = text $0 "\n" }
/^\{/ { inside = 1 }
END { end_file() }
