// SPDX-License-Identifier: BSD-3-Clause
/* Maps the vDSO and, right below it, the page it shares with the kernel (uc/vdso.h, uc/time.h). */
#include <asm/errno.h>
#include <linux/mman.h>
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/string.h>
#include <uc/time.h>
#include <uc/vdso.h>
#include <uc/vdsomap.h>
#include <uc/vm.h>

static void keep(struct uc_vmobj *o)
{
	(void)o; /* both objects are part of the kernel */
}

static int vvar_page(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		     struct uc_vm_page *out)
{
	uc_paddr pa = pgoff ? 0 : uc_time_vvar_page();

	if (!pa)
		return pgoff ? -ERANGE : -ENOMEM;
	uc_frame_ref(pa);
	*out = (struct uc_vm_page){ pa, 1 };
	return 0;
}

static int image_page(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		      struct uc_vm_page *out)
{
	const void *start;
	size_t len;

	uc_vdso_image(&start, &len);
	if (pgoff >= len >> UC_PAGE_SHIFT)
		return -ERANGE;
	*out = (struct uc_vm_page){
		uc_virt_to_phys((const uint8_t *)start + (pgoff << UC_PAGE_SHIFT)), 1
	};
	return 0;
}

static void describe_vvar(struct uc_vmobj *o, char *buf, size_t cap, uint64_t *dev, uint64_t *ino)
{
	uc_strlcpy(buf, "[vvar]", cap);
	*dev = *ino = 0;
}

static void describe_vdso(struct uc_vmobj *o, char *buf, size_t cap, uint64_t *dev, uint64_t *ino)
{
	uc_strlcpy(buf, "[vdso]", cap);
	*dev = *ino = 0;
}

static const struct uc_vmobj_ops vvar_ops = {
	.ref = keep, .unref = keep, .page = vvar_page, .describe = describe_vvar,
};
static const struct uc_vmobj_ops vdso_ops = {
	.ref = keep, .unref = keep, .page = image_page, .describe = describe_vdso,
};
static struct uc_vmobj vvar_obj = { &vvar_ops }, vdso_obj = { &vdso_ops };

int uc_vdso_map(struct uc_mm *mm, uint64_t *ehdr)
{
	const void *start;
	int64_t at, r;
	size_t len;

	uc_vdso_image(&start, &len);
	at = uc_vm_mmap(mm, 0, len, PROT_READ | PROT_EXEC, MAP_PRIVATE, &vdso_obj, 0,
			PROT_READ | PROT_EXEC);
	if (at < 0)
		return (int)at;
	r = uc_vm_mmap(mm, (uc_vaddr)at - UC_PAGE_SIZE, UC_PAGE_SIZE, PROT_READ,
		       MAP_PRIVATE | MAP_FIXED_NOREPLACE, &vvar_obj, 0, PROT_READ);
	if (r < 0) {
		(void)uc_vm_munmap(mm, (uc_vaddr)at, len);
		return (int)r;
	}
	*ehdr = (uint64_t)at;
	return 0;
}
