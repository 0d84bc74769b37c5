/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex_translate.c - Oniguruma and fancy-regex patterns become PCRE2's. */
#include "base/assert.h"
#include "base/format.h"
#include "split/regex_parse.h"
#include "base/utf8.h"
#include "split/regex.h"

#include <string.h>

/* ---- atoms, groups, quantifiers -- */

static void parse_alternatives(bmx_rx_parser *p, bmx_buf *out);

static void put_word_boundary(bmx_rx_parser *p, bmx_buf *out, bool boundary)
{
    const char *w = bmx_rx_onig(p) ? WORD_ONIG : WORD_RUST;

    bmx_rx_put(p, out, "(?:(?<=[");
    bmx_rx_put(p, out, w);
    bmx_rx_put(p, out, boundary ? "])(?![" : "])(?=[");
    bmx_rx_put(p, out, w);
    bmx_rx_put(p, out, "])|(?<![");
    bmx_rx_put(p, out, w);
    bmx_rx_put(p, out, boundary ? "])(?=[" : "])(?![");
    bmx_rx_put(p, out, w);
    bmx_rx_put(p, out, "]))");
}

static void put_whole_set(bmx_rx_parser *p, bmx_buf *out, bmx_rx_set *s)
{
    bool flat;
    size_t from = out->len;

    if (!p->st)
        bmx_rx_put_set(p, out, s, &flat);
    /* A single negated class is written without a group, which PCRE2 repeats much faster. */
    if (!p->st && !flat &&
        !(out->len > from + 2 && !memcmp(out->ptr + from, "[^", 2) &&
          (char *)memchr(out->ptr + from, ']', out->len - from) == out->ptr + out->len - 1))
        bmx_rx_wrap(p, out, from); /* R3 */
    bmx_rx_set_release(s);
}

/* \... outside a class; p->pos is behind the backslash. */
static void parse_escape(bmx_rx_parser *p, bmx_buf *out, size_t at)
{
    bmx_rx_set s = { 0 };
    uint32_t cp;
    char c = bmx_rx_peek(p);

    if (p->pos >= p->len) {
        bmx_rx_refuse(p, at, "a trailing backslash");
        return;
    }
    if (bmx_rx_take_shorthand(p, &s, at, false)) {
        p->last_literal = 0;
        put_whole_set(p, out, &s);
        return;
    }
    if (bmx_rx_take_escaped_char(p, at, false, &cp)) {
        bmx_rx_check_caseless(p, cp, at);
        bmx_rx_put_char(p, out, cp);
        return;
    }
    p->last_literal = 0;
    p->pos++;
    switch (c) {
    case 'b': put_word_boundary(p, out, true); return;
    case 'B': put_word_boundary(p, out, false); return;
    case 'A': bmx_rx_put(p, out, "\\A"); return;
    case 'z': bmx_rx_put(p, out, "\\z"); return;
    case 'Z': bmx_rx_put(p, out, bmx_rx_onig(p) ? "(?=\\x{a}?\\z)" : "(?=\\x{a}*\\z)"); return;
    default: break;
    }
    if (bmx_rx_onig(p)) {
        switch (c) {
        case 'G': bmx_rx_put(p, out, "\\G"); return;
        case 'R':
            bmx_rx_put(p, out, "(?>\\x{d}\\x{a}|[\\x{a}-\\x{d}\\x{85}\\x{2028}\\x{2029}])");
            return;
        case 'N': bmx_rx_put(p, out, "[^\\x{a}]"); return;
        case 'O': bmx_rx_put(p, out, "(?s:.)"); return;
        default: break;
        }
    }
    if (c >= '1' && c <= '9' && !p->named_groups &&
        !(bmx_rx_peek(p) >= '0' && bmx_rx_peek(p) <= '9') && (unsigned)(c - '0') <= p->n_groups) {
        char ref[8];
        bmx_snprintf(ref, sizeof ref, "\\g{%c}", c);
        bmx_rx_put(p, out, ref);
        return;
    }
    if (c == 'k' && bmx_rx_peek(p) == '<') {
        size_t end = p->pos + 1;
        while (end < p->len && p->text[end] != '>' && p->text[end] != '-' && p->text[end] != '+')
            end++;
        if (end < p->len && p->text[end] == '>' &&
            !(p->text[p->pos + 1] >= '0' && p->text[p->pos + 1] <= '9')) {
            bmx_rx_put(p, out, "\\k");
            bmx_rx_put_n(p, out, p->text + p->pos, end + 1 - p->pos);
            p->pos = end + 1;
            return;
        }
    }
    bmx_rx_refuse(p, at, "an escape");
}

