/* regex.c - translation of Oniguruma and fancy-regex patterns to PCRE2, and
 * the match loop.
 *
 * The translator is a recursive-descent copier.  What it emits must stay true
 * under these rules:
 *
 * R1  No capturing group is added, so that back-references keep their numbers.
 * R2  Of PCRE2's own shorthands only \p, \P, \x{..}, \A, \z, \G, \R and \k are
 *     used: \s \w \d \b . ^ $ mean something else in each engine and are spelt
 *     out.  Options m, s and x are resolved here; only i is handed on.
 * R3  Each atom is one unit for a quantifier behind it.
 * R4  Literals are emitted as letters, digits or \x{..}. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "split/regex.h"

#include "base/utf8.h"
#include "base/version.h"

#include <stdio.h>
#include <string.h>

/* ---- translation ------------------------------------------------------ */

#define SPACE_ITEMS "\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}" \
                    "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}"
/* Outside of classes Oniguruma looks the first 256 characters up in an older
 * table, which counts superscript digits and fractions as word characters. */
#define WORD_CLASS_ONIG "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}"
#define WORD_ONIG WORD_CLASS_ONIG "\\x{b2}\\x{b3}\\x{b9}\\x{bc}-\\x{be}"
#define WORD_RUST "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}"
#define HEX_ITEMS "0-9A-Fa-f"

#define MAX_NESTING 200

typedef struct flags {
    bool caseless, multiline, dotall, extended;
} flags;

typedef struct parser {
    const char *text;
    size_t len, pos;
    bmx_regex_flavor flavor;
    flags f;
    bool named_groups; /* the pattern has some: plain groups capture nothing in Oniguruma */
    unsigned n_groups, nesting;
    uint32_t last_literal; /* previous atom of a caseless Oniguruma literal, 0: none */
    bpemix_status st;      /* the first failure stays; everything then does nothing */
    bpemix_error *err;
} parser;

static bool onig(const parser *p) { return p->flavor == BMX_REGEX_ONIGURUMA; }

/* As bmx_quote(), but with backslashes as they are when nothing else is special. */
static const char *quote_pattern(char *buf, size_t size, const char *s, size_t n)
{
    bool plain = true;

    for (size_t i = 0; i < n; i++)
        plain &= (unsigned char)s[i] >= 0x20 && s[i] != 0x7f && s[i] != '\'';
    if (!plain)
        return bmx_quote(buf, size, s, n);
    snprintf(buf, size, "'%.*s'", (int)n, s);
    return buf;
}

/* Refuse what stands at byte `at`. */
static void refuse(parser *p, size_t at, const char *what)
{
    char quoted[80], place[96];
    size_t n = p->len - at < 12 ? p->len - at : 12;

    if (p->st)
        return;
    while (at + n < p->len && n > 0 && ((unsigned char)p->text[at + n] & 0xc0) == 0x80)
        n--;
    snprintf(place, sizeof place, "pattern, byte %zu", at);
    p->st = bmx_fail_hint(p->err, BPEMIX_E_UNSUPPORTED, place,
                          "name a pre-tokenizer that splits the same way",
                          "%s at %s cannot be translated exactly", what,
                          quote_pattern(quoted, sizeof quoted, p->text + at, n));
    if (p->err)
        p->err->offset = (int64_t)at;
}

static void put_n(parser *p, bmx_buf *out, const char *s, size_t n)
{
    if (!p->st)
        p->st = bmx_buf_add(out, s, n, p->err);
}

static void put(parser *p, bmx_buf *out, const char *s) { put_n(p, out, s, strlen(s)); }

static void put_buf(parser *p, bmx_buf *out, const bmx_buf *b) { put_n(p, out, b->ptr, b->len); }

