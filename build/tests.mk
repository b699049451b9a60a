# SPDX-License-Identifier: BSD-3-Clause
# `make test` runs everything; unit, fuzz, system, compat, security are its parts; `make run` shows one image.
TEST_DIR := $(O)/tests
FUZZ_DIR := $(O)/fuzz
FUZZ_SECONDS ?= 5
DEPS := build/deps.sh
export FUZZ_SECONDS

UNIT_SRCS := $(sort $(wildcard core/*/*/test/*_test.c tools/lib/*/test/*_test.c tools/*/test/*_test.c))
FUZZ_SRCS := $(sort $(wildcard core/*/*/fuzz/*.c tools/lib/*/fuzz/*.c))
UNIT_BINS := $(UNIT_SRCS:%.c=$(TEST_DIR)/%)
FUZZ_BINS := $(FUZZ_SRCS:%.c=$(FUZZ_DIR)/%)
# What is run again with guests as processes of the host.
ON_LINUX := linux:tests/system linux:tests/compat linux:tests/security linux:tests/soak
GUEST_SRCS := $(sort $(wildcard apps/*/*.c apps/*/*.cc))

$(TEST_DIR)/%_test: %_test.c build/compile-test
	@mkdir -p $(@D)
	@echo "TEST $<"
	$(Q)build/compile-test unit $< $@
$(FUZZ_DIR)/%: %.c build/compile-test | $(CORE_TRACE_INC)
	@mkdir -p $(@D)
	@echo "FUZZ $<"
	$(Q)UC_GENERATED=$(CORE_TRACE_GEN) UC_EXT_CACHE=$(EXT_CACHE) build/compile-test fuzz $< $@
ifneq ($(filter test unit fuzz unit-bins fuzz-bins,$(MAKECMDGOALS)),)
-include $(foreach b,$(UNIT_BINS) $(FUZZ_BINS),$(wildcard $(b).d/*.d))
endif

.PHONY: deps test-deps test unit fuzz unit-bins fuzz-bins system compat security soak soak-full run ci
unit-bins: $(UNIT_BINS)
fuzz-bins: $(FUZZ_BINS)

deps:
	@$(DEPS) build run
test-deps:
	@$(DEPS) build run test compat

# A test that does not compile is a failure of that test, not the end of the run: hence -k and `-`.
test: test-deps
	@$(MAKE) --no-print-directory all
	-@$(MAKE) --no-print-directory -k unit-bins fuzz-bins
	@tests/run $(O) $(UNIT_SRCS) $(FUZZ_SRCS) tests/checks tests/system tests/compat tests/security \
		tests/soak $(ON_LINUX)
unit: test-deps
	-@$(MAKE) --no-print-directory -k unit-bins
	@tests/run $(O) $(UNIT_SRCS)
fuzz: test-deps
	-@$(MAKE) --no-print-directory -k fuzz-bins
	@tests/run $(O) $(FUZZ_SRCS)
system compat security soak: test-deps
	@$(MAKE) --no-print-directory all
	@tests/run $(O) tests/$@ $(filter linux:tests/$@,$(ON_LINUX))

# Hours; PLATFORMS: linux, kvm.
soak-full: test-deps
	@$(DEPS) soak
	@$(MAKE) --no-print-directory all
	@tests/soak/full $(O) $(PLATFORMS)

run: deps
	@$(MAKE) --no-print-directory all
	@build/demo $(O)
ci:
	@.ci/run
