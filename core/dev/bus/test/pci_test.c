// SPDX-License-Identifier: BSD-3-Clause
// sources: ../pci.c ../pci_bar.c ../pci_caps.c ../ivshmem.c
/* A small PCI topology: bridges programmed and not, BARs of all kinds, hostile capability lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <uc/bus.h>
#include <uc/pci.h>
#include <uc/plat.h>

#define WINDOW_BASE 0x800000000ull
#define WINDOW_LEN  0x100000000ull

/* A function: bus 0 by number, others by the secondary number of the bridge they are behind. */
struct fn { unsigned bus, dev, fn; int parent; uint8_t cfg[256]; uint64_t bar_size[6]; };
static struct fn *fns[8];
static unsigned nfns, reads;

bool uc_plat_pci_present(void) { return nfns > 0; }
void uc_plat_pci_window(uc_paddr *base, uint64_t *len) { *base = WINDOW_BASE; *len = WINDOW_LEN; }

static struct fn *find(unsigned bus, unsigned dev, unsigned fn)
{
	for (unsigned i = 0; i < nfns; i++) {
		unsigned on = fns[i]->parent < 0 ? 0 : fns[fns[i]->parent]->cfg[0x19];
		bool reachable = fns[i]->parent < 0 || on;
		if (reachable && on == bus && fns[i]->dev == dev && fns[i]->fn == fn)
			return fns[i];
	}
	return NULL;
}

uint32_t uc_plat_pci_read(unsigned bus, unsigned dev, unsigned fn, unsigned off, unsigned width)
{
	struct fn *f = find(bus, dev, fn);
	uint32_t v = UINT32_MAX;
	reads++;
	if (f)
		memcpy(&v, f->cfg + off, width);
	return width == 4 ? v : v & ((1u << 8 * width) - 1);
}

void uc_plat_pci_write(unsigned bus, unsigned dev, unsigned fn, unsigned off, unsigned width,
		       uint32_t v)
{
	struct fn *f = find(bus, dev, fn);
	assert_non_null(f);
	unsigned bar = (off - 0x10) / 4;
	if (off >= 0x10 && off < 0x28 && (f->cfg[0x0e] & 0x7f) == 0) {
		uint32_t old;
		memcpy(&old, f->cfg + off, 4);
		bool high = bar && f->bar_size[bar] == 0 && f->bar_size[bar - 1] &&
			    (f->cfg[off - 4] & 6) == 4;
		uint64_t size = high ? f->bar_size[bar - 1] : f->bar_size[bar];
		uint64_t mask = size ? ~(size - 1) : 0;
		v = high ? v & (uint32_t)(mask >> 32) : (v & (uint32_t)mask & ~0xfu) | (old & 0xf);
		assert_false(f->cfg[4] & 2 && v == UINT32_MAX); /* never sized while decoding */
	}
	memcpy(f->cfg + off, &v, width);
}

static struct fn *add(int parent, unsigned dev, unsigned fn, uint32_t id, uint8_t type)
{
	struct fn *f = calloc(1, sizeof(*f));
	*f = (struct fn){ .dev = dev, .fn = fn, .parent = parent };
	memcpy(f->cfg, &id, 4);
	f->cfg[0x0e] = type;
	fns[nfns++] = f;
	return f;
}

static int build(void **state)
{
	add(-1, 0, 0, 0x12378086, 0x00);
	struct fn *b = add(-1, 3, 0, 0x00011b36, 0x01); /* not programmed */
	b->cfg[0x19] = 0;
	add(-1, 4, 0, 0x10031af4, 0x80);
	add(-1, 4, 3, 0x10041af4, 0x00);
	struct fn *s = add(1, 7, 0, 0x11101af4, 0x00); /* ivshmem behind the bridge */
	s->bar_size[0] = 256;
	s->bar_size[2] = 0x4000000;
	s->cfg[0x18] = 0xc; /* 64-bit, prefetchable, not assigned */
	return 0;
}

static int destroy(void **state)
{
	for (unsigned i = 0; i < nfns; i++)
		free(fns[i]);
	return 0;
}