static void put_char(parser *p, bmx_buf *out, uint32_t cp)
{
    char tmp[16];

    if ((cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z'))
        snprintf(tmp, sizeof tmp, "%c", (char)cp);
    else
        snprintf(tmp, sizeof tmp, "\\x{%x}", (unsigned)cp);
    put(p, out, tmp);
}

/* Wrap what was emitted since `from` into a group. */
static void wrap(parser *p, bmx_buf *out, size_t from)
{
    put(p, out, "(?:)");
    if (p->st)
        return;
    memmove(out->ptr + from + 3, out->ptr + from, out->len - 4 - from);
    memcpy(out->ptr + from, "(?:", 3);
    out->ptr[out->len - 1] = ')';
}

static bool more(const parser *p) { return !p->st && p->pos < p->len; }
static char peek(const parser *p) { return p->pos < p->len ? p->text[p->pos] : '\0'; }
static bool at_str(const parser *p, const char *s)
{
    size_t n = strlen(s);
    return p->len - p->pos >= n && !memcmp(p->text + p->pos, s, n);
}
static bool accept(parser *p, const char *s)
{
    if (!at_str(p, s))
        return false;
    p->pos += strlen(s);
    return true;
}

/* One character of the pattern, which was checked to be UTF-8. */
static uint32_t take_char(parser *p)
{
    uint32_t cp = 0;
    unsigned n = bmx_utf8_decode(p->text + p->pos, p->len - p->pos, &cp);

    p->pos += n ? n : 1;
    return cp;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Up to max hex digits (exactly, when `exact`); false when there are none. */
static bool take_hex(parser *p, unsigned max, bool exact, uint32_t *cp)
{
    unsigned n = 0;

    for (*cp = 0; n < max && p->pos < p->len && hex_value(p->text[p->pos]) >= 0; n++)
        *cp = *cp << 4 | (uint32_t)hex_value(p->text[p->pos++]);
    return exact ? n == max : n > 0;
}

/* The code point written behind \x, \u or \U. */
static uint32_t take_code_point(parser *p, char kind, size_t at)
{
    uint32_t cp = 0;
    bool ok;

    if (accept(p, "{"))
        ok = take_hex(p, 8, false, &cp) && accept(p, "}");
    else
        ok = take_hex(p, kind == 'x' ? 2 : kind == 'u' ? 4 : 8, kind != 'x' || !onig(p), &cp);
    if (!ok || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff) ||
        (onig(p) && kind == 'x' && cp > 0x7f && p->text[p->pos - 1] != '}'))
        refuse(p, at, "a code point");
    return cp;
}

/* An escape that stands for one character: *cp.  False (nothing taken) for
 * others; p->pos is behind the backslash. */
static bool take_escaped_char(parser *p, size_t at, bool in_class, uint32_t *cp)
{
    char c = peek(p);

    switch (c) {
    case 't': *cp = '\t'; break;
    case 'n': *cp = '\n'; break;
    case 'r': *cp = '\r'; break;
    case 'f': *cp = '\f'; break;
    case 'v': *cp = '\v'; break;
    case 'a': *cp = '\a'; break;
    case 'e': *cp = 0x1b; break;
    case 'b':
        if (!in_class)
            return false;
        if (!onig(p))
            refuse(p, at, "a backspace escape");
        *cp = '\b';
        break;
    case 'x': case 'u': case 'U':
        if (c == 'U' && onig(p))
            return false;
        p->pos++;
        *cp = take_code_point(p, c, at);
        return true;
    case '0':
        if (!onig(p))
            return false;
        *cp = 0;
        for (unsigned n = 0; n < 3 && peek(p) >= '0' && peek(p) <= '7'; n++)
            *cp = *cp * 8 + (uint32_t)(p->text[p->pos++] - '0');
        return true;
    default:
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            p->pos >= p->len)
            return false;
        *cp = take_char(p);
        return true;
    }
    p->pos++;
    return true;
}

/* ---- properties -- */

typedef struct property_name {
    const char *name; /* lower case without separators */
    const char *items;
} property_name;

static const property_name category_names[] = {
    { "c", "C" }, { "other", "C" }, { "cc", "Cc" }, { "control", "Cc" }, { "cf", "Cf" },
    { "format", "Cf" }, { "cn", "Cn" }, { "unassigned", "Cn" }, { "co", "Co" },
    { "privateuse", "Co" }, { "l", "L" }, { "letter", "L" }, { "lc", "L&" },
    { "casedletter", "L&" }, { "ll", "Ll" }, { "lowercaseletter", "Ll" }, { "lm", "Lm" },
    { "modifierletter", "Lm" }, { "lo", "Lo" }, { "otherletter", "Lo" }, { "lt", "Lt" },
    { "titlecaseletter", "Lt" }, { "lu", "Lu" }, { "uppercaseletter", "Lu" }, { "m", "M" },
    { "mark", "M" }, { "combiningmark", "M" }, { "mc", "Mc" }, { "spacingmark", "Mc" },
    { "me", "Me" }, { "enclosingmark", "Me" }, { "mn", "Mn" }, { "nonspacingmark", "Mn" },
    { "n", "N" }, { "number", "N" }, { "nd", "Nd" }, { "decimalnumber", "Nd" }, { "nl", "Nl" },
    { "letternumber", "Nl" }, { "no", "No" }, { "othernumber", "No" }, { "p", "P" },
    { "punctuation", "P" }, { "pc", "Pc" }, { "connectorpunctuation", "Pc" }, { "pd", "Pd" },
    { "dashpunctuation", "Pd" }, { "pe", "Pe" }, { "closepunctuation", "Pe" }, { "pf", "Pf" },
    { "finalpunctuation", "Pf" }, { "pi", "Pi" }, { "initialpunctuation", "Pi" }, { "po", "Po" },
    { "otherpunctuation", "Po" }, { "ps", "Ps" }, { "openpunctuation", "Ps" }, { "s", "S" },
    { "symbol", "S" }, { "sc", "Sc" }, { "currencysymbol", "Sc" }, { "sk", "Sk" },
    { "modifiersymbol", "Sk" }, { "sm", "Sm" }, { "mathsymbol", "Sm" }, { "so", "So" },
    { "othersymbol", "So" }, { "z", "Z" }, { "separator", "Z" }, { "zl", "Zl" },
    { "lineseparator", "Zl" }, { "zp", "Zp" }, { "paragraphseparator", "Zp" }, { "zs", "Zs" },
    { "spaceseparator", "Zs" }, { "any", "Any" }
};

/* Binary properties that mean the same everywhere. */
static const property_name binary_names[] = {
    { "alphabetic", "Alphabetic" }, { "lowercase", "Lowercase" }, { "uppercase", "Uppercase" },
    { "whitespace", "White_Space" }, { "emoji", "Emoji" },
    { "emojipresentation", "Emoji_Presentation" }, { "emojimodifier", "Emoji_Modifier" },
    { "emojimodifierbase", "Emoji_Modifier_Base" }, { "emojicomponent", "Emoji_Component" },
    { "extendedpictographic", "Extended_Pictographic" }, { "ideographic", "Ideographic" },
    { "unifiedideograph", "Unified_Ideograph" }, { "math", "Math" }, { "dash", "Dash" },
    { "hexdigit", "Hex_Digit" }, { "asciihexdigit", "ASCII_Hex_Digit" },
    { "idstart", "ID_Start" }, { "idcontinue", "ID_Continue" }, { "xidstart", "XID_Start" },
    { "xidcontinue", "XID_Continue" }, { "cased", "Cased" },
    { "caseignorable", "Case_Ignorable" }, { "diacritic", "Diacritic" },
    { "extender", "Extender" }, { "joincontrol", "Join_Control" },
    { "variationselector", "Variation_Selector" }, { "radical", "Radical" },
    { "regionalindicator", "Regional_Indicator" }, { "quotationmark", "Quotation_Mark" }
};

/* POSIX names, as items of a class: Unicode in Oniguruma, ASCII in Rust. */
typedef struct posix_name {
    const char *name, *onig, *rust;
} posix_name;

static const posix_name posix_names[] = {
    { "alnum", "\\p{Alphabetic}\\p{Nd}", "0-9A-Za-z" },
    { "alpha", "\\p{Alphabetic}", "A-Za-z" },
    { "ascii", "\\x{0}-\\x{7f}", "\\x{0}-\\x{7f}" },
    { "blank", "\\x{9}\\p{Zs}", "\\x{9}\\x{20}" },
    { "cntrl", "\\p{Cc}", "\\x{0}-\\x{1f}\\x{7f}" },
    { "digit", "\\p{Nd}", "0-9" },
    { "lower", "\\p{Lowercase}", "a-z" },
    { "punct", "\\p{P}\\p{S}", "\\x{21}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{60}\\x{7b}-\\x{7e}" },
    { "space", SPACE_ITEMS, "\\x{9}-\\x{d}\\x{20}" },
    { "upper", "\\p{Uppercase}", "A-Z" },
    { "word", WORD_CLASS_ONIG, "0-9A-Za-z_" },
    { "xdigit", HEX_ITEMS, HEX_ITEMS }
};

static const char *find_property(const property_name *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(list[i].name, name))
            return list[i].items;
    return NULL;
}

