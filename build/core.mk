# SPDX-License-Identifier: BSD-3-Clause
# Compiles every µlib (core/<layer>/<ulib>/ulib.yaml) to one archive per architecture.
CORE_LAYERS := base arch plat kern dev service posix boot
CORE_LIBDIR := $(O)/lib/unicore/$(ARCH)
CORE_OBJDIR := $(O)/obj/$(ARCH)
CORE_CC ?= gcc
# The paths that every system call and page fault takes are built for speed, the rest for size. No
# code of the Core touches vector registers, so its stack needs no more than 8 bytes of alignment.
# Without padding between branches: it is a few per cent of the size, and instructions that do nothing.
CORE_OPT_FAST ?= -O2 -fomit-frame-pointer -falign-functions=4 -fno-align-loops -fno-align-jumps -fno-align-labels
CORE_OPT ?= -Oz -fomit-frame-pointer
CORE_FAST := arch/ring% arch/cpu/x86_64/mmu.c arch/cpu/x86_64/user.c arch/cpu/x86_64/ctx.c \
	kern/frame/% kern/heap% kern/sched% kern/time/% kern/vdso/% kern/random/chacha20.c kern/vm/fault.c kern/vm/zap.c
# The path of a packet, which images without a network do not have.
CORE_FAST += dev/netdev/% dev/virtio_net/% dev/host_net/% service/net/% posix/inet/% posix/poll/%
CORE_CFLAGS := -std=gnu17 -g1 -ffreestanding -nostdinc -fpie -mgeneral-regs-only -mno-red-zone \
	-fvisibility=hidden -ffunction-sections -fdata-sections -fno-common -fno-strict-aliasing \
	-mpreferred-stack-boundary=3 \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -fcf-protection=none -fwrapv -ffile-prefix-map=$(CURDIR)=. \
	-fstack-protector-strong -mstack-protector-guard=tls -mstack-protector-guard-reg=gs \
	-mstack-protector-guard-offset=40 -fno-plt \
	-Wall -Wextra -Werror -Wno-unused-parameter
CORE_GCCINC := $(shell $(CORE_CC) -print-file-name=include)
CORE_UAPI := /usr/include/$(shell $(CORE_CC) -print-multiarch)
# An µlib sees its own headers and those of its layer and the layers below.
core_layers_upto = $(if $(filter $1,$(firstword $2)),$1,$(firstword $2) $(call core_layers_upto,$1,$(wordlist 2,99,$2)))
core_incs = $(foreach l,$(call core_layers_upto,$1,$(CORE_LAYERS)),$(patsubst %,-I%,$(sort $(wildcard core/$l/*/include core/$l/*/$(ARCH)/include))))

CORE_ULIBS := $(patsubst core/%/ulib.yaml,%,$(sort $(wildcard core/*/*/ulib.yaml)))
CORE_ARCHIVES :=

