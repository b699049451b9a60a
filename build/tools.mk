# SPDX-License-Identifier: BSD-3-Clause
# Host tools, from tools/cmd/*.c (one thin file a command) and tools/lib/*/*.c: $(O)/lib/unicore/unicore-tools, which
# is everything, and $(O)/bin/unicore, which is small and static, runs images and leaves the rest to the former
# (tools/front).
# A library that needs a system library names it in tools/lib/<lib>/libs (linker arguments).
TOOLS_CC ?= $(or $(HOST_CC),gcc)
TOOLS_OBJDIR := $(O)/obj/host
TOOLS_SRCS := $(sort $(wildcard tools/cmd/*.c tools/lib/*/*.c tools/lib/*/$(ARCH)/*.c))
TOOLS_OBJS := $(patsubst tools/%.c,$(TOOLS_OBJDIR)/%.o,$(TOOLS_SRCS))
TOOLS_CFLAGS := -std=gnu17 -O2 -g -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Wall -Wextra -Werror \
	-fstack-protector-strong -fPIE -ffunction-sections -fdata-sections \
	-Iabi/include -Itools $(patsubst %,-I%,$(sort $(wildcard tools/lib/*/include)))
TOOLS_LIBS := $(sort $(shell cat /dev/null $(wildcard tools/lib/*/libs)))
# Remembers which objects were linked, so that a removed source file relinks too.
TOOLS_LIST := $(TOOLS_OBJDIR)/objects
$(shell mkdir -p $(TOOLS_OBJDIR); echo '$(TOOLS_OBJS) $(TOOLS_LIBS)' | cmp -s - $(TOOLS_LIST) || \
	echo '$(TOOLS_OBJS) $(TOOLS_LIBS)' >$(TOOLS_LIST))

TOOLS_PROGRAM := $(O)/lib/unicore/unicore-tools
FRONT_OBJS := $(TOOLS_OBJDIR)/front/main.o $(TOOLS_OBJDIR)/cmd/run.o

tools: $(O)/bin/unicore $(O)/lib/unicore/$(ARCH)/ulibs.tab

$(TOOLS_PROGRAM): $(TOOLS_OBJS) $(TOOLS_LIST)
	@mkdir -p $(@D)
	@echo "LD $@"
	$(Q)$(TOOLS_CC) -pie -Wl,--as-needed -Wl,-z,relro,-z,now -o $@ $(TOOLS_OBJS) $(TOOLS_LIBS)

# The linker takes from the archive what running needs; a function of tools/front stands for what builds. As the last
# step, it is newer than the program it belongs to.
$(O)/bin/unicore: $(FRONT_OBJS) $(TOOLS_PROGRAM)
	@mkdir -p $(@D)
	@echo "LD $@"
	$(Q)rm -f $(TOOLS_OBJDIR)/tools.a
	$(Q)ar rcs $(TOOLS_OBJDIR)/tools.a $(filter $(TOOLS_OBJDIR)/lib/%,$(TOOLS_OBJS))
	$(Q)$(TOOLS_CC) -static-pie -Wl,--gc-sections -Wl,-z,relro,-z,now -o $@ $(FRONT_OBJS) $(TOOLS_OBJDIR)/tools.a \
		-ljansson -lpthread

$(TOOLS_OBJDIR)/%.o: tools/%.c build/tools.mk
	@mkdir -p $(@D)
	@echo "CC $<"
	$(Q)$(TOOLS_CC) $(TOOLS_CFLAGS) -MMD -MP -c $< -o $@
-include $(TOOLS_OBJS:.o=.d) $(FRONT_OBJS:.o=.d)

# One line per µlib; build/ulibs.awk says what is in it.
ULIB_YAMLS := $(patsubst %,core/%/ulib.yaml,$(CORE_ULIBS)) $(EXT_NAMES:%=ext/%/ulib.yaml)
$(O)/lib/unicore/$(ARCH)/ulibs.tab: build/ulibs.awk $(ULIB_YAMLS)
	@mkdir -p $(@D)
	$(Q)awk -f build/ulibs.awk $(ULIB_YAMLS) >$@