static const posix_name *find_posix(const char *name)
{
    for (size_t i = 0; i < sizeof posix_names / sizeof *posix_names; i++)
        if (!strcmp(posix_names[i].name, name))
            return &posix_names[i];
    return NULL;
}

static pcre2_code *compile(const char *pattern, size_t len, pcre2_compile_context *ctx, int *code,
                           size_t *at)
{
    PCRE2_SIZE offset = 0;
    pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern, len,
                                   PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, code, &offset,
                                   ctx);
    *at = offset;
    return re;
}

static bool compiles(const char *pattern)
{
    int code;
    size_t at;
    pcre2_code *re = compile(pattern, strlen(pattern), NULL, &code, &at);

    pcre2_code_free(re);
    return re != NULL;
}

/* A set of characters under construction: [items] or any of the alternatives. */
typedef struct set {
    bmx_buf items; /* inside of a positive class */
    bmx_buf alts;  /* "|expression|expression", each one character wide */
} set;

static void set_release(set *s)
{
    bmx_buf_release(&s->items);
    bmx_buf_release(&s->alts);
}

/* Add items, or what is not in them. */
static void set_add(parser *p, set *s, const char *items, bool negated)
{
    if (!negated) {
        put(p, &s->items, items);
    } else {
        put(p, &s->alts, "|[^");
        put(p, &s->alts, items);
        put(p, &s->alts, "]");
    }
}

/* \p{...}, \p{^...}, \P{...}, \pL; p->pos is behind the p. */
static void take_property(parser *p, set *s, size_t at, bool negated)
{
    char raw[64], name[64], item[96];
    const char *value, *kind = "";
    size_t n = 0, m = 0;

    if (accept(p, "{")) {
        if (accept(p, "^"))
            negated = !negated;
        while (more(p) && peek(p) != '}' && n + 1 < sizeof raw)
            raw[n++] = p->text[p->pos++];
        if (!accept(p, "}")) {
            refuse(p, at, "a property name");
            return;
        }
    } else if (!onig(p) && more(p)) {
        raw[n++] = p->text[p->pos++];
    }
    raw[n] = '\0';
    value = raw;
    if (!onig(p) && (value = strchr(raw, '=') ? strchr(raw, '=') : strchr(raw, ':'))) {
        size_t k = (size_t)(value - raw);
        if ((k == 2 && !strncmp(raw, "sc", 2)) || (k == 6 && !strncmp(raw, "Script", 6)))
            kind = "sc";
        else if ((k == 3 && !strncmp(raw, "scx", 3)) ||
                 (k == 17 && !strncmp(raw, "Script_Extensions", 17)))
            kind = "scx";
        else if ((k == 2 && !strncmp(raw, "gc", 2)) ||
                 (k == 16 && !strncmp(raw, "General_Category", 16)))
            kind = "gc";
        else
            kind = "?";
        value++;
    } else {
        value = raw;
    }
    for (const char *c = value; *c; c++)
        if (*c != ' ' && *c != '_' && *c != '-')
            name[m++] = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    name[m] = '\0';
    for (size_t i = 0; i < m; i++)
        if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9')))
            kind = "?";

    const char *found = NULL, *prefix = "";
    if (!*kind || !strcmp(kind, "gc"))
        found = find_property(category_names, sizeof category_names / sizeof *category_names, name);
    if (found && p->f.caseless && name[0] == 'l' && strcmp(found, "L")  && strcmp(found, "Lo") &&
        strcmp(found, "Lm"))
        refuse(p, at, "a cased property under (?i)");
    if (!found && !*kind) {
        const posix_name *posix = onig(p) ? find_posix(name) : NULL;
        if (posix) { /* not quite what the name means in [[:...:]] */
            set_add(p, s, !strcmp(name, "punct") ? "\\p{P}" : !strcmp(name, "word") ? WORD_ONIG : posix->onig,
                    negated);
            return;
        }
        found = find_property(binary_names, sizeof binary_names / sizeof *binary_names, name);
        if (found && p->f.caseless && (!strcmp(name, "lowercase") || !strcmp(name, "uppercase")))
            refuse(p, at, "a cased property under (?i)");
    }
    if (!found && (!*kind || !strcmp(kind, "sc") || !strcmp(kind, "scx"))) {
        prefix = !strcmp(kind, "scx") ? "scx:" : "sc:";
        found = name;
        snprintf(item, sizeof item, "\\p{%s%s}", prefix, name);
        if (!compiles(item))
            found = NULL;
    }
    if (!found) {
        refuse(p, at, "a property");
        return;
    }
    snprintf(item, sizeof item, "\\%c{%s%s}", negated ? 'P' : 'p', prefix, found);
    put(p, &s->items, item);
}

