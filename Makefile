# SPDX-License-Identifier: GPL-3.0-or-later
# bpemix - see `make help`.  Objects go to build/ (BUILD=dir for another).
# CC, CFLAGS, CPPFLAGS, LDFLAGS are the user's; what we need ourselves is in
# the variables that start with BMX_.  For another machine: CC, AR, PKG_CONFIG,
# and in RUN what runs its programs here, such as qemu-aarch64.

comma      := ,
hash       := \#
VERSION    := $(shell sed -n 's/^\#define BPEMIX_VERSION "\(.*\)"/\1/p' include/bpemix.h)
SOVERSION  := 1
BUILD      ?= build
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR     ?= $(PREFIX)/share/man
DOCDIR     ?= $(PREFIX)/share/doc/bpemix
SCHEMADIR  ?= $(PREFIX)/share/bpemix
DATADIR    ?= $(PREFIX)/share/bpemix
COMPDIR    ?= $(PREFIX)/share/bash-completion/completions
SHELLS     := bash zsh fish
ZSHDIR     ?= $(PREFIX)/share/zsh/site-functions
FISHDIR    ?= $(PREFIX)/share/fish/vendor_completions.d
DESTDIR    ?=
PKG_CONFIG ?= pkg-config
RUN        ?=
CC         ?= cc
CFLAGS     ?= -O2 -g

PKGS       := libpcre2-8 libcjson libutf8proc libarchive zlib libmd libxxhash
DEP_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
DEP_LIBS   ?= $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null) -lglpk -lm -lpthread
DEPS       := gcc make libc6-dev pkg-config libpcre2-dev libcjson-dev libutf8proc-dev libglpk-dev \
              libarchive-dev zlib1g-dev libmd-dev libxxhash-dev libcmocka-dev mandoc
CORPORA    ?= $(BUILD)/corpora

BMX_CPPFLAGS := -D_GNU_SOURCE -Isrc -Iinclude $(DEP_CFLAGS)
BMX_CFLAGS   := -std=c11 -Wall -Wextra -Wshadow -Wconversion -Wpointer-arith -Wstrict-prototypes \
                -Wmissing-prototypes -fvisibility=hidden -fPIC -ffp-contract=off
BMX_LDFLAGS  :=

accepts  = $(shell printf '%s\n' '$(hash)include <string.h>' 'int main(void) { return 0; }' | \
             $(CC) -Werror -O2 $(1) -x c - -o /dev/null 2> /dev/null && echo '$(1)')

# the same bytes wherever the tree is
BMX_CFLAGS  += $(call accepts,-fdebug-prefix-map=$(CURDIR)=.)

