/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads bytes as a file of counted chunks; the checksum of the table of contents is made right
 * first, so that what lies behind it is reached, and so are those of frames that the table
 * lists.  What is accepted must be what the table says, and become words. */
#include "base/signature.h"
#include "base/wire.h"
#include "words/chunk_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

/* Head of the file: 8 bytes magic, 4 version, 8 length of the contents. */
static void mend(char *file, size_t size)
{
    uint64_t n;

    if (size < 28)
        return;
    memcpy(file, BMX_CHUNKS_MAGIC, BMX_CHUNKS_MAGIC_BYTES);
    bmx_store_le(file + 8, 1, 4);
    n = bmx_load_le(file + 12, 8);
    if (n <= size - 28)
        bmx_store_le(file + 20 + n, bmx_hash64(file, (size_t)(20 + n), 0), 8);
}

static void read_sections(const bmx_chunk_file *f)
{
    bmx_chunk_list l = { 0 };

    for (size_t i = 0; i < f->n; i++) {
        uint64_t chunks = 0, mass = 0;
        bool good = true;

        for (size_t k = 0; k < f->section[i].n_frames && good; k++) {
            good = !bmx_chunk_file_read(f, i, k, &l, NULL);
            if (!good)
                break;
            require(l.n == f->section[i].frame[k].n);
            for (size_t c = 0; c < l.n; c++)
                require(l.chunk[c].len > 0 && l.count[c] > 0 &&
                        (!c || bmx_slice_cmp(l.chunk[c - 1], l.chunk[c]) < 0));
            chunks += l.chunks;
            mass += l.mass;
        }
        if (good)
            (void)bmx_chunk_file_check(f, i, chunks, mass, NULL);
    }
    bmx_chunk_list_release(&l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[40], *copy = malloc(size ? size : 1);
    int fd = memfd_create("chunks", 0);
    bmx_chunk_file f = { 0 };
    size_t first;

    if (!copy || fd < 0) {
        free(copy);
        return 0;
    }
    if (size)
        memcpy(copy, data, size);
    mend(copy, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write(fd, copy, size) == (ssize_t)size && !bmx_chunk_file_open(path, &f, NULL)) {
        require(f.n > 0 && bmx_chunk_file_find(&f, f.section[0].name, &first) > 0 && first == 0);
        read_sections(&f);
        bmx_chunk_file_release(&f);
    }
    close(fd);
    free(copy);
    return 0;
}