/* Shorthand classes: true when the escape at p->pos (behind the backslash) was one. */
static bool take_shorthand(parser *p, set *s, size_t at, bool in_class)
{
    const char *word = !onig(p) ? WORD_RUST : in_class ? WORD_CLASS_ONIG : WORD_ONIG;

    switch (peek(p)) {
    case 's': put(p, &s->items, SPACE_ITEMS); break;
    case 'S': put(p, &s->items, "\\P{White_Space}"); break;
    case 'd': put(p, &s->items, "\\p{Nd}"); break;
    case 'D': put(p, &s->items, "\\P{Nd}"); break;
    case 'w': put(p, &s->items, word); break;
    case 'W': set_add(p, s, word, true); break;
    case 'h': put(p, &s->items, HEX_ITEMS); break;
    case 'H': set_add(p, s, HEX_ITEMS, true); break;
    case 'p': case 'P':
        p->pos++;
        take_property(p, s, at, p->text[p->pos - 1] == 'P');
        return true;
    default: return false;
    }
    p->pos++;
    return true;
}

/* An expression one character wide; *flat: it is "[items]". */
static void put_set(parser *p, bmx_buf *out, const set *s, bool *flat)
{
    bool group = s->alts.len > 0 && (s->items.len > 0 || memchr(s->alts.ptr + 1, '|', s->alts.len - 1));

    *flat = s->alts.len == 0;
    if (group)
        put(p, out, "(?:");
    if (s->items.len > 0) {
        put(p, out, "[");
        put_buf(p, out, &s->items);
        put(p, out, "]");
    }
    if (s->alts.len > 0)
        put_n(p, out, s->alts.ptr + (s->items.len == 0), s->alts.len - (s->items.len == 0));
    if (group)
        put(p, out, ")");
}

/* ---- caseless literals of Oniguruma -- */

/* Oniguruma also folds one character to several ((?i:ss) matches U+00DF), which
 * PCRE2 cannot.  Such text is refused. */
static bool folds_to_several(uint32_t c)
{
    return c == 0xdf || c == 0x130 || c == 0x149 || c == 0x1f0 || c == 0x390 || c == 0x3b0 ||
           c == 0x587 || (c >= 0x1e96 && c <= 0x1e9a) || c == 0x1e9e ||
           (c >= 0x1f50 && c <= 0x1f57) || (c >= 0x1f80 && c <= 0x1ffc) ||
           (c >= 0xfb00 && c <= 0xfb17);
}

static bool part_of_a_fold(uint32_t a, uint32_t b)
{
    if (a >= 'A' && a <= 'Z')
        a += 32;
    if (b >= 'A' && b <= 'Z')
        b += 32;
    return (a == 's' && (b == 's' || b == 't')) || (a == 'f' && (b == 'f' || b == 'i' || b == 'l')) ||
           a == 0x2bc || b == 0x2be || (b >= 0x300 && b <= 0x345) || b == 0x3b9 || b == 0x399 ||
           (a == 0x17f && (b == 's' || b == 't' || b == 0x17f)) || (a == 's' && b == 0x17f) ||
           (a >= 0x531 && a <= 0x587);
}

static void check_caseless(parser *p, uint32_t cp, size_t at)
{
    if (p->f.caseless && onig(p) &&
        (folds_to_several(cp) || (p->last_literal && part_of_a_fold(p->last_literal, cp))))
        refuse(p, at, "a caseless literal that folds to several characters");
    p->last_literal = p->f.caseless ? cp : 0;
}

/* ---- classes -- */

static void parse_class(parser *p, set *into);

/* [:name:] or [:^name:] at p->pos; true when taken. */
static bool take_posix(parser *p, set *s)
{
    size_t at = p->pos;
    char name[16];
    size_t n = 0;
    bool negated;
    const posix_name *posix;

    if (!accept(p, "[:"))
        return false;
    negated = accept(p, "^");
    while (peek(p) >= 'a' && peek(p) <= 'z' && n + 1 < sizeof name)
        name[n++] = p->text[p->pos++];
    name[n] = '\0';
    if (!accept(p, ":]")) {
        p->pos = at;
        return false;
    }
    posix = find_posix(name);
    if (!posix || (p->f.caseless && (!strcmp(name, "upper") || !strcmp(name, "lower")))) {
        refuse(p, at, "a POSIX class");
        return true;
    }
    set_add(p, s, onig(p) ? posix->onig : posix->rust, negated);
    return true;
}

/* One member of a class: a nested class, a shorthand, a character or a range. */
static void parse_class_member(parser *p, set *s)
{
    size_t at = p->pos;
    uint32_t lo, hi;

    if (peek(p) == '[') {
        if (take_posix(p, s))
            return;
        p->pos++;
        parse_class(p, s);
        return;
    }
    if (accept(p, "\\")) {
        if (take_shorthand(p, s, at, true)) {
            if (peek(p) == '-' && p->pos + 1 < p->len && p->text[p->pos + 1] != ']')
                refuse(p, at, "a range that starts with a class");
            return;
        }
        if (!take_escaped_char(p, at, true, &lo)) {
            refuse(p, at, "an escape in a class");
            return;
        }
    } else {
        lo = take_char(p);
    }
    hi = lo;
    if (peek(p) == '-' && p->pos + 1 < p->len && p->text[p->pos + 1] != ']' &&
        p->text[p->pos + 1] != '[') {
        size_t dash = p->pos++;
        if (!onig(p) && peek(p) == '-') {
            refuse(p, dash, "a set difference");
            return;
        }
        if (accept(p, "\\")) {
            if (!take_escaped_char(p, dash, true, &hi)) {
                refuse(p, dash, "a range without an end");
                return;
            }
        } else {
            hi = take_char(p);
        }
        if (hi < lo) {
            refuse(p, at, "a range in wrong order");
            return;
        }
    }
    if (p->f.caseless && onig(p) && (folds_to_several(lo) || folds_to_several(hi))) {
        refuse(p, at, "a caseless class with characters that fold to several");
        return;
    }
    put_char(p, &s->items, lo);
    if (hi != lo) {
        put(p, &s->items, "-");
        put_char(p, &s->items, hi);
    }
}

