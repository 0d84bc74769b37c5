/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex_class.c - sets of characters: properties, shorthands, classes. */
#include "base/format.h"
#include "split/regex_parse.h"
#include "split/regex.h"

#include <string.h>

#define SPACE_ITEMS "\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}" \
                    "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}"
#define HEX_ITEMS "0-9A-Fa-f"

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

void bmx_rx_set_release(bmx_rx_set *s)
{
    bmx_buf_release(&s->items);
    bmx_buf_release(&s->alts);
}

/* Add items, or their complement. */
static void set_add(bmx_rx_parser *p, bmx_rx_set *s, const char *items, bool negated)
{
    if (!negated) {
        bmx_rx_put(p, &s->items, items);
    } else {
        bmx_rx_put(p, &s->alts, "|[^");
        bmx_rx_put(p, &s->alts, items);
        bmx_rx_put(p, &s->alts, "]");
    }
}

/* What the name in front of '=' or ':' asks for, in the syntax that has such names: "sc", "scx",
 * "gc", "" without one, "?" for another; *value: the rest. */
static const char *kind_of_property(const char *raw, const char **value)
{
    static const struct { const char *name, *kind; } kinds[] = {
        { "sc", "sc" },   { "Script", "sc" },
        { "scx", "scx" }, { "Script_Extensions", "scx" },
        { "gc", "gc" },   { "General_Category", "gc" },
    };
    size_t n = strcspn(raw, "=");

    if (!raw[n])
        n = strcspn(raw, ":");
    *value = raw[n] ? raw + n + 1 : raw;
    if (!raw[n])
        return "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].name) == n && !strncmp(raw, kinds[i].name, n))
            return kinds[i].kind;
    return "?";
}

/* \p{...}, \p{^...}, \P{...}, \pL; p->pos is behind the p. */
static void take_property(bmx_rx_parser *p, bmx_rx_set *s, size_t at, bool negated)
{
    char raw[64], name[64], item[96];
    const char *value, *kind = "";
    size_t n = 0, m = 0;

    if (bmx_rx_accept(p, "{")) {
        if (bmx_rx_accept(p, "^"))
            negated = !negated;
        while (bmx_rx_more(p) && bmx_rx_peek(p) != '}' && n + 1 < sizeof raw)
            raw[n++] = p->text[p->pos++];
        if (!bmx_rx_accept(p, "}")) {
            bmx_rx_refuse(p, at, "a property name");
            return;
        }
    } else if (!bmx_rx_onig(p) && bmx_rx_more(p)) {
        raw[n++] = p->text[p->pos++];
    }
    raw[n] = '\0';
    value = raw;
    if (!bmx_rx_onig(p))
        kind = kind_of_property(raw, &value);
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
        bmx_rx_refuse(p, at, "a cased property under (?i)");
    if (!found && !*kind) {
        const posix_name *posix = bmx_rx_onig(p) ? find_posix(name) : NULL;
        if (posix) { /* the name means something else in [[:...:]] */
            set_add(p, s,
                    !strcmp(name, "punct")  ? "\\p{P}"
                    : !strcmp(name, "word") ? WORD_ONIG
                                            : posix->onig,
                    negated);
            return;
        }
        found = find_property(binary_names, sizeof binary_names / sizeof *binary_names, name);
        if (found && p->f.caseless && (!strcmp(name, "lowercase") || !strcmp(name, "uppercase")))
            bmx_rx_refuse(p, at, "a cased property under (?i)");
    }
    if (!found && (!*kind || !strcmp(kind, "sc") || !strcmp(kind, "scx"))) {
        prefix = !strcmp(kind, "scx") ? "scx:" : "sc:";
        found = name;
        bmx_snprintf(item, sizeof item, "\\p{%s%s}", prefix, name);
        if (!bmx_regex_compiles(item))
            found = NULL;
    }
    if (!found) {
        bmx_rx_refuse(p, at, "a property");
        return;
    }
    bmx_snprintf(item, sizeof item, "\\%c{%s%s}", negated ? 'P' : 'p', prefix, found);
    bmx_rx_put(p, &s->items, item);
}

