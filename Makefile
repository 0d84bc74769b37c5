# bpemix - see `make help`.  Objects go to build/ (BUILD=dir for another).
# CC, CFLAGS, CPPFLAGS, LDFLAGS are the user's; what we need ourselves is in
# the variables that start with BMX_.

VERSION    := $(shell sed -n 's/^\#define BPEMIX_VERSION "\(.*\)"/\1/p' include/bpemix.h)
SOVERSION  := 0
BUILD      ?= build
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR     ?= $(PREFIX)/share/man
DESTDIR    ?=
PKG_CONFIG ?= pkg-config
CC         ?= cc
CFLAGS     ?= -O2 -g

PKGS       := libpcre2-8 libcjson libutf8proc libarchive libmd libxxhash
DEP_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
DEP_LIBS   ?= $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null) -lglpk -lm -lpthread
DEPS       := gcc make libc6-dev pkg-config libpcre2-dev libcjson-dev libutf8proc-dev libglpk-dev \
              libarchive-dev libmd-dev libxxhash-dev libcmocka-dev mandoc

BMX_CPPFLAGS := -D_GNU_SOURCE -Isrc -Iinclude $(DEP_CFLAGS)
BMX_CFLAGS   := -std=c11 -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes \
                -Wmissing-prototypes -fvisibility=hidden -fPIC -ffp-contract=off

LIB_SRC  := $(sort $(filter-out src/cli/%,$(wildcard src/*/*.c)))
CLI_SRC  := $(sort $(wildcard src/cli/*.c))
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ  := $(CLI_SRC:%.c=$(BUILD)/%.o)
LIB_A    := $(BUILD)/libbpemix.a
LIB_SO   := $(BUILD)/libbpemix.so.$(SOVERSION)
PROGRAM  := $(BUILD)/bpemix
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c tests/oracle/test_*.c))
UNIT     := $(UNIT_SRC:%.c=$(BUILD)/%)

.DEFAULT_GOAL := all
.PHONY: all deps demo check help

## all: the program, the static and the shared library
all: $(PROGRAM) $(LIB_A) $(LIB_SO)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BMX_CPPFLAGS) $(CPPFLAGS) $(BMX_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(LIB_A): $(LIB_OBJ)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

$(LIB_SO): $(LIB_OBJ)
	$(CC) $(LDFLAGS) -shared -Wl,-soname,libbpemix.so.$(SOVERSION) -Wl,--no-undefined -o $@ $^ $(DEP_LIBS)
	ln -sf libbpemix.so.$(SOVERSION) $(BUILD)/libbpemix.so

$(PROGRAM): $(CLI_OBJ) $(LIB_A)
	$(CC) $(LDFLAGS) -o $@ $(CLI_OBJ) $(LIB_A) $(DEP_LIBS)

$(BUILD)/tests/%: tests/%.c tests/test.h $(LIB_A)
	@mkdir -p $(@D)
	$(CC) $(BMX_CPPFLAGS) -Itests $(CPPFLAGS) $(BMX_CFLAGS) $(CFLAGS) -MMD -MP -o $@ $< $(LIB_A) $(DEP_LIBS) -lcmocka $(LDFLAGS)

## unit: build and run the unit and oracle tests alone
.PHONY: unit
unit: $(UNIT)
	@set -e; for t in $(UNIT); do $$t; done

## clean: remove build/
.PHONY: clean
clean:
	rm -rf $(BUILD)

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT:=.d)