/* Behind '[' up to and including ']': add the set to *into.  `a&&b` becomes
 * "is in a, and then b"; nested negations become alternatives. */
static void parse_class(parser *p, set *into)
{
    size_t start = p->pos - 1;
    bool negated, flat = true, first = true;
    bmx_buf both = { 0 }, expr = { 0 }; /* lookaheads for all operands but the last */
    set s = { 0 };

    if (++p->nesting > MAX_NESTING)
        refuse(p, start, "so deep a nesting");
    negated = accept(p, "^");
    for (;; first = false) {
        if (!more(p)) {
            refuse(p, start, "a class without an end");
            break;
        }
        if (peek(p) == ']' && !first) {
            p->pos++;
            break;
        }
        if (!onig(p) && p->f.extended && (peek(p) == ' ' || (peek(p) >= '\t' && peek(p) <= '\r'))) {
            p->pos++;
            continue;
        }
        if (!onig(p) && (at_str(p, "--") || at_str(p, "~~")) && !first) {
            refuse(p, p->pos, "a set operation");
            break;
        }
        if (at_str(p, "&&")) {
            if (s.items.len + s.alts.len == 0) {
                refuse(p, p->pos, "an intersection with nothing");
                break;
            }
            p->pos += 2;
            put(p, &both, "(?=");
            put_set(p, &both, &s, &flat);
            put(p, &both, ")");
            s.items.len = s.alts.len = 0;
            continue;
        }
        parse_class_member(p, &s);
    }
    if (!p->st && s.items.len + s.alts.len == 0)
        refuse(p, start, "an empty class");
    put_set(p, &expr, &s, &flat);
    if (p->st) {
        /* nothing to add */
    } else if (both.len > 0) {
        put(p, &into->alts, negated ? "|(?!" : "|(?:");
        put_buf(p, &into->alts, &both);
        put_buf(p, &into->alts, &expr);
        put(p, &into->alts, negated ? ")(?s:.)" : ")");
    } else if (!negated) {
        put_buf(p, &into->items, &s.items);
        put_buf(p, &into->alts, &s.alts);
    } else if (flat) {
        put(p, &into->alts, "|[^");
        put_buf(p, &into->alts, &s.items);
        put(p, &into->alts, "]");
    } else {
        put(p, &into->alts, "|(?!");
        put_buf(p, &into->alts, &expr);
        put(p, &into->alts, ")(?s:.)");
    }
    p->nesting--;
    bmx_buf_release(&both);
    bmx_buf_release(&expr);
    set_release(&s);
}

/* ---- atoms, groups, quantifiers -- */

static void parse_alternatives(parser *p, bmx_buf *out);

static void put_word_boundary(parser *p, bmx_buf *out, bool boundary)
{
    const char *w = onig(p) ? WORD_ONIG : WORD_RUST;

    put(p, out, "(?:(?<=[");
    put(p, out, w);
    put(p, out, boundary ? "])(?![" : "])(?=[");
    put(p, out, w);
    put(p, out, "])|(?<![");
    put(p, out, w);
    put(p, out, boundary ? "])(?=[" : "])(?![");
    put(p, out, w);
    put(p, out, "]))");
}

static void put_whole_set(parser *p, bmx_buf *out, set *s)
{
    bool flat;
    size_t from = out->len;

    if (!p->st)
        put_set(p, out, s, &flat);
    /* One negated class needs no group, and PCRE2 repeats it much faster without. */
    if (!p->st && !flat &&
        !(out->len > from + 2 && !memcmp(out->ptr + from, "[^", 2) &&
          (char *)memchr(out->ptr + from, ']', out->len - from) == out->ptr + out->len - 1))
        wrap(p, out, from); /* R3 */
    set_release(s);
}

/* \... outside a class; p->pos is behind the backslash. */
static void parse_escape(parser *p, bmx_buf *out, size_t at)
{
    set s = { 0 };
    uint32_t cp;
    char c = peek(p);

    if (p->pos >= p->len) {
        refuse(p, at, "a trailing backslash");
        return;
    }
    if (take_shorthand(p, &s, at, false)) {
        p->last_literal = 0;
        put_whole_set(p, out, &s);
        return;
    }
    if (take_escaped_char(p, at, false, &cp)) {
        check_caseless(p, cp, at);
        put_char(p, out, cp);
        return;
    }
    p->last_literal = 0;
    p->pos++;
    switch (c) {
    case 'b': put_word_boundary(p, out, true); return;
    case 'B': put_word_boundary(p, out, false); return;
    case 'A': put(p, out, "\\A"); return;
    case 'z': put(p, out, "\\z"); return;
    case 'Z': put(p, out, onig(p) ? "(?=\\x{a}?\\z)" : "(?=\\x{a}*\\z)"); return;
    default: break;
    }
    if (onig(p)) {
        switch (c) {
        case 'G': put(p, out, "\\G"); return;
        case 'R': put(p, out, "(?>\\x{d}\\x{a}|[\\x{a}-\\x{d}\\x{85}\\x{2028}\\x{2029}])"); return;
        case 'N': put(p, out, "[^\\x{a}]"); return;
        case 'O': put(p, out, "(?s:.)"); return;
        default: break;
        }
    }
    if (c >= '1' && c <= '9' && !p->named_groups && !(peek(p) >= '0' && peek(p) <= '9') &&
        (unsigned)(c - '0') <= p->n_groups) {
        char ref[8];
        snprintf(ref, sizeof ref, "\\g{%c}", c);
        put(p, out, ref);
        return;
    }
    if (c == 'k' && peek(p) == '<') {
        size_t end = p->pos + 1;
        while (end < p->len && p->text[end] != '>' && p->text[end] != '-' && p->text[end] != '+')
            end++;
        if (end < p->len && p->text[end] == '>' && !(p->text[p->pos + 1] >= '0' && p->text[p->pos + 1] <= '9')) {
            put(p, out, "\\k");
            put_n(p, out, p->text + p->pos, end + 1 - p->pos);
            p->pos = end + 1;
            return;
        }
    }
    refuse(p, at, "an escape");
}

