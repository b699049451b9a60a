// SPDX-License-Identifier: BSD-3-Clause
#include <uc/plat.h>
#include <uc/x86.h>

static uint16_t debug_exit_port;

void uc_plat_set_debug_exit(uint16_t port) { debug_exit_port = port; }

void uc_plat_early_write(const char *s, size_t n)
{
	__asm__ volatile("rep outsb" : "+S"(s), "+c"(n) : "d"((uint16_t)0xe9) : "memory");
}

/* Firecracker and microvm end on the keyboard controller's reset, pc and q35 on ACPI S5, everything
 * on a triple fault. */
void uc_plat_poweroff(unsigned kind, unsigned value)
{
	__asm__ volatile("cli");
	if (debug_exit_port) x86_outl(debug_exit_port, kind << 8 | (value & 0xff));
	x86_outw(0x604, 0x2000);
	x86_outb(0x64, 0xfe);
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) none = { 0, 0 };
	__asm__ volatile("lidt %0; ud2" : : "m"(none));
	for (;;) __asm__ volatile("hlt");
}