# Hardening, where the compiler has it; HARDEN= for none.  Checks of copies need optimization, and
# the sanitizers have checks of their own.  tests/hardening.sh looks at what came out.
HARDEN  ?= yes
ifneq ($(HARDEN),)
ifeq ($(findstring -fsanitize,$(CFLAGS)),)
BMX_CFLAGS  += $(call accepts,-fstack-protector-strong)
BMX_LDFLAGS += $(call accepts,-pie) $(call accepts,-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now)
ifneq ($(filter -O1 -O2 -O3 -Os,$(CFLAGS)),)
BMX_CFLAGS  += $(or $(call accepts,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3),\
                 $(call accepts,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
endif
endif
endif

BMX_TESTFLAGS := $(filter-out -Wconversion,$(BMX_CFLAGS))

# files for better processors, see base/cpu.h
ifneq ($(filter x86_64% i%86%,$(shell $(CC) -dumpmachine)),)
$(BUILD)/%_avx2.o: BMX_CFLAGS += -mavx2 -mbmi -mbmi2
$(BUILD)/%_avx512.o: BMX_CFLAGS += -mavx512f -mavx512bw -mbmi -mbmi2
endif

LIB_SRC  := $(sort $(filter-out src/cli/%,$(wildcard src/*/*.c src/solve/auction/*.c)))
CLI_SRC  := $(sort $(wildcard src/cli/*.c))
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ  := $(CLI_SRC:%.c=$(BUILD)/%.o)
LIB_A    := $(BUILD)/libbpemix.a
LIB_SO   := $(BUILD)/libbpemix.so.$(SOVERSION)
PROGRAM  := $(BUILD)/bpemix
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c tests/oracle/test_*.c))
UNIT     := $(UNIT_SRC:%.c=$(BUILD)/%)
FUZZ     := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FAULTS   := $(patsubst %.c,$(BUILD)/%.so,$(sort $(wildcard tests/faults/*.c)))
BENCH    := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/bench/*.c)))
MAN      := $(sort $(wildcard man/*.[1357]))

# one line a file; V=1 shows the commands
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)	$@")

.DEFAULT_GOAL := all
.PHONY: all lab deps demo demo-run check check-run golden asan tsan fuzz bench lint corpora panel panel-real study \
        check-long check-peers coverage check-cluster unit install uninstall clean html dist deb help

## all: the program, the static and the shared library
all: $(PROGRAM) $(LIB_A) $(LIB_SO) $(BUILD)/bpemix.pc $(SHELLS:%=$(BUILD)/bpemix.%)

# compiled anew when the compiler or a flag is another one
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(BMX_CPPFLAGS) $(CPPFLAGS) $(BMX_CFLAGS) $(CFLAGS) $(BMX_LDFLAGS) $(LDFLAGS)' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(BMX_CPPFLAGS) $(CPPFLAGS) $(BMX_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/src/words/panel.o: BMX_CPPFLAGS += -DBMX_DATADIR='"$(DATADIR)"'

$(LIB_A): $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(LIB_SO): $(LIB_OBJ)
	$(call say,LD)
	$(Q)$(CC) $(filter-out -pie,$(BMX_LDFLAGS)) $(LDFLAGS) -shared -Wl,-soname,libbpemix.so.$(SOVERSION) -o $@ $^ $(DEP_LIBS)
	$(Q)ln -sf libbpemix.so.$(SOVERSION) $(BUILD)/libbpemix.so

$(PROGRAM): $(CLI_OBJ) $(LIB_A)
	$(call say,LD)
	$(Q)$(CC) $(BMX_LDFLAGS) $(LDFLAGS) -o $@ $(CLI_OBJ) $(LIB_A) $(DEP_LIBS)

# made anew each time: PREFIX may differ from the last call's.  What the static library needs
# is spelled out, because Requires.private would put its include folders into --cflags
$(BUILD)/bpemix.pc: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$(LIBDIR)' 'includedir=$(INCLUDEDIR)' '' \
	    'Name: bpemix' 'Description: estimate what a BPE tokenizer was trained on' \
	    'Version: $(VERSION)' 'Libs: -L$${libdir} -lbpemix' 'Libs.private: $(strip $(DEP_LIBS))' \
	    'Cflags: -I$${includedir}' > $@

# the manual as it is installed: with the version in the footer
$(BUILD)/man/%: man/% include/bpemix.h
	@mkdir -p $(@D)
	$(Q)sed 's/^\.Os$$/.Os bpemix $(VERSION)/' $< > $@

# every function has the page of the library under its own name
HEADERS := $(wildcard include/*.h)
PAREN  := (
MLINKS = $(shell sed -n '/^typedef/d; s/^[a-z][a-z_0-9 *]*[ *]\(bpemix_[a-z_0-9]*\)$(PAREN).*/\1/p' $(HEADERS) | sort -u)

## html: the manual as HTML below build/html
html: $(MAN:man/%=$(BUILD)/man/%)
	@mkdir -p $(BUILD)/html
	@set -e; cd $(BUILD)/man; for m in $(notdir $(MAN)); do \
	    mandoc -Thtml -Oman=%N.%S.html,toc $$m > ../html/$$m.html; done
	@echo "  HTML	$(BUILD)/html/bpemix.1.html"

FORCE:

$(SHELLS:%=$(BUILD)/bpemix.%): $(PROGRAM)
	$(Q)$(RUN) $(PROGRAM) completion $(patsubst .%,%,$(suffix $@)) > $@.part && mv $@.part $@

# compiled apart from linking, so that a change in src/ compiles no test again
.PRECIOUS: $(BUILD)/tests/%.o
$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(BMX_CPPFLAGS) -Itests $(CPPFLAGS) $(BMX_TESTFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIB_A)
	$(call say,LD)
	$(Q)$(CC) $(BMX_TESTFLAGS) $(CFLAGS) -o $@ $(filter %.o,$^) $(LIB_A) $(DEP_LIBS) -lcmocka $(LDFLAGS) $(TEST_LDFLAGS)

# a part of the program, with a clock of the test's
$(BUILD)/tests/unit/test_progress: $(BUILD)/src/cli/progress.o
$(BUILD)/tests/unit/test_progress: TEST_LDFLAGS := -Wl,--wrap=bmx_clock

# every header in one file
$(BUILD)/all_headers.inc: $(filter-out %_body.h,$(wildcard src/*/*.h src/solve/auction/*.h))
	@mkdir -p $(@D)
	@printf '#include "%s"\n' $(patsubst src/%,%,$(sort $^)) > $@
$(BUILD)/tests/unit/test_headers.o: $(BUILD)/all_headers.inc
$(BUILD)/tests/unit/test_headers.o: BMX_CPPFLAGS += -I$(BUILD)

# a fuzz target with the plain driver that replays files
$(BUILD)/tests/fuzz/%.o: BMX_TESTFLAGS += -Wno-missing-prototypes
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/driver.o $(LIB_A)
	$(call say,LD)
	$(Q)$(CC) $(BMX_TESTFLAGS) $(CFLAGS) -o $@ $(filter %.o,$^) $(LIB_A) $(DEP_LIBS) $(LDFLAGS)

# loaded into the program, as it is: no sanitizer, no hardening
$(BUILD)/tests/faults/%.so: tests/faults/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra $(DEP_CFLAGS) -shared -fPIC -o $@ $< -ldl

## deps: install the Debian packages that are missing (sudo when not root)
deps:
	@missing=; for p in $(DEPS); do \
	    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "installing:$$missing"; \
	    if [ "$$(id -u)" = 0 ]; then su=; else su=sudo; fi; \
	    $$su apt-get update -q && \
	    $$su env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi

## demo: build, train a tokenizer on a known mixture, infer it; TOKENIZER=FILE to try another
demo: deps
	@$(MAKE) --no-print-directory demo-run

demo-run: all
	@TOKENIZER="$(TOKENIZER)" examples/demo.sh $(BUILD)

## check: every test that needs no network; ends with a line of counts
check: deps
	@$(MAKE) --no-print-directory check-run

check-run: all $(UNIT) $(FUZZ) $(FAULTS) $(BUILD)/tests/schema_check
	@BUILD=$(BUILD) UNIT="$(UNIT)" FUZZ="$(FUZZ)" tests/run.sh

## unit: build and run the unit and oracle tests alone
unit: $(UNIT)
	@set -e; for t in $(UNIT); do $$t; done

## golden: rewrite the output that tests, manual pages and README show; review the diff
golden: all $(BUILD)/tests/schema_check $(FAULTS)
	@man/reference.pl --rewrite
	@BUILD=$(BUILD) tests/transcripts.pl --rewrite tests/cli/*.t man/*.[1357] README.md

## asan: all tests under the address and undefined-behaviour sanitizers
asan: deps
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan \
	    CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined" \
	    LDFLAGS="-fsanitize=address,undefined" check-run

# It needs addresses that are not random, and holds a signal back until the thread that
# took it comes out of a lock: a thread that waits for one must not be.
## tsan: all tests under the thread sanitizer
tsan: deps
	@one_thread='-j 1' setarch -R $(MAKE) --no-print-directory BUILD=$(BUILD)/tsan \
	    CFLAGS="-O1 -g -fsanitize=thread" LDFLAGS="-fsanitize=thread" check-run

## coverage: lines of src/ that the tests run, by folder
coverage: deps
	@find $(BUILD)/coverage -name '*.gcda' -delete 2> /dev/null || true
	@FAULT_CASES=8 $(MAKE) --no-print-directory BUILD=$(BUILD)/coverage CFLAGS="-O0 -g --coverage" \
	    LDFLAGS=--coverage check-run; st=$$?; BUILD=$(BUILD)/coverage tests/coverage.sh && exit $$st

## check-long: every allocation fails, 200 kills, valgrind, FUZZ_SECONDS (1800) a fuzz target
check-long: all $(UNIT) $(FAULTS)
	@BUILD=$(BUILD) UNIT="$(UNIT)" tests/long.sh

## fuzz: run each fuzz target for FUZZ_SECONDS with clang's libFuzzer
fuzz:
	@BUILD=$(BUILD) tests/fuzz.sh

## bench: figures of speed and memory, a table and build/bench.json
bench: all $(BENCH)
	@BUILD=$(BUILD) CORPORA=$(CORPORA) tests/bench.sh

## lint: gcc and clang with warnings as errors, man pages, shell scripts, cppcheck if there
lint: deps
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/lint CFLAGS="-O2 -Werror" all
	@if command -v clang > /dev/null; then \
	    $(MAKE) --no-print-directory CC=clang BUILD=$(BUILD)/lint/clang CFLAGS="-O2 -Werror" all && \
	    BUILD=$(BUILD)/lint/clang tests/hardening.sh | { ! grep '^not ok'; }; fi
	BUILD=$(BUILD)/lint tests/lint.sh
	mandoc -Tlint -W warning man/*.[1357]
	@for f in .ci/run examples/*.sh tests/*.sh corpora/*.sh; do [ ! -f $$f ] || sh -n $$f || exit 1; done
	@if command -v cppcheck >/dev/null; then \
	    cppcheck --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr \
	        --suppress=normalCheckLevelMaxBranches -Iinclude -Isrc src; fi

## lab: every table about accuracy, from trials (hours, resumable; QUICK=1: two minutes)
lab: all
	@BUILD=$(BUILD) CORPORA=$(CORPORA) PANEL="$(PANEL)" QUICK=$(QUICK) JOBS=$(or $(JOBS),1) tests/lab/run.sh $(TABLES)

## panel: build corpora/panel, the samples that come with the program, from Debian packages
panel: all corpora
	corpora/build.sh --sources corpora/panel.list --cache $(or $(BPEMIX_DEB_CACHE),$(CORPORA)/.cache) -o $(CORPORA)-panel
	corpora/panel.sh --program $(PROGRAM) $(CORPORA) $(CORPORA)-panel

## panel-real: text for a richer panel from public repositories (BPEMIX_MIRROR: from a folder)
panel-real: all
	corpora/real/build.sh -o $(CORPORA)-real
	$(PROGRAM) chunks -o $(CORPORA)-real/real.chunks --corpus $(CORPORA)-real --punctuation --top 15000 --tail 5000

## study: infer the published tokenizers in TOKENIZERS=dir, with TEXT=dir or the panel
study: all
	examples/published/study.sh --program $(PROGRAM) -o $(BUILD)/published $(if $(TEXT),--text $(TEXT) --without markdown) $(TOKENIZERS)

## corpora: build real corpora of megabytes per category from Debian packages
corpora:
	corpora/build.sh -o $(CORPORA)

## check-peers: compare with other implementations (downloads them)
check-peers: all
	@BUILD=$(BUILD) CORPORA=$(CORPORA) tests/peers/run.sh

## check-cluster: the distributed examples on a single-node Slurm and GNU parallel
check-cluster: all
	@BUILD=$(BUILD) tests/cluster/run.sh

# what is installed besides the program, the libraries and the manual
EXAMPLES := $(sort $(wildcard examples/*.c examples/*.cc examples/*.cpp examples/*.sh examples/*.svg) \
            $(wildcard examples/slurm/* examples/gnu-parallel/* examples/parquet/* examples/python/*.py))
DOCS     := README.md LICENSE $(wildcard NEWS.md)
SCHEMAS  := $(sort $(wildcard examples/*.schema.json))
BUNDLED    := $(sort $(shell find corpora/bundled -type f))
PANEL_FILES := $(addprefix corpora/panel/,panel.chunks MANIFEST.tsv PACKAGES.tsv groups.tsv)

## install: program, libraries, header, manual, completion, examples; PREFIX, DESTDIR
install: all $(MAN:man/%=$(BUILD)/man/%)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR) \
	    $(foreach n,1 3 5 7,$(DESTDIR)$(MANDIR)/man$(n)) \
	    $(DESTDIR)$(COMPDIR) $(DESTDIR)$(ZSHDIR) $(DESTDIR)$(FISHDIR) \
	    $(DESTDIR)$(DOCDIR) $(DESTDIR)$(SCHEMADIR)
	install -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/bpemix
	install -m 644 $(LIB_A) $(DESTDIR)$(LIBDIR)/libbpemix.a
	install -m 755 $(LIB_SO) $(DESTDIR)$(LIBDIR)/libbpemix.so.$(SOVERSION)
	ln -sf libbpemix.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libbpemix.so
	install -m 644 $(BUILD)/bpemix.pc $(DESTDIR)$(LIBDIR)/pkgconfig/bpemix.pc
	install -m 644 $(HEADERS) $(DESTDIR)$(INCLUDEDIR)
	install -m 644 $(BUILD)/bpemix.bash $(DESTDIR)$(COMPDIR)/bpemix
	install -m 644 $(BUILD)/bpemix.zsh $(DESTDIR)$(ZSHDIR)/_bpemix
	install -m 644 $(BUILD)/bpemix.fish $(DESTDIR)$(FISHDIR)/bpemix.fish
	@set -e; for m in $(notdir $(MAN)); do \
	    install -m 644 $(BUILD)/man/$$m $(DESTDIR)$(MANDIR)/man$${m##*.}/$$m; done
	@set -e; for f in $(MLINKS); do ln -sf libbpemix.3 $(DESTDIR)$(MANDIR)/man3/$$f.3; done
	install -m 644 $(DOCS) $(DESTDIR)$(DOCDIR)
	install -m 644 $(SCHEMAS) $(DESTDIR)$(SCHEMADIR)
	install -m 644 $(PANEL_FILES) $(DESTDIR)$(DATADIR)
	@set -e; for f in $(BUNDLED); do install -D -m 644 $$f $(DESTDIR)$(DATADIR)/$$f; done
	@set -e; for f in $(EXAMPLES); do \
	    if [ -x $$f ]; then mode=755; else mode=644; fi; install -D -m $$mode $$f $(DESTDIR)$(DOCDIR)/$$f; done
	@# the running system looks libraries up in a cache; a DESTDIR is not yet the running system
	@if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" = 0 ] && command -v ldconfig > /dev/null; then ldconfig; fi

## uninstall: remove exactly what install put there
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/bpemix $(DESTDIR)$(LIBDIR)/libbpemix.a \
	    $(DESTDIR)$(LIBDIR)/libbpemix.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libbpemix.so \
	    $(DESTDIR)$(LIBDIR)/pkgconfig/bpemix.pc $(HEADERS:include/%=$(DESTDIR)$(INCLUDEDIR)/%) \
	    $(DESTDIR)$(COMPDIR)/bpemix $(DESTDIR)$(ZSHDIR)/_bpemix $(DESTDIR)$(FISHDIR)/bpemix.fish
	@for m in $(notdir $(MAN)); do rm -f $(DESTDIR)$(MANDIR)/man$${m##*.}/$$m; done
	@for f in $(MLINKS); do rm -f $(DESTDIR)$(MANDIR)/man3/$$f.3; done
	@for f in $(DOCS) $(EXAMPLES); do rm -f $(DESTDIR)$(DOCDIR)/$$f; done
	@for f in $(notdir $(SCHEMAS)); do rm -f $(DESTDIR)$(SCHEMADIR)/$$f; done
	@for f in $(notdir $(PANEL_FILES)) $(BUNDLED); do rm -f $(DESTDIR)$(DATADIR)/$$f; done
	@for d in $(sort $(dir $(EXAMPLES))); do rmdir -p --ignore-fail-on-non-empty $(DESTDIR)$(DOCDIR)/$$d 2> /dev/null; done; \
	for d in $(sort $(dir $(BUNDLED))); do rmdir -p --ignore-fail-on-non-empty $(DESTDIR)$(DATADIR)/$$d 2> /dev/null; done; \
	rmdir --ignore-fail-on-non-empty $(DESTDIR)$(DOCDIR) $(DESTDIR)$(SCHEMADIR) \
	    $(DESTDIR)$(DATADIR) 2> /dev/null; true

## clean: remove build/
clean:
	rm -rf $(BUILD)

## dist: bpemix-VERSION.tar.gz of the committed tree, or of an unpacked tarball
dist:
	@mkdir -p $(BUILD)
	@name=bpemix-$(VERSION); if [ -e .git ]; then \
	    git archive --prefix=$$name/ -o $(BUILD)/$$name.tar.gz HEAD; \
	else \
	    tar -c --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$$(stat -c %Y include/bpemix.h) \
	        --exclude=./$(BUILD) --transform="s,^\.,$$name," . | gzip -n > $(BUILD)/$$name.tar.gz; \
	fi; echo "  DIST	$(BUILD)/$$name.tar.gz"

## deb: Debian packages below build/deb, looked at by lintian
deb:
	@BUILD=$(BUILD) VERSION=$(VERSION) examples/debian/make-deb.sh

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT:=.d) $(FUZZ:=.d) $(BENCH:=.d) \
    $(BUILD)/tests/fuzz/driver.d $(BUILD)/tests/schema_check.d