/* Flags behind "(?": 1 for "(?i:", 2 for "(?i)", 0 when refused. */
static int parse_flags(parser *p, size_t at, flags *f)
{
    bool on = true;

    for (*f = p->f; more(p);) {
        char c = p->text[p->pos++];
        switch (c) {
        case 'i': f->caseless = on; break;
        case 'x': f->extended = on; break;
        case 'm': *(onig(p) ? &f->dotall : &f->multiline) = on; break;
        case 's':
            if (onig(p))
                goto bad;
            f->dotall = on;
            break;
        case 'u':
            if (onig(p) || !on)
                goto bad;
            break;
        case '-':
            if (!on)
                goto bad;
            on = false;
            break;
        case ':': return 1;
        case ')': return 2;
        default: goto bad;
        }
    }
bad:
    refuse(p, at, "a group option");
    return 0;
}

static void open_flags(parser *p, bmx_buf *out, const flags *from, const flags *to)
{
    put(p, out, to->caseless == from->caseless ? "(?:" : to->caseless ? "(?i:" : "(?-i:");
}

static void close_group(parser *p, bmx_buf *out, size_t at)
{
    if (!p->st && !accept(p, ")"))
        refuse(p, at, "a group without an end");
    put(p, out, ")");
}

static void parse_group(parser *p, bmx_buf *out, size_t at)
{
    flags saved = p->f, f;
    static const char *const plain[] = { "?:", "?=", "?!", "?<=", "?<!", "?>" };

    p->last_literal = 0;
    if (++p->nesting > MAX_NESTING) {
        refuse(p, at, "so deep a nesting");
        return;
    }
    if (peek(p) == '*') {
        refuse(p, at, "a verb or callout");
        return;
    }
    if (accept(p, "?#")) {
        while (more(p) && peek(p) != ')')
            p->pos += peek(p) == '\\' && onig(p) ? 2 : 1;
        if (p->pos > p->len)
            p->pos = p->len;
        put(p, out, "(?:");
        close_group(p, out, at);
        p->nesting--;
        return;
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (accept(p, plain[i])) {
            put(p, out, "(");
            put(p, out, plain[i]);
            goto body;
        }
    if (at_str(p, "?<") || (!onig(p) && at_str(p, "?P<"))) {
        p->pos += at_str(p, "?P<") ? 3 : 2;
        size_t from = p->pos;
        while (more(p) && peek(p) != '>')
            p->pos++;
        put(p, out, "(?<");
        put_n(p, out, p->text + from, p->pos - from);
        if (!accept(p, ">"))
            refuse(p, at, "a group name");
        put(p, out, ">");
        p->n_groups++;
    } else if (accept(p, "?")) {
        int kind = parse_flags(p, at, &f);
        if (kind == 2 && !onig(p)) { /* for the rest of the group, alternatives included */
            if (f.caseless != p->f.caseless)
                put(p, out, f.caseless ? "(?i)" : "(?-i)");
            p->f = f;
            p->nesting--;
            return;
        }
        if (kind == 2) { /* a group of its own up to the end of the enclosing one */
            open_flags(p, out, &saved, &f);
            p->f = f;
            p->last_literal = 0;
            parse_alternatives(p, out);
            put(p, out, ")");
            p->f = saved;
            p->nesting--;
            return;
        }
        open_flags(p, out, &saved, &f);
        p->f = f;
    } else if (onig(p) && p->named_groups) {
        put(p, out, "(?:");
    } else {
        put(p, out, "(");
        p->n_groups++;
    }
body:
    parse_alternatives(p, out);
    close_group(p, out, at);
    p->f = saved;
    p->last_literal = 0;
    p->nesting--;
}

/* {n}, {n,}, {n,m} and, in Oniguruma, {,m}.  False: not an interval. */
static bool take_interval(parser *p, char *buf, size_t size, bool *fixed)
{
    size_t i = p->pos + 1, digits = 0;
    char lo[8] = "", hi[8] = "";
    bool comma = false;

    for (; i < p->len && p->text[i] >= '0' && p->text[i] <= '9' && digits < 6; i++)
        lo[digits++] = p->text[i];
    if (i < p->len && p->text[i] == ',') {
        comma = true;
        size_t k = 0;
        for (i++; i < p->len && p->text[i] >= '0' && p->text[i] <= '9' && k < 6; i++)
            hi[k++] = p->text[i];
        if (digits == 0 && (!onig(p) || k == 0))
            return false;
    } else if (digits == 0) {
        return false;
    }
    if (i >= p->len || p->text[i] != '}')
        return false;
    p->pos = i + 1;
    snprintf(buf, size, "{%s%s%s}", *lo ? lo : "0", comma ? "," : "", hi);
    *fixed = !comma;
    return true;
}

static void skip_extended(parser *p)
{
    while (p->f.extended && more(p)) {
        char c = peek(p);
        if (c == ' ' || (c >= '\t' && c <= '\r'))
            p->pos++;
        else if (c == '#')
            while (more(p) && p->text[p->pos++] != '\n') { }
        else
            break;
    }
}

/* Quantifiers behind the atom emitted since `from`. */
static void parse_quantifiers(parser *p, bmx_buf *out, size_t from)
{
    for (bool first = true; more(p); first = false) {
        size_t at = p->pos;
        char q[24];
        bool interval = false, fixed = false;

        skip_extended(p);
        char c = peek(p);
        if (p->pos < p->len && (c == '*' || c == '+' || c == '?')) {
            q[0] = c, q[1] = '\0';
            p->pos++;
        } else if (c == '{' && p->pos < p->len && take_interval(p, q, sizeof q, &fixed)) {
            interval = true;
        } else {
            if (c == '{' && p->pos < p->len && !onig(p))
                refuse(p, p->pos, "a brace");
            return;
        }
        p->last_literal = 0;
        if (!first) {
            if (!onig(p))
                refuse(p, at, "a quantifier of a quantifier");
            wrap(p, out, from);
        }
        put(p, out, q);
        if (peek(p) == '?' && p->pos < p->len) {
            p->pos++;
            if (onig(p) && fixed) { /* x{n}? is (?:x{n})? there */
                wrap(p, out, from);
                put(p, out, "?");
            } else {
                put(p, out, "?");
            }
        } else if (peek(p) == '+' && p->pos < p->len && !(onig(p) && interval)) {
            p->pos++;
            put(p, out, "+");
        }
    }
}

static void parse_atom(parser *p, bmx_buf *out)
{
    size_t at = p->pos;
    set s = { 0 };
    uint32_t cp = take_char(p);

    switch (cp) {
    case '\\': parse_escape(p, out, at); return;
    case '(': parse_group(p, out, at); return;
    case '[':
        p->last_literal = 0;
        parse_class(p, &s);
        put_whole_set(p, out, &s);
        return;
    case '.':
        p->last_literal = 0;
        put(p, out, p->f.dotall ? "(?s:.)" : "[^\\x{a}]");
        return;
    case '^':
        p->last_literal = 0;
        if (onig(p)) /* at the start of every line but an empty last one */
            put(p, out, "(?:\\A|(?<=\\x{a})(?!\\z))");
        else
            put(p, out, p->f.multiline ? "(?:\\A|(?<=\\x{a}))" : "\\A");
        return;
    case '$':
        p->last_literal = 0;
        put(p, out, onig(p) || p->f.multiline ? "(?=\\x{a}|\\z)" : "\\z");
        return;
    case '*': case '+': case '?': refuse(p, at, "a quantifier of nothing"); return;
    case '{':
        if (!onig(p)) {
            refuse(p, at, "a brace");
            return;
        }
        break;
    default: break;
    }
    check_caseless(p, cp, at);
    put_char(p, out, cp);
}

static void parse_alternatives(parser *p, bmx_buf *out)
{
    while (skip_extended(p), more(p) && peek(p) != ')') {
        if (accept(p, "|")) {
            p->last_literal = 0;
            put(p, out, "|");
            continue;
        }
        size_t from = out->len;
        parse_atom(p, out);
        parse_quantifiers(p, out, from);
    }
}

static bool has_named_groups(const char *s, size_t n)
{
    for (size_t i = 0; i + 3 < n; i++) {
        if (s[i] == '\\')
            i++;
        else if (!memcmp(s + i, "(?<", 3) && s[i + 3] != '=' && s[i + 3] != '!')
            return true;
        else if (!memcmp(s + i, "(?P<", 4))
            return true;
    }
    return false;
}

static bpemix_status translate(const bmx_pattern *pattern, bmx_buf *out, bpemix_error *err)
{
    parser p = { .text = pattern->text, .len = pattern->len, .flavor = pattern->flavor, .err = err };

    if (!pattern->is_regex) {
        while (more(&p))
            put_char(&p, out, take_char(&p));
        put(&p, out, "");
        return p.st;
    }
    p.named_groups = has_named_groups(p.text, p.len);
    parse_alternatives(&p, out);
    if (!p.st && p.pos < p.len)
        refuse(&p, p.pos, "an unmatched parenthesis");
    return p.st;
}

/* ---- compiled patterns -------------------------------------------------- */

struct bmx_regex {
    pcre2_code *code;
    bool jit;
};

static void *lib_malloc(PCRE2_SIZE n, void *ctx)
{
    (void)ctx;
    return bmx_malloc(n, 1);
}

static void lib_free(void *p, void *ctx)
{
    (void)ctx;
    bmx_free(p);
}

bpemix_status bmx_regex_new(const bmx_pattern *pattern, bool jit, bmx_regex **out,
                            bpemix_error *err)
{
    bpemix_status st = BPEMIX_E_NOMEM;
    int code = 0;
    size_t at = 0;
    pcre2_general_context *general = NULL;
    pcre2_compile_context *ctx = NULL;
    bmx_buf translation = { 0 };
    bmx_regex *re;

    if (!bmx_utf8_valid(bmx_slice_of(pattern->text, pattern->len)))
        return bmx_fail(err, BPEMIX_E_FORMAT, "pattern", "byte %zu is not UTF-8",
                        bmx_utf8_valid_prefix(bmx_slice_of(pattern->text, pattern->len)));
    re = bmx_calloc(1, sizeof *re);
    if (!re)
        return bmx_nomem(err);
    st = translate(pattern, &translation, err);
    if (st)
        goto done;
    general = pcre2_general_context_create(lib_malloc, lib_free, NULL);
    ctx = general ? pcre2_compile_context_create(general) : NULL;
    if (!ctx) {
        st = bmx_nomem(err);
        goto done;
    }
    pcre2_set_newline(ctx, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(ctx, PCRE2_BSR_UNICODE);
    re->code = compile(translation.len ? translation.ptr : "", translation.len, ctx, &code, &at);
    if (!re->code && code == PCRE2_ERROR_HEAP_FAILED) {
        st = bmx_nomem(err);
        goto done;
    }
    if (!re->code) {
        char text[128] = "";
        pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof text);
        st = bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "pattern",
                           "name a pre-tokenizer that splits the same way",
                           "PCRE2 does not take it: %s (at byte %zu of its translation)", text, at);
        goto done;
    }
    /* Without memory for it, or where the system forbids it, the interpreter serves. */
    re->jit = jit && pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) == 0;