bool bmx_rx_take_shorthand(bmx_rx_parser *p, bmx_rx_set *s, size_t at, bool in_class)
{
    const char *word = !bmx_rx_onig(p) ? WORD_RUST : in_class ? WORD_CLASS_ONIG : WORD_ONIG;

    switch (bmx_rx_peek(p)) {
    case 's': bmx_rx_put(p, &s->items, SPACE_ITEMS); break;
    case 'S': bmx_rx_put(p, &s->items, "\\P{White_Space}"); break;
    case 'd': bmx_rx_put(p, &s->items, "\\p{Nd}"); break;
    case 'D': bmx_rx_put(p, &s->items, "\\P{Nd}"); break;
    case 'w': bmx_rx_put(p, &s->items, word); break;
    case 'W': set_add(p, s, word, true); break;
    case 'h': bmx_rx_put(p, &s->items, HEX_ITEMS); break;
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

void bmx_rx_put_set(bmx_rx_parser *p, bmx_buf *out, const bmx_rx_set *s, bool *flat)
{
    bool group = s->alts.len > 0 &&
                 (s->items.len > 0 || memchr(s->alts.ptr + 1, '|', s->alts.len - 1));

    *flat = s->alts.len == 0;
    if (group)
        bmx_rx_put(p, out, "(?:");
    if (s->items.len > 0) {
        bmx_rx_put(p, out, "[");
        bmx_rx_put_buf(p, out, &s->items);
        bmx_rx_put(p, out, "]");
    }
    if (s->alts.len > 0)
        bmx_rx_put_n(p, out, s->alts.ptr + (s->items.len == 0), s->alts.len - (s->items.len == 0));
    if (group)
        bmx_rx_put(p, out, ")");
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
    return (a == 's' && (b == 's' || b == 't')) ||
           (a == 'f' && (b == 'f' || b == 'i' || b == 'l')) || a == 0x2bc || b == 0x2be ||
           (b >= 0x300 && b <= 0x345) || b == 0x3b9 || b == 0x399 ||
           (a == 0x17f && (b == 's' || b == 't' || b == 0x17f)) || (a == 's' && b == 0x17f) ||
           (a >= 0x531 && a <= 0x587);
}

void bmx_rx_check_caseless(bmx_rx_parser *p, uint32_t cp, size_t at)
{
    if (p->f.caseless && bmx_rx_onig(p) &&
        (folds_to_several(cp) || (p->last_literal && part_of_a_fold(p->last_literal, cp))))
        bmx_rx_refuse(p, at, "a caseless literal that folds to several characters");
    p->last_literal = p->f.caseless ? cp : 0;
}

/* ---- classes -- */

/* [:name:] or [:^name:] at p->pos; true when taken. */
static bool take_posix(bmx_rx_parser *p, bmx_rx_set *s)
{
    size_t at = p->pos;
    char name[16];
    size_t n = 0;
    bool negated;
    const posix_name *posix;

    if (!bmx_rx_accept(p, "[:"))
        return false;
    negated = bmx_rx_accept(p, "^");
    while (bmx_rx_peek(p) >= 'a' && bmx_rx_peek(p) <= 'z' && n + 1 < sizeof name)
        name[n++] = p->text[p->pos++];
    name[n] = '\0';
    if (!bmx_rx_accept(p, ":]")) {
        p->pos = at;
        return false;
    }
    posix = find_posix(name);
    if (!posix || (p->f.caseless && (!strcmp(name, "upper") || !strcmp(name, "lower")))) {
        bmx_rx_refuse(p, at, "a POSIX class");
        return true;
    }
    set_add(p, s, bmx_rx_onig(p) ? posix->onig : posix->rust, negated);
    return true;
}

/* One member of a class: a nested class, a shorthand, a character or a range. */
static void parse_class_member(bmx_rx_parser *p, bmx_rx_set *s)
{
    size_t at = p->pos;
    uint32_t lo, hi;

    if (bmx_rx_peek(p) == '[') {
        if (take_posix(p, s))
            return;
        p->pos++;
        bmx_rx_parse_class(p, s);
        return;
    }
    if (bmx_rx_accept(p, "\\")) {
        if (bmx_rx_take_shorthand(p, s, at, true)) {
            if (bmx_rx_peek(p) == '-' && p->pos + 1 < p->len && p->text[p->pos + 1] != ']')
                bmx_rx_refuse(p, at, "a range that starts with a class");
            return;
        }
        if (!bmx_rx_take_escaped_char(p, at, true, &lo)) {
            bmx_rx_refuse(p, at, "an escape in a class");
            return;
        }
    } else {
        lo = bmx_rx_take_char(p);
    }
    hi = lo;
    if (bmx_rx_peek(p) == '-' && p->pos + 1 < p->len && p->text[p->pos + 1] != ']' &&
        p->text[p->pos + 1] != '[') {
        size_t dash = p->pos++;
        if (!bmx_rx_onig(p) && bmx_rx_peek(p) == '-') {
            bmx_rx_refuse(p, dash, "a set difference");
            return;
        }
        if (bmx_rx_accept(p, "\\")) {
            if (!bmx_rx_take_escaped_char(p, dash, true, &hi)) {
                bmx_rx_refuse(p, dash, "a range without an end");
                return;
            }
        } else {
            hi = bmx_rx_take_char(p);
        }
        if (hi < lo) {
            bmx_rx_refuse(p, at, "a range in wrong order");
            return;
        }
    }
    if (p->f.caseless && bmx_rx_onig(p) && (folds_to_several(lo) || folds_to_several(hi))) {
        bmx_rx_refuse(p, at, "a caseless class with characters that fold to several");
        return;
    }
    bmx_rx_put_char(p, &s->items, lo);
    if (hi != lo) {
        bmx_rx_put(p, &s->items, "-");
        bmx_rx_put_char(p, &s->items, hi);
    }
}

/* `a&&b` becomes "is in a, and then b"; nested negations become alternatives. */
void bmx_rx_parse_class(bmx_rx_parser *p, bmx_rx_set *into)
{
    size_t start = p->pos - 1;
    bool negated, flat = true, first = true;
    bmx_buf both = { 0 }, expr = { 0 }; /* lookaheads for all operands but the last */
    bmx_rx_set s = { 0 };

    if (++p->nesting > MAX_NESTING)
        bmx_rx_refuse(p, start, "so deep a nesting");
    negated = bmx_rx_accept(p, "^");
    for (;; first = false) {
        if (!bmx_rx_more(p)) {
            bmx_rx_refuse(p, start, "a class without an end");
            break;
        }
        if (bmx_rx_peek(p) == ']' && !first) {
            p->pos++;
            break;
        }
        if (!bmx_rx_onig(p) && p->f.extended &&
            (bmx_rx_peek(p) == ' ' || (bmx_rx_peek(p) >= '\t' && bmx_rx_peek(p) <= '\r'))) {
            p->pos++;
            continue;
        }
        if (!bmx_rx_onig(p) && (bmx_rx_at_str(p, "--") || bmx_rx_at_str(p, "~~")) && !first) {
            bmx_rx_refuse(p, p->pos, "a set operation");
            break;
        }
        if (bmx_rx_at_str(p, "&&")) {
            if (s.items.len + s.alts.len == 0) {
                bmx_rx_refuse(p, p->pos, "an intersection with an empty class");
                break;
            }
            p->pos += 2;
            bmx_rx_put(p, &both, "(?=");
            bmx_rx_put_set(p, &both, &s, &flat);
            bmx_rx_put(p, &both, ")");
            s.items.len = s.alts.len = 0;
            continue;
        }
        parse_class_member(p, &s);
    }
    if (!p->st && s.items.len + s.alts.len == 0)
        bmx_rx_refuse(p, start, "an empty class");
    bmx_rx_put_set(p, &expr, &s, &flat);
    if (p->st) {
        /* nothing to add */
    } else if (both.len > 0) {
        bmx_rx_put(p, &into->alts, negated ? "|(?!" : "|(?:");
        bmx_rx_put_buf(p, &into->alts, &both);
        bmx_rx_put_buf(p, &into->alts, &expr);
        bmx_rx_put(p, &into->alts, negated ? ")(?s:.)" : ")");
    } else if (!negated) {
        bmx_rx_put_buf(p, &into->items, &s.items);
        bmx_rx_put_buf(p, &into->alts, &s.alts);
    } else if (flat) {
        bmx_rx_put(p, &into->alts, "|[^");
        bmx_rx_put_buf(p, &into->alts, &s.items);
        bmx_rx_put(p, &into->alts, "]");
    } else {
        bmx_rx_put(p, &into->alts, "|(?!");
        bmx_rx_put_buf(p, &into->alts, &expr);
        bmx_rx_put(p, &into->alts, ")(?s:.)");
    }
    p->nesting--;
    bmx_buf_release(&both);
    bmx_buf_release(&expr);
    bmx_rx_set_release(&s);
}