/* Flags behind "(?": 1 for "(?i:", 2 for "(?i)", 0 when refused. */
static int parse_flags(bmx_rx_parser *p, size_t at, bmx_rx_flags *f)
{
    bool on = true;

    for (*f = p->f; bmx_rx_more(p);) {
        char c = p->text[p->pos++];
        switch (c) {
        case 'i': f->caseless = on; break;
        case 'x': f->extended = on; break;
        case 'm': *(bmx_rx_onig(p) ? &f->dotall : &f->multiline) = on; break;
        case 's':
            if (bmx_rx_onig(p))
                goto bad;
            f->dotall = on;
            break;
        case 'u':
            if (bmx_rx_onig(p) || !on)
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
    bmx_rx_refuse(p, at, "a group option");
    return 0;
}

static void open_flags(bmx_rx_parser *p, bmx_buf *out, const bmx_rx_flags *from,
                       const bmx_rx_flags *to)
{
    bmx_rx_put(p, out, to->caseless == from->caseless ? "(?:" : to->caseless ? "(?i:" : "(?-i:");
}

static void close_group(bmx_rx_parser *p, bmx_buf *out, size_t at)
{
    if (!p->st && !bmx_rx_accept(p, ")"))
        bmx_rx_refuse(p, at, "a group without an end");
    bmx_rx_put(p, out, ")");
}

/* The rest of the comment "(?#", which becomes an empty group. */
static void take_comment(bmx_rx_parser *p, bmx_buf *out, size_t at)
{
    while (bmx_rx_more(p) && bmx_rx_peek(p) != ')')
        p->pos += bmx_rx_peek(p) == '\\' && bmx_rx_onig(p) ? 2 : 1;
    if (p->pos > p->len)
        p->pos = p->len;
    bmx_rx_put(p, out, "(?:");
    close_group(p, out, at);
}

/* "?<NAME>" or, in Rust, "?P<NAME>". */
static void take_name(bmx_rx_parser *p, bmx_buf *out, size_t at)
{
    size_t from = p->pos += bmx_rx_at_str(p, "?P<") ? 3 : 2;

    while (bmx_rx_more(p) && bmx_rx_peek(p) != '>')
        p->pos++;
    bmx_rx_put(p, out, "(?<");
    bmx_rx_put_n(p, out, p->text + from, p->pos - from);
    if (!bmx_rx_accept(p, ">"))
        bmx_rx_refuse(p, at, "a group name");
    bmx_rx_put(p, out, ">");
    p->n_groups++;
}

static void parse_group(bmx_rx_parser *p, bmx_buf *out, size_t at)
{
    bmx_rx_flags saved = p->f, f;
    static const char *const plain[] = { "?:", "?=", "?!", "?<=", "?<!", "?>" };

    p->last_literal = 0;
    if (++p->nesting > MAX_NESTING) {
        bmx_rx_refuse(p, at, "so deep a nesting");
        return;
    }
    if (bmx_rx_peek(p) == '*') {
        bmx_rx_refuse(p, at, "a verb or callout");
        return;
    }
    if (bmx_rx_accept(p, "?#")) {
        take_comment(p, out, at);
        p->nesting--;
        return;
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (bmx_rx_accept(p, plain[i])) {
            bmx_rx_put(p, out, "(");
            bmx_rx_put(p, out, plain[i]);
            goto body;
        }
    if (bmx_rx_at_str(p, "?<") || (!bmx_rx_onig(p) && bmx_rx_at_str(p, "?P<"))) {
        take_name(p, out, at);
    } else if (bmx_rx_accept(p, "?")) {
        int kind = parse_flags(p, at, &f);
        if (kind == 2 && !bmx_rx_onig(p)) { /* for the rest of the group, alternatives included */
            if (f.caseless != p->f.caseless)
                bmx_rx_put(p, out, f.caseless ? "(?i)" : "(?-i)");
            p->f = f;
            p->nesting--;
            return;
        }
        if (kind == 2) { /* a group of its own up to the end of the enclosing one */
            open_flags(p, out, &saved, &f);
            p->f = f;
            p->last_literal = 0;
            parse_alternatives(p, out);
            bmx_rx_put(p, out, ")");
            p->f = saved;
            p->nesting--;
            return;
        }
        open_flags(p, out, &saved, &f);
        p->f = f;
    } else if (bmx_rx_onig(p) && p->named_groups) {
        bmx_rx_put(p, out, "(?:");
    } else {
        bmx_rx_put(p, out, "(");
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
static bool take_interval(bmx_rx_parser *p, char *buf, size_t size, bool *fixed)
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
        if (digits == 0 && (!bmx_rx_onig(p) || k == 0))
            return false;
    } else if (digits == 0) {
        return false;
    }
    if (i >= p->len || p->text[i] != '}')
        return false;
    p->pos = i + 1;
    bmx_snprintf(buf, size, "{%s%s%s}", *lo ? lo : "0", comma ? "," : "", hi);
    *fixed = !comma;
    return true;
}

static void skip_extended(bmx_rx_parser *p)
{
    while (p->f.extended && bmx_rx_more(p)) {
        char c = bmx_rx_peek(p);
        if (c == ' ' || (c >= '\t' && c <= '\r'))
            p->pos++;
        else if (c == '#')
            while (bmx_rx_more(p) && p->text[p->pos++] != '\n') { }
        else
            break;
    }
}

/* Quantifiers behind the atom emitted since `from`. */
static void parse_quantifiers(bmx_rx_parser *p, bmx_buf *out, size_t from)
{
    for (bool first = true; bmx_rx_more(p); first = false) {
        size_t at = p->pos;
        char q[24];
        bool interval = false, fixed = false;

        skip_extended(p);
        char c = bmx_rx_peek(p);
        if (p->pos < p->len && (c == '*' || c == '+' || c == '?')) {
            q[0] = c, q[1] = '\0';
            p->pos++;
        } else if (c == '{' && p->pos < p->len && take_interval(p, q, sizeof q, &fixed)) {
            interval = true;
        } else {
            if (c == '{' && p->pos < p->len && !bmx_rx_onig(p))
                bmx_rx_refuse(p, p->pos, "a brace");
            return;
        }
        p->last_literal = 0;
        if (!first) {
            if (!bmx_rx_onig(p))
                bmx_rx_refuse(p, at, "a quantifier of a quantifier");
            bmx_rx_wrap(p, out, from);
        }
        bmx_rx_put(p, out, q);
        if (bmx_rx_peek(p) == '?' && p->pos < p->len) {
            p->pos++;
            if (bmx_rx_onig(p) && fixed) { /* x{n}? is (?:x{n})? there */
                bmx_rx_wrap(p, out, from);
                bmx_rx_put(p, out, "?");
            } else {
                bmx_rx_put(p, out, "?");
            }
        } else if (bmx_rx_peek(p) == '+' && p->pos < p->len && !(bmx_rx_onig(p) && interval)) {
            p->pos++;
            bmx_rx_put(p, out, "+");
        }
    }
}

static void parse_atom(bmx_rx_parser *p, bmx_buf *out)
{
    size_t at = p->pos;
    bmx_rx_set s = { 0 };
    uint32_t cp = bmx_rx_take_char(p);

    switch (cp) {
    case '\\': parse_escape(p, out, at); return;
    case '(': parse_group(p, out, at); return;
    case '[':
        p->last_literal = 0;
        bmx_rx_parse_class(p, &s);
        put_whole_set(p, out, &s);
        return;
    case '.':
        p->last_literal = 0;
        bmx_rx_put(p, out, p->f.dotall ? "(?s:.)" : "[^\\x{a}]");
        return;
    case '^':
        p->last_literal = 0;
        if (bmx_rx_onig(p)) /* matches at the start of every line, except an empty last one */
            bmx_rx_put(p, out, "(?:\\A|(?<=\\x{a})(?!\\z))");
        else
            bmx_rx_put(p, out, p->f.multiline ? "(?:\\A|(?<=\\x{a}))" : "\\A");
        return;
    case '$':
        p->last_literal = 0;
        bmx_rx_put(p, out, bmx_rx_onig(p) || p->f.multiline ? "(?=\\x{a}|\\z)" : "\\z");
        return;
    case '*': case '+': case '?': bmx_rx_refuse(p, at,
                                                "a quantifier with nothing before it"); return;
    case '{':
        if (!bmx_rx_onig(p)) {
            bmx_rx_refuse(p, at, "a brace");
            return;
        }
        break;
    default: break;
    }
    bmx_rx_check_caseless(p, cp, at);
    bmx_rx_put_char(p, out, cp);
}

static void parse_alternatives(bmx_rx_parser *p, bmx_buf *out)
{
    while (skip_extended(p), bmx_rx_more(p) && bmx_rx_peek(p) != ')') {
        if (bmx_rx_accept(p, "|")) {
            p->last_literal = 0;
            bmx_rx_put(p, out, "|");
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

#ifdef BMX_CHECKED
#define PATTERN_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
                           "_[]^-|?*+{},():=!<>."

/* R1, R2 and R4 of what was written for a pattern with so many capturing groups. */
static bool keeps_rules(bmx_slice out, unsigned n_groups)
{
    unsigned groups = 0;

    for (size_t i = 0; i < out.len; i++) {
        const char *s = out.ptr + i, *end;
        size_t left = out.len - i;
        bool named = left > 3 && !memcmp(s, "(?<", 3) && s[3] != '=' && s[3] != '!';

        if (named || (left > 3 && !memcmp(s, "\\k<", 3))) { /* of any characters */
            groups += named;
            if (!(end = memchr(s, '>', left)))
                return false;
            i = (size_t)(end - out.ptr);
        } else if (*s == '\\') {
            if (left < 2 || !memchr("pPxAzGg", s[1], 7))
                return false;
            i++;
        } else {
            groups += *s == '(' && (left < 2 || s[1] != '?');
            if ((*s == '.' && (i < 4 || memcmp(s - 4, "(?s:", 4))) ||
                (*s == '^' && (!i || s[-1] != '[')) ||
                !memchr(PATTERN_CHARACTERS, *s, sizeof PATTERN_CHARACTERS - 1))
                return false;
        }
    }
    return groups == n_groups;
}
#endif

/* The pattern in PCRE2's syntax, into out, which is empty. */
static bpemix_status translate(const bmx_pattern *pattern, bmx_buf *out, bmx_regex_aheads *aheads,
                               bpemix_error *err)
{
    bmx_rx_parser p = {
        .text = pattern->text, .len = pattern->len, .flavor = pattern->flavor, .err = err
    };

    if (!pattern->is_regex) {
        while (bmx_rx_more(&p))
            bmx_rx_put_char(&p, out, bmx_rx_take_char(&p));
        bmx_rx_put(&p, out, "");
        return p.st;
    }
    p.named_groups = has_named_groups(p.text, p.len);
    parse_alternatives(&p, out);
    if (!p.st && p.pos < p.len)
        bmx_rx_refuse(&p, p.pos, "an unmatched parenthesis");
    bmx_rx_mend_runs(&p, out, aheads);
    BMX_ASSERT(p.st || keeps_rules(bmx_slice_of(out->ptr, out->len), p.n_groups));
    return p.st;
}

bpemix_status bmx_regex_new(const bmx_pattern *pattern, bool jit, bmx_regex **out,
                            bpemix_error *err)
{
    bmx_slice text = bmx_slice_of(pattern->text, pattern->len);
    bmx_buf translation = { 0 };
    bmx_regex_aheads aheads = { 0 };
    bpemix_status st;

    if (!bmx_utf8_valid(text))
        return bmx_fail(err, BPEMIX_E_FORMAT, "pattern", "byte %zu is not UTF-8",
                        bmx_utf8_valid_prefix(text));
    if (!(st = translate(pattern, &translation, &aheads, err)))
        st = bmx_regex_compile(bmx_slice_of(translation.ptr, translation.len), &aheads, jit, out,
                               err);
    bmx_buf_release(&translation);
    bmx_buf_release(&aheads.source);
    return st;
}