static void functions_are_found_lazily(void **state)
{
	struct uc_pci_dev *d = uc_pci_next(NULL);
	assert_int_equal(d->device, 0x1237);
	assert_true(reads <= 2);
	d = uc_pci_next(d);
	assert_int_equal(d->dev, 3);
	assert_true(reads <= 2 + 2 + 2 + 2);
	d = uc_pci_next(d);
	assert_int_equal(d->device, 0x1003);
	d = uc_pci_next(d);
	assert_int_equal(d->fn, 3);
	d = uc_pci_next(d);
	assert_int_equal(d->device, 0x1110);
	assert_int_equal(d->bus, 1);
	assert_null(uc_pci_next(d));
	unsigned before = reads;
	assert_non_null(uc_pci_next(NULL));
	assert_int_equal(reads, before);
}

static void the_root_image_is_placed_behind_a_bare_bridge(void **state)
{
	uc_paddr pa;
	uint64_t len;
	assert_int_equal(uc_device_root(&pa, &len), 0);
	assert_int_equal(len, 0x4000000);
	assert_true(pa >= WINDOW_BASE && pa + len <= WINDOW_BASE + WINDOW_LEN && !(pa & (len - 1)));
	uint8_t *b = fns[1]->cfg;
	uint64_t base, limit;
	uint32_t hi;
	memcpy(&hi, b + 0x28, 4);
	base = (uint64_t)hi << 32 | (uint64_t)(b[0x24] & 0xf0) << 16 | (uint64_t)b[0x25] << 24;
	memcpy(&hi, b + 0x2c, 4);
	limit = (uint64_t)hi << 32 | (uint64_t)(b[0x26] & 0xf0) << 16 | (uint64_t)b[0x27] << 24 |
		0xfffff;
	assert_true(base <= pa && pa + len - 1 <= limit);
	assert_int_equal(b[4] & 6, 6);
	assert_int_equal(fns[4]->cfg[4] & 2, 2);
	assert_int_equal(b[0x1a], 1);
}

static uint32_t rd(void *ctx, unsigned off, unsigned width)
{
	uint32_t v = 0;
	assert_true(off + width <= 256);
	memcpy(&v, (uint8_t *)ctx + off, width);
	return v;
}

static void capability_lists_end(void **state)
{
	uint8_t c[256] = { 0 };
	c[0x34] = 0x40;
	c[0x40] = 9;
	c[0x41] = 0x50;
	c[0x50] = 5;
	c[0x51] = 0x40;
	assert_int_equal(uc_pci_cap_next(rd, c, 9, 0), 0); /* the status bit says: no list */
	c[6] = 0x10;
	assert_int_equal(uc_pci_cap_next(rd, c, 9, 0), 0x40);
	assert_int_equal(uc_pci_cap_next(rd, c, 0x11, 0), 0); /* a loop */
	c[0x51] = 0x0c;
	assert_int_equal(uc_pci_cap_next(rd, c, 0x11, 0), 0); /* into the header */
	c[0x51] = 0xfe;
	assert_int_equal(uc_pci_cap_next(rd, c, 0x11, 0), 0);
}

static void virtio_capabilities_are_checked(void **state)
{
	uint8_t c[256] = { 0 };
	struct uc_pci_virtio_cap cap;
	c[0x42] = 16;
	c[0x43] = 1;
	c[0x44] = 4;
	c[0x4d] = 0x10;
	assert_int_equal(uc_pci_virtio_cap(rd, c, 0x40, &cap), 0);
	assert_int_equal(cap.length, 0x1000);
	c[0x44] = 6;
	assert_int_equal(uc_pci_virtio_cap(rd, c, 0x40, &cap), -EINVAL);
	c[0x44] = 0;
	c[0x43] = 2;
	assert_int_equal(uc_pci_virtio_cap(rd, c, 0x40, &cap), -EINVAL);
	c[0x43] = 1;
	memset(c + 0x48, 0xff, 4);
	assert_int_equal(uc_pci_virtio_cap(rd, c, 0x40, &cap), -EINVAL);
	c[0xfc + 2] = 16;
	assert_int_equal(uc_pci_virtio_cap(rd, c, 0xfc, &cap), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_are_found_lazily),
		cmocka_unit_test(the_root_image_is_placed_behind_a_bare_bridge),
		cmocka_unit_test(capability_lists_end),
		cmocka_unit_test(virtio_capabilities_are_checked),
	};
	return cmocka_run_group_tests(tests, build, destroy);
}
