#include "result/document.h"
#include "base/version.h"
#include "result/codec.h"

#include <stdio.h>
#include <sys/resource.h>

static void put_libraries(bmx_json *libs)
{
    bmx_json_put_str(libs, "cjson", bmx_json_library_version());
    bmx_json_put_str(libs, "glpk", bmx_lp_library_version());
    bmx_json_put_str(libs, "libarchive", bmx_io_library_version());
    bmx_json_put_str(libs, "pcre2", bmx_regex_library_version());
    bmx_json_put_str(libs, "pcre2_unicode", bmx_regex_unicode_version());
    bmx_json_put_str(libs, "utf8proc", bmx_normalize_library_version());
    bmx_json_put_str(libs, "utf8proc_unicode", bmx_normalize_unicode_version());
    bmx_json_put_str(libs, "xxhash", bmx_hash_library_version());
    bmx_json_put_str(libs, "zlib", bmx_gunzip_library_version());
}

void bmx_document_begin(bmx_json *doc, const char *version, const bmx_values *libraries)
{
    bmx_json *tool;

    bmx_json_put_uint(doc, "schema_version", BMX_SCHEMA_VERSION);
    tool = bmx_json_put(doc, "tool", bmx_json_object());
    bmx_json_put_str(tool, "name", "bpemix");
    bmx_json_put_str(tool, "version", version ? version : BPEMIX_VERSION);
    if (libraries && libraries->n)
        bmx_json_put(doc, "libraries", bmx_values_to_json(libraries));
    else
        put_libraries(bmx_json_put(doc, "libraries", bmx_json_object()));
}

bmx_json *bmx_inspect_to_json(const bmx_facts *facts)
{
    bmx_json *doc = bmx_json_object();

    bmx_document_begin(doc, NULL, NULL);
    bmx_json_put(doc, "tokenizer", bmx_facts_to_json(facts));
    return doc;
}

uint64_t bmx_peak_memory(void)
{
    struct rusage ru;
    char line[128];
    unsigned long long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");

    while (f && !kb && fgets(line, sizeof line, f))
        (void)sscanf(line, "VmHWM: %llu kB", &kb);
    if (f)
        fclose(f);
    if (kb)
        return kb * 1024;
    /* Linux counts what the process was before exec(2), its parent */
    return getrusage(RUSAGE_SELF, &ru) ? 0 : (uint64_t)ru.ru_maxrss * 1024;
}
