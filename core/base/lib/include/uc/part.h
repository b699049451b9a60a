// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PART_H
#define UC_PART_H
/*
 * Parts of a µlib that only some images need. A table of operations refers to the functions of
 * a part weakly, so it alone does not bring them in; the file that gives the part says
 * UC_PART(x), and the files from where the operation can be reached say UC_NEEDS_PART(x), which
 * makes the linker take it from its archive. In an image without those the operation is NULL.
 * Parts that go by other calls of the image, or by what a call's argument can be, are listed in
 * abi/syscalls.tab instead.
 * Costs no bytes.
 */
#define UC_PART(name) extern const char uc_part_##name; const char uc_part_##name = 0
#if __STDC_HOSTED__ /* a unit test links what it names */
#define UC_NEEDS_PART(name) extern const char uc_part_##name
#else
#define UC_NEEDS_PART(name) \
	extern const char uc_part_##name; \
	static const char *const uc_needs_##name \
	__attribute__((used, section(".data.rel.ro.uc_needs"))) = &uc_part_##name
#endif
#endif
