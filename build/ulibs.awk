# SPDX-License-Identifier: BSD-3-Clause
# Prints ulibs.tab from core/<layer>/<ulib>/ulib.yaml files (top-level `key: value` lines only).
# Columns: archive layer name provides link default paths platform calls
#   link: always  the whole µlib is a root (drivers; the default in layer dev)
#         needed  members are taken when something refers to them (the default elsewhere)
#         option  when asked for by name, when a file of the image has one of the texts in `paths` in it, or
#                 by default: yes unless left out by name
#   platform: the only one that the µlib is for; - if it is for each
#   calls: of several µlibs that provide the same, this is the one for images with one of these system calls; an
#          option is for images with one of them only; @path: any call that takes the path of a file;
#          @all: every call
function finish()
{
	if (path == "")
		return
	n = split(path, part, "/")
	layer = part[n - 2]
	folder = part[n - 1]
	if (!("link" in v))
		v["link"] = layer == "dev" ? "always" : "needed"
	print layer "_" folder ".a", layer, ("name" in v ? v["name"] : folder), ("provides" in v ? v["provides"] : "-"), \
		v["link"], (v["default"] == "true" || v["default"] == "yes" ? 1 : 0), ("paths" in v ? v["paths"] : "-"), \
		("platform" in v ? v["platform"] : "-"), ("calls" in v ? v["calls"] : "-")
	delete v
}
FNR == 1 { finish(); path = FILENAME }
/^[a-z_]+:[ \t]/ {
	key = $0
	sub(/:.*/, "", key)
	value = $0
	sub(/^[a-z_]+:[ \t]*/, "", value)
	sub(/[ \t]+#.*$/, "", value)
	gsub(/"/, "", value)
	sub(/[ \t]+$/, "", value)
	if (value != "")
		v[key] = value
}
END { finish() }