done:
    bmx_buf_release(&translation);
    pcre2_compile_context_free(ctx);
    pcre2_general_context_free(general);
    if (st)
        bmx_regex_free(re);
    else
        *out = re;
    return st;
}

void bmx_regex_free(bmx_regex *re)
{
    if (!re)
        return;
    pcre2_code_free(re->code);
    bmx_free(re);
}

/* ---- matching ----------------------------------------------------------- */

#define JIT_STACK_START ((size_t)64 << 10)
#define JIT_STACK_MAX ((size_t)64 << 20) /* address space; pages are touched only when needed */
#define MATCH_LIMIT 400000000u           /* seconds, not hours, on a pattern that explodes */
#define HEAP_LIMIT_KIB (1u << 20)

struct bmx_regex_state {
    pcre2_general_context *general;
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
};

bpemix_status bmx_regex_state_new(bmx_regex_state **out, bpemix_error *err)
{
    bmx_regex_state *s = bmx_calloc(1, sizeof *s);

    if (!s)
        return bmx_nomem(err);
    s->general = pcre2_general_context_create(lib_malloc, lib_free, NULL);
    if (s->general) {
        s->context = pcre2_match_context_create(s->general);
        s->data = pcre2_match_data_create(1, s->general);
    }
    if (!s->context || !s->data) {
        bmx_regex_state_free(s);
        return bmx_nomem(err);
    }
    s->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, s->general);
    if (s->stack)
        pcre2_jit_stack_assign(s->context, NULL, s->stack);
    pcre2_set_match_limit(s->context, MATCH_LIMIT);
    pcre2_set_depth_limit(s->context, UINT32_MAX);
    pcre2_set_heap_limit(s->context, HEAP_LIMIT_KIB);
    *out = s;
    return BPEMIX_OK;
}

