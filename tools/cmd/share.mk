# SPDX-License-Identifier: BSD-3-Clause
# Shell completion and manual pages, printed by the program itself: `make share`.
SHARE := $(O)/share
SHARE_COMMANDS := build deps verify run why why-not size sbom shrink update completion help version
SHARE_FILES := $(SHARE)/bash-completion/completions/unicore $(SHARE)/zsh/site-functions/_unicore \
	$(SHARE)/fish/vendor_completions.d/unicore.fish $(SHARE)/man/man1/unicore.1 \
	$(SHARE_COMMANDS:%=$(SHARE)/man/man1/unicore-%.1)

.PHONY: share man
share: $(SHARE_FILES)
# The pages that are kept in the tree (build/check-generated compares them).
man: $(O)/bin/unicore
	$(Q)$< help --man >docs/man/unicore.1
	$(Q)$< help --man run >docs/man/unicore-run.1
	$(Q)$< help --man deps >docs/man/unicore-deps.1
	$(Q)for c in build verify why why-not size sbom shrink update; do $< help --man $$c >docs/man/unicore-$$c.1; done

$(SHARE_FILES): $(O)/bin/unicore
	@mkdir -p $(@D)
	$(Q)$< $(SHARE_ARGS) >$@.new && mv $@.new $@
$(SHARE)/bash-completion/completions/unicore: SHARE_ARGS = completion bash
$(SHARE)/zsh/site-functions/_unicore: SHARE_ARGS = completion zsh
$(SHARE)/fish/vendor_completions.d/unicore.fish: SHARE_ARGS = completion fish
$(SHARE)/man/man1/unicore.1: SHARE_ARGS = help --man
$(SHARE_COMMANDS:%=$(SHARE)/man/man1/unicore-%.1): SHARE_ARGS = help --man $(*F)
$(SHARE_COMMANDS:%=$(SHARE)/man/man1/unicore-%.1): $(SHARE)/man/man1/unicore-%.1: $(O)/bin/unicore
