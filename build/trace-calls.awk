# SPDX-License-Identifier: BSD-3-Clause
# Turns abi/syscalls.tab into the tables of core/posix/trace: -v part=enums gives the enumerators of
# structure types (TY_*) and value sets (SET_*), -v part=calls the calls, packed into bytes.
function sub_of(word, prefix, seen, order)
{
	if (!(word in seen)) {
		seen[word] = 1
		order[++order[0]] = word
	}
	return prefix word
}
function packed(word,    part, kind)
{
	if (split(word, part, ":") == 1)
		return "K_" toupper(word) ","
	kind = "K_" toupper(part[1]) ","
	if (part[1] == "flags" || part[1] == "enum")
		return kind sub_of(part[2], "SET_", sets, set_order) ","
	return kind sub_of(part[2], "TY_", types, type_order) ","
}
function width(text)
{
	return gsub(/,/, ",", text)
}
/^[0-9]/ {
	result = "int"
	text = ""
	nargs = 0
	for (i = 3; i <= NF; i++) {
		if ($i ~ /^\+/)
			continue
		if ($i ~ /^=/)
			result = substr($i, 2)
		else {
			text = text packed($i)
			nargs++
		}
	}
	text = "K_" toupper(result) "," nargs "," text
	for (i = 1; i <= length($2); i++)
		text = text "'" substr($2, i, 1) "',"
	text = text "0,"
	at[$1] = 1 + used
	used += width(text)
	data = data "\t" text "\n"
	numbers = numbers "\t[" $1 "] = " at[$1] ",\n"
}
END {
	print "/* Generated from abi/syscalls.tab by build/trace-calls.awk. */"
	if (part == "enums") {
		print "enum trace_type {\n\tTY_none,"
		for (i = 1; i <= type_order[0]; i++)
			print "\tTY_" type_order[i] ","
		print "};\nenum trace_set {\n\tSET_none,"
		for (i = 1; i <= set_order[0]; i++)
			print "\tSET_" set_order[i] ","
		print "\tSET_count\n};"
	} else {
		printf "static const uint8_t call_data[] = {\n\t0,\n%s};\n", data
		printf "static const uint16_t call_at[] = {\n%s};\n", numbers
	}
}
