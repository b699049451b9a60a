# SPDX-License-Identifier: BSD-3-Clause
# The project's build. Outputs go below O (default: build); sources of the rules are in build/*.mk.
O ?= build
ARCH ?= x86_64
V ?=
Q := $(if $(V),,@)
.DEFAULT_GOAL := all
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

.PHONY: all core tools clean
all: core tools

include build/core.mk
include build/probe.mk
-include build/tools.mk
-include tools/cmd/share.mk
-include build/tests.mk
-include build/checks.mk

clean:
	rm -rf $(O)/bin $(O)/lib $(O)/obj $(O)/out $(O)/tests $(O)/fuzz
