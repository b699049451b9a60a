# SPDX-License-Identifier: BSD-3-Clause
# Host tools: $(O)/bin/unicore from tools/cmd/*.c (one thin file a command) and tools/lib/*/*.c.
# A library that needs a system library names it in tools/lib/<lib>/libs (linker arguments).
TOOLS_CC ?= $(or $(HOST_CC),gcc)
TOOLS_OBJDIR := $(O)/obj/host
TOOLS_SRCS := $(sort $(wildcard tools/cmd/*.c tools/lib/*/*.c tools/lib/*/$(ARCH)/*.c))
TOOLS_OBJS := $(patsubst tools/%.c,$(TOOLS_OBJDIR)/%.o,$(TOOLS_SRCS))
TOOLS_CFLAGS := -std=gnu17 -O2 -g -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Wall -Wextra -Werror \
	-fstack-protector-strong -fPIE \
	-Iabi/include -Itools $(patsubst %,-I%,$(sort $(wildcard tools/lib/*/include)))
TOOLS_LIBS := $(sort $(shell cat /dev/null $(wildcard tools/lib/*/libs)))
# Remembers which objects were linked, so that a removed source file relinks too.
TOOLS_LIST := $(TOOLS_OBJDIR)/objects
$(shell mkdir -p $(TOOLS_OBJDIR); echo '$(TOOLS_OBJS) $(TOOLS_LIBS)' | cmp -s - $(TOOLS_LIST) || \
	echo '$(TOOLS_OBJS) $(TOOLS_LIBS)' >$(TOOLS_LIST))

tools: $(O)/bin/unicore $(O)/lib/unicore/$(ARCH)/ulibs.tab

$(O)/bin/unicore: $(TOOLS_OBJS) $(TOOLS_LIST)
	@mkdir -p $(@D)
	@echo "LD $@"
	$(Q)$(TOOLS_CC) -pie -Wl,--as-needed -Wl,-z,relro,-z,now -o $@ $(TOOLS_OBJS) $(TOOLS_LIBS)

$(TOOLS_OBJDIR)/%.o: tools/%.c build/tools.mk
	@mkdir -p $(@D)
	@echo "CC $<"
	$(Q)$(TOOLS_CC) $(TOOLS_CFLAGS) -MMD -MP -c $< -o $@
-include $(TOOLS_OBJS:.o=.d)

# One line per µlib; build/ulibs.awk says what is in it.
$(O)/lib/unicore/$(ARCH)/ulibs.tab: build/ulibs.awk $(patsubst %,core/%/ulib.yaml,$(CORE_ULIBS))
	@mkdir -p $(@D)
	$(Q)awk -f build/ulibs.awk $(patsubst %,core/%/ulib.yaml,$(CORE_ULIBS)) >$@

