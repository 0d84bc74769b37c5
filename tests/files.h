/* SPDX-License-Identifier: GPL-3.0-or-later */
/* files.h - a scratch folder for tests that need files. */
#ifndef BMX_TEST_FILES_H
#define BMX_TEST_FILES_H

#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

static char scratch_folder[200];

static const char *scratch(void)
{
    if (!scratch_folder[0]) {
        const char *tmp = getenv("TMPDIR");
        snprintf(scratch_folder, sizeof scratch_folder, "%.150s/bpemix-test-XXXXXX",
                 tmp && *tmp ? tmp : "/tmp");
        if (!mkdtemp(scratch_folder))
            fail_msg("cannot make a folder below %s", scratch_folder);
    }
    return scratch_folder;
}

/* Path below the scratch folder; a few of them are valid at a time. */
static const char *in_scratch(const char *name)
{
    static char path[8][512];
    static int at;

    at = (at + 1) % 8;
    snprintf(path[at], sizeof path[at], "%s/%s", scratch(), name);
    return path[at];
}

static const char *put_file(const char *name, const void *p, size_t n)
{
    const char *path = in_scratch(name);
    FILE *f = fopen(path, "wb");

    if (!f || (n && fwrite(p, 1, n, f) != n) || fclose(f))
        fail_msg("cannot write %s", path);
    return path;
}

static inline const char *put_text(const char *name, const char *text)
{
    return put_file(name, text, strlen(text));
}

static inline const char *put_folder(const char *name)
{
    const char *path = in_scratch(name);
    if (mkdir(path, 0777))
        fail_msg("cannot make %s", path);
    return path;
}

/* Run a shell command inside the scratch folder; false when it fails. */
static inline bool in_shell(const char *command)
{
    char line[1024];
    snprintf(line, sizeof line, "cd '%s' && (%s) >/dev/null 2>&1", scratch(), command);
    return system(line) == 0;
}

static inline int remove_scratch(void **state)
{
    char line[300];
    (void)state;
    if (scratch_folder[0]) {
        snprintf(line, sizeof line, "rm -rf '%s'", scratch_folder);
        if (system(line))
            return 1;
        scratch_folder[0] = 0;
    }
    return 0;
}

#endif
