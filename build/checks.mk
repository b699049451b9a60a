# SPDX-License-Identifier: BSD-3-Clause
# `make checks`: rules of the code base that a machine can check. Each is also a target of its own.
CHECKS := format layers headers banned docs generated static
.PHONY: checks $(CHECKS:%=check-%)
checks: $(CHECKS:%=check-%)

check-format check-headers check-banned check-docs check-generated: check-%:
	$(Q)build/check-$* .
check-layers: core
	$(Q)build/check-layers . $(CORE_LIBDIR)
check-static:
	$(Q)build/check-static . $(O)/obj/cppcheck
