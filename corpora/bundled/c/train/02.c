// Reader for INI-style configuration files.
//
//   [section]
//   key = value        ; trailing comment
//   path = "quoted, so ; is kept"
//
// Values live in one flat array of entries. Files of this kind rarely have
// more than a few dozen keys, so lookups are linear on purpose.

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define INI_LINE_MAX 1024
#define INI_NAME_MAX 64

typedef enum {
    INI_OK = 0,
    INI_ERR_OPEN,
    INI_ERR_SYNTAX,
    INI_ERR_TOO_LONG,
    INI_ERR_MEMORY
} ini_status;

typedef struct {
    char section[INI_NAME_MAX];
    char key[INI_NAME_MAX];
    char *value;
    int line;
} ini_entry;

typedef struct {
    ini_entry *entries;
    size_t count;
    size_t capacity;
    char error[160];
} ini_file;

static ini_status fail(ini_file *ini, ini_status code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(ini->error, sizeof ini->error, fmt, ap);
    va_end(ap);
    return code;
}

static char *trim(char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    char *end = s + strlen(s);
    while (end > s && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return s;
}

// Removes a comment that begins outside of double quotes.
static void strip_comment(char *s)
{
    bool quoted = false;
    for (char *p = s; *p != '\0'; p++) {
        if (*p == '\\' && quoted && p[1] != '\0') {
            p++;
        } else if (*p == '"') {
            quoted = !quoted;
        } else if (!quoted && (*p == ';' || *p == '#')) {
            *p = '\0';
            return;
        }
    }
}

// Undoes quoting in place. Returns false when the closing quote is missing.
static bool unquote(char *s)
{
    if (*s != '"')
        return true;
    char *out = s;
    const char *in = s + 1;
    while (*in != '"') {
        if (*in == '\0')
            return false;
        if (*in != '\\') {
            *out++ = *in++;
            continue;
        }
        switch (*++in) {
        case 'n':  *out++ = '\n'; break;
        case 't':  *out++ = '\t'; break;
        case '\0': return false;
        default:   *out++ = *in;  break;
        }
        in++;
    }
    *out = '\0';
    return true;
}

static ini_status add_entry(ini_file *ini, const char *section,
                            const char *key, const char *value, int line)
{
    if (ini->count == ini->capacity) {
        size_t cap = ini->capacity ? ini->capacity * 2 : 16;
        ini_entry *grown = realloc(ini->entries, cap * sizeof *grown);
        if (grown == NULL)
            return fail(ini, INI_ERR_MEMORY, "line %d: out of memory", line);
        ini->entries = grown;
        ini->capacity = cap;
    }
    ini_entry *e = &ini->entries[ini->count];
    snprintf(e->section, sizeof e->section, "%s", section);
    snprintf(e->key, sizeof e->key, "%s", key);
    e->line = line;
    e->value = strdup(value);
    if (e->value == NULL)
        return fail(ini, INI_ERR_MEMORY, "line %d: out of memory", line);
    ini->count++;
    return INI_OK;
}

ini_status ini_parse(ini_file *ini, FILE *in)
{
    char buf[INI_LINE_MAX];
    char section[INI_NAME_MAX] = "";
    int line = 0;

    memset(ini, 0, sizeof *ini);
    while (fgets(buf, sizeof buf, in) != NULL) {
        line++;
        if (strchr(buf, '\n') == NULL && !feof(in))
            return fail(ini, INI_ERR_TOO_LONG, "line %d is too long", line);

        strip_comment(buf);
        char *s = trim(buf);
        if (*s == '\0')
            continue;

        if (*s == '[') {
            char *close = strchr(s, ']');
            if (close == NULL || close[1] != '\0')
                return fail(ini, INI_ERR_SYNTAX, "line %d: bad section header", line);
            *close = '\0';
            snprintf(section, sizeof section, "%s", trim(s + 1));
            continue;
        }

        char *eq = strchr(s, '=');
        if (eq == NULL || eq == s)
            return fail(ini, INI_ERR_SYNTAX, "line %d: expected key = value", line);
        *eq = '\0';
        char *key = trim(s);
        char *value = trim(eq + 1);
        if (!unquote(value))
            return fail(ini, INI_ERR_SYNTAX, "line %d: unterminated string", line);
        ini_status st = add_entry(ini, section, key, value, line);
        if (st != INI_OK)
            return st;
    }
    return INI_OK;
}

void ini_free(ini_file *ini)
{
    for (size_t i = 0; i < ini->count; i++)
        free(ini->entries[i].value);
    free(ini->entries);
    ini->entries = NULL;
    ini->count = ini->capacity = 0;
}

// A key given twice takes its last value, hence the search from the end.
const char *ini_get(const ini_file *ini, const char *section,
                    const char *key, const char *fallback)
{
    for (size_t i = ini->count; i-- > 0;) {
        const ini_entry *e = &ini->entries[i];
        if (!strcasecmp(e->section, section) && !strcasecmp(e->key, key))
            return e->value;
    }
    return fallback;
}

long ini_get_long(const ini_file *ini, const char *section,
                  const char *key, long fallback)
{
    const char *text = ini_get(ini, section, key, NULL);
    if (text == NULL || *text == '\0')
        return fallback;
    char *end;
    errno = 0;
    long v = strtol(text, &end, 0);
    return (errno != 0 || *end != '\0') ? fallback : v;
}

bool ini_get_bool(const ini_file *ini, const char *section,
                  const char *key, bool fallback)
{
    static const char *const yes[] = {"1", "yes", "true", "on"};
    static const char *const no[] = {"0", "no", "false", "off"};
    const char *text = ini_get(ini, section, key, "");

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (strcasecmp(text, yes[i]) == 0)
            return true;
        if (strcasecmp(text, no[i]) == 0)
            return false;
    }
    return fallback;
}
