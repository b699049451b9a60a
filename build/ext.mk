# SPDX-License-Identifier: BSD-3-Clause
# External µlibs (ext/NAME): `source` names a version of a Debian source package, where its headers are (`include`) and what
# it wants to be defined (`define`), `sums` its checksums, `files` what is compiled of it, `include` our headers for it. Compiled
# with the Core's flags to one archive, which is a µlib as any other. Its warnings are the business of its authors.
EXT_DIR ?= ext
EXT_NAMES := $(patsubst $(EXT_DIR)/%/source,%,$(sort $(wildcard $(EXT_DIR)/*/source)))
EXT_CACHE ?= $(O)/cache
EXT_CFLAGS := -Wno-error -w

ext_tree = $(EXT_CACHE)/$1
# What those see who include its headers.
ext_incs = $(patsubst %,-I%,$(sort $(wildcard $(EXT_DIR)/$1/include))) $(patsubst %,-isystem $(call ext_tree,$1)/%,$(shell sed -n 's/^include //p' $(EXT_DIR)/$1/source)) \
	$(patsubst %,-D%,$(shell sed -n 's/^define //p' $(EXT_DIR)/$1/source))
ext_files = $(shell sed '/^\#/d' $(EXT_DIR)/$1/files)

define EXT_RULES
$(call ext_tree,$(1))/.unpacked: $(EXT_DIR)/$(1)/source $(EXT_DIR)/$(1)/sums build/ext-fetch $(wildcard $(EXT_DIR)/$(1)/patches/*)
	$$(Q)build/ext-fetch $(EXT_DIR)/$(1)/source $(EXT_CACHE)/sources $$(@D)
	@touch $$@
$(patsubst %,$(call ext_tree,$(1))/%,$(call ext_files,$(1))): $(call ext_tree,$(1))/.unpacked ;
ext_$(1)_OBJS := $(patsubst %,$(CORE_OBJDIR)/ext/$(1)/%.o,$(call ext_files,$(1)))
$$(ext_$(1)_OBJS): $(CORE_OBJDIR)/ext/$(1)/%.o: $(call ext_tree,$(1))/.unpacked $(EXT_DIR)/$(1)/files \
		$(shell find $(EXT_DIR)/$(1)/include -name '*.h')
	@mkdir -p $$(@D)
	@echo "CC $(1): $$*"
	$$(Q)$$(CORE_CC) $$(CORE_CFLAGS) $$(EXT_CFLAGS) $$(CORE_OPT_FAST) $(call ext_incs,$(1)) $$(call core_incs,kern) \
		-isystem $$(CORE_GCCINC) -isystem /usr/include -isystem $$(CORE_UAPI) -flto -MMD -MP -c $(call ext_tree,$(1))/$$* -o $$@
# One object, optimised as a whole; what an image does not need of it goes by its sections.
$(CORE_OBJDIR)/ext/$(1)/whole.o: $$(ext_$(1)_OBJS)
	@echo "LTO $(1)"
	$$(Q)$$(CORE_CC) $$(CORE_CFLAGS) $$(EXT_CFLAGS) $$(CORE_OPT_FAST) -flto -flto-partition=none -flinker-output=nolto-rel -r -nostdlib $$^ -o $$@
$(CORE_LIBDIR)/ext_$(1).a: $(CORE_OBJDIR)/ext/$(1)/whole.o
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)ar rcsD $$@ $$^
CORE_ARCHIVES += $(CORE_LIBDIR)/ext_$(1).a
# µlibs that name it in `external: NAME,…` see its headers. (The compiler lists no dependencies on system headers.)
ext_$(1)_USERS := $(patsubst core/%/ulib.yaml,%,$(shell grep -lE '^external:(.*[ ,])?$(1)(,|$$$$)' core/*/*/ulib.yaml))
ext_$(1)_USER_OBJS := $$(foreach u,$$(ext_$(1)_USERS),$$($$(u)_OBJS))
$$(ext_$(1)_USER_OBJS): CORE_CFLAGS += $(call ext_incs,$(1))
$$(ext_$(1)_USER_OBJS): $(call ext_tree,$(1))/.unpacked $(shell find $(EXT_DIR)/$(1)/include -name '*.h')
-include $$(ext_$(1)_OBJS:.o=.d)
endef
$(foreach e,$(EXT_NAMES),$(eval $(call EXT_RULES,$(e))))
# The recipe of an external µlib goes with its archive: bills of materials name it.
$(CORE_LIBDIR)/ext_%.source: $(EXT_DIR)/%/source
	@mkdir -p $(@D)
	$(Q)cp $< $@
core: $(EXT_NAMES:%=$(CORE_LIBDIR)/ext_%.source)

# Upgrading an external µlib is one line: the version in its `source`. ext-update then writes the checksums; ext-check
# proves it with a pretended next version of each.
.PHONY: ext-update ext-check
ext-update:
	$(Q)set -e; for e in $(EXT_NAMES); do build/ext-fetch $(EXT_DIR)/$$e/source $(EXT_CACHE)/sources -u; done
ext-check: core
	$(Q)set -e; for e in $(EXT_NAMES); do build/ext-check $$e $(EXT_CACHE)/sources $(CORE_LIBDIR) $(O)/out/ext-check; done
