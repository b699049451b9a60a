# SPDX-License-Identifier: BSD-3-Clause
# The program that looks at an image from inside (apps/probe), for `unicore verify --security`. It is its own ELF
# interpreter and must not need relocation.
PROBE := $(CORE_LIBDIR)/probe
PROBE_SRCS := $(sort $(wildcard apps/probe/*.c apps/probe/*.S))
PROBE_CFLAGS := -std=gnu17 -O2 -ffreestanding -nostdlib -nostdinc -fpie -fvisibility=hidden -fno-stack-protector -fcf-protection=none \
	-fno-jump-tables -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -mgeneral-regs-only \
	-Wall -Wextra -Werror -isystem $(CORE_GCCINC)
PROBE_LDFLAGS := -pie -Wl,--dynamic-linker=/uc-probe -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now -Wl,-z,text

$(PROBE): $(PROBE_SRCS) apps/probe/probe.h build/probe.mk
	@mkdir -p $(@D)
	@echo "PROBE $@"
	$(Q)$(CORE_CC) $(PROBE_CFLAGS) $(PROBE_LDFLAGS) -s -o $@.tmp $(PROBE_SRCS)
	$(Q)if readelf -rW $@.tmp | grep -q R_X86; then echo "$@ needs relocation" >&2; exit 1; fi
	$(Q)mv $@.tmp $@
core: $(PROBE)