void bmx_regex_state_free(bmx_regex_state *s)
{
    if (!s)
        return;
    pcre2_jit_stack_free(s->stack);
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    pcre2_general_context_free(s->general);
    bmx_free(s);
}

static bpemix_status match_failure(int rc, size_t pos, bpemix_error *err)
{
    char text[128] = "";

    if (rc == PCRE2_ERROR_NOMEMORY)
        return bmx_nomem(err);
    pcre2_get_error_message(rc, (PCRE2_UCHAR *)text, sizeof text);
    bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "split the text into shorter lines or documents",
                  "matching the pre-tokenizer's pattern gave up at byte %zu: %s", pos, text);
    if (err)
        err->offset = (int64_t)pos;
    return BPEMIX_E_UNSUPPORTED;
}

static int run(const bmx_regex *re, bmx_regex_state *s, bmx_slice text, size_t pos)
{
    PCRE2_SPTR p = (PCRE2_SPTR)text.ptr;
    int rc = PCRE2_ERROR_JIT_STACKLIMIT;

    /* The fast path of pcre2_jit_match() checks nothing: text is well-formed
     * and pos a character boundary inside it. */
    if (re->jit)
        rc = pcre2_jit_match(re->code, p, text.len, pos, PCRE2_NO_UTF_CHECK, s->data, s->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(re->code, p, text.len, pos, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, s->data,
                         s->context);
    return rc;
}

static size_t next_char(bmx_slice text, size_t pos)
{
    for (pos++; pos < text.len && ((unsigned char)text.ptr[pos] & 0xc0) == 0x80;)
        pos++;
    return pos;
}

bpemix_status bmx_regex_next(const bmx_regex *re, bmx_regex_state *s, bmx_slice text,
                             bmx_regex_cursor *c, bool *found, size_t *start, size_t *end,
                             bpemix_error *err)
{
    while (c->pos <= text.len) {
        int rc = run(re, s, text, c->pos);
        const PCRE2_SIZE *o = pcre2_get_ovector_pointer(s->data);

        if (rc == PCRE2_ERROR_NOMATCH)
            break;
        if (rc < 0)
            return match_failure(rc, c->pos, err);
        if (o[0] == o[1] && c->any && o[1] == c->last_end) {
            c->pos = next_char(text, c->pos); /* else it would be found for ever */
            continue;
        }
        c->pos = c->last_end = o[1];
        c->any = true;
        *start = o[0];
        *end = o[1];
        *found = true;
        return BPEMIX_OK;
    }
    c->pos = text.len + 1;
    *found = false;
    return BPEMIX_OK;
}

static const char *config_text(uint32_t what, char buf[64])
{
    pcre2_config(what, buf); /* "10.42 2022-12-11", "14.0.0" */
    buf[strcspn(buf, " ")] = '\0';
    return buf;
}

const char *bmx_regex_library_version(void)
{
    static _Thread_local char version[64];
    return config_text(PCRE2_CONFIG_VERSION, version);
}

const char *bmx_regex_unicode_version(void)
{
    static _Thread_local char version[64];
    return config_text(PCRE2_CONFIG_UNICODE_VERSION, version);
}
