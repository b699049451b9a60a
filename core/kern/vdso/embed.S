// SPDX-License-Identifier: BSD-3-Clause
/* The vDSO image, built from image/, as whole pages that the loader maps in place. */
	.section .rodata.vdso, "a", @progbits
	.balign 4096
	.globl vdso_image_start, vdso_image_end
	.hidden vdso_image_start, vdso_image_end
vdso_image_start:
	.incbin "vdso.so"
	.balign 4096
vdso_image_end:
	.section .note.GNU-stack, "", @progbits