define CORE_ULIB_RULES
$(1)_SRCS := $$(sort $$(wildcard core/$(1)/*.c core/$(1)/*.S core/$(1)/$(ARCH)/*.c core/$(1)/$(ARCH)/*.S))
$(1)_OBJS := $$(patsubst core/%,$(CORE_OBJDIR)/%.o,$$($(1)_SRCS))
$(CORE_OBJDIR)/$(1)/%.o: CORE_INCS = $(call core_incs,$(firstword $(subst /, ,$(1))))
$(CORE_LIBDIR)/$(subst /,_,$(1)).a: $$($(1)_OBJS)
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)ar rcsD $$@ $$^
CORE_ARCHIVES += $(CORE_LIBDIR)/$(subst /,_,$(1)).a
-include $$($(1)_OBJS:.o=.d)
endef
$(foreach u,$(CORE_ULIBS),$(eval $(call CORE_ULIB_RULES,$(u))))

$(CORE_OBJDIR)/%.o: core/% build/core.mk
	@mkdir -p $(@D)
	@echo "CC $<"
	$(Q)$(CORE_CC) $(CORE_CFLAGS) $(if $(filter $(CORE_FAST),$*),$(CORE_OPT_FAST),$(CORE_OPT)) $(CORE_INCS) -Iabi/include -isystem $(CORE_GCCINC) -isystem /usr/include -isystem $(CORE_UAPI) -MMD -MP -c $< -o $@

# The vDSO (core/kern/vdso/image): code of the application, so a shared object of its own, embedded whole.
CORE_VDSO := $(CORE_OBJDIR)/kern/vdso/vdso.so
CORE_VDSO_SRC := core/kern/vdso/image
CORE_VDSO_CFLAGS := -std=gnu17 -O2 -ffreestanding -nostdinc -nostdlib -shared -fpic -fvisibility=hidden -fno-stack-protector \
	-fcf-protection=none -fno-asynchronous-unwind-tables -mgeneral-regs-only -Wall -Wextra -Werror \
	-Wl,-soname=linux-vdso.so.1 -Wl,--hash-style=both -Wl,-Bsymbolic -Wl,--build-id=none -Wl,-z,max-page-size=4096 \
	-Wl,-z,noexecstack -Wl,--fatal-warnings
$(CORE_VDSO): $(CORE_VDSO_SRC)/vdso.c $(CORE_VDSO_SRC)/vdso.lds $(CORE_VDSO_SRC)/$(ARCH)/vdso_arch.h core/kern/time/include/uc/vvar.h
	@mkdir -p $(@D)
	@echo "VDSO $@"
	$(Q)$(CORE_CC) $(CORE_VDSO_CFLAGS) -I$(CORE_VDSO_SRC)/$(ARCH) -Icore/kern/time/include -isystem $(CORE_GCCINC) \
		-isystem /usr/include -isystem $(CORE_UAPI) -Wl,-T,$(CORE_VDSO_SRC)/vdso.lds -s $< -o $@
$(CORE_OBJDIR)/kern/vdso/embed.S.o: CORE_CFLAGS += -Wa,-I$(dir $(CORE_VDSO))
$(CORE_OBJDIR)/kern/vdso/embed.S.o: $(CORE_VDSO)

# The trace (core/posix/trace) names calls and errors by tables made of the system-call list and the C headers.
CORE_TRACE_GEN := $(CORE_OBJDIR)/posix/trace/gen
CORE_TRACE_INC := $(patsubst %,$(CORE_TRACE_GEN)/trace-%.inc,enums calls errnos)
$(CORE_TRACE_GEN)/trace-errnos.inc: build/trace-errnos.awk
	@mkdir -p $(@D)
	$(Q)echo '#include <asm/errno.h>' | $(CORE_CC) -nostdinc -isystem /usr/include -isystem $(CORE_UAPI) -E -dM -x c - | \
		awk -f $< >$@.tmp && mv $@.tmp $@
$(CORE_TRACE_GEN)/trace-%.inc: build/trace-calls.awk abi/syscalls.tab
	@mkdir -p $(@D)
	$(Q)awk -v part=$* -f $< abi/syscalls.tab >$@.tmp && mv $@.tmp $@
$(posix/trace_OBJS): CORE_CFLAGS += -I$(CORE_TRACE_GEN)
$(posix/trace_OBJS): $(CORE_TRACE_INC)

# External µlibs: more archives.
include build/ext.mk

$(CORE_LIBDIR)/kernel.ld: build/kernel-$(ARCH).ld
	@mkdir -p $(@D)
	$(Q)cp $< $@
$(CORE_LIBDIR)/syscalls.tab: abi/syscalls.tab
	@mkdir -p $(@D)
	$(Q)cp $< $@

# The ROM of a machine that the tool makes (core/plat/kvm/firmware): bytes, no object of the kernel.
$(CORE_LIBDIR)/firmware.bin: core/plat/kvm/firmware/reset.S abi/include/uc/abi/firmware.h
	@mkdir -p $(@D) $(CORE_OBJDIR)
	@echo "ROM $@"
	$(Q)$(CORE_CC) -m32 -Iabi/include -Wall -Wextra -Werror -c $< -o $(CORE_OBJDIR)/firmware.o
	$(Q)ld -m elf_i386 -Ttext=0 -e 0 --oformat binary -o $@ $(CORE_OBJDIR)/firmware.o

core: $(CORE_LIBDIR)/firmware.bin $(CORE_ARCHIVES) $(CORE_LIBDIR)/kernel.ld $(CORE_LIBDIR)/syscalls.tab
