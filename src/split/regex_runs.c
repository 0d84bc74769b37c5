/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex_runs.c - patterns that would go through a run of characters once for each of its
 * characters.
 *
 * PCRE2 searches by trying one start after the other and remembers nothing of those that failed.
 * Two kinds of pattern make it look through the rest of a long run at each of its characters, so
 * that 1 MB of digits or spaces takes minutes or hours:
 *
 *   X+TAIL            the whole pattern; for example \s+$
 *   (?=(X{3})+TAIL)   a look-ahead that repeats; for example (?=(\d{3})+(?!\d)), which groups
 *                     digits by thousands
 *
 * Here they are rewritten, after translation (regex_parse.h, whose rules make the constructs easy
 * to recognize), so that they match the same in linear time.  What is not recognized stays as it
 * is.  Back-references tie parts of a pattern together: a pattern that has one is left alone. */
#include "base/format.h"
#include "split/regex_parse.h"

#include <string.h>

/* Rounds that the pattern itself tries before it asks regex.c, which is slower for short runs. */
#define OWN_ROUNDS 2

static bmx_slice rest_of(bmx_slice s, size_t from)
{
    return bmx_slice_of(s.ptr + from, s.len - from);
}

static bool starts(bmx_slice s, const char *with)
{
    size_t n = strlen(with);
    return s.len >= n && !memcmp(s.ptr, with, n);
}

/* Length up to and including the first c. */
static size_t up_to(bmx_slice s, char c)
{
    const char *end = memchr(s.ptr, c, s.len);
    return end ? (size_t)(end + 1 - s.ptr) : s.len;
}

/* Length of the escape, class or single character of the translation that s starts with. */
static size_t one(bmx_slice s)
{
    if (s.ptr[0] == '[')
        return up_to(s, ']');
    if (s.ptr[0] != '\\' || s.len < 3)
        return s.ptr[0] == '\\' ? s.len : 1;
    return s.ptr[1] == 'k' ? up_to(s, '>') : s.ptr[2] == '{' ? up_to(s, '}') : 2;
}

/* Length of the expression for exactly one character that s starts with, 0: something else. */
static size_t unit(bmx_slice s)
{
    char c = s.len ? s.ptr[0] : '\0';

    if (c == '[' || (c == '\\' && s.len > 3 && memchr("xpP", s.ptr[1], 3) && s.ptr[2] == '{'))
        return one(s);
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool captures(bmx_slice s)
{
    return starts(s, "(") &&
           (!starts(s, "(?") || (starts(s, "(?<") && !starts(s, "(?<=") && !starts(s, "(?<!")));
}

/* Length of s up to the end of the group that it is inside of.  *plain: it is no list of
 * alternatives, and means the same at its place in the text whatever was matched before. */
static size_t tail(bmx_slice s, bool *plain)
{
    size_t depth = 0, i = 0;

    for (*plain = true; i < s.len && (s.ptr[i] != ')' || depth); i += one(rest_of(s, i))) {
        bmx_slice at = rest_of(s, i);

        depth += s.ptr[i] == '(';
        depth -= s.ptr[i] == ')';
        *plain &= !(s.ptr[i] == '|' && !depth) && !captures(at) && !starts(at, "\\G");
    }
    return i;
}

static bool has(bmx_slice s, const char *what)
{
    return s.len && memmem(s.ptr, s.len, what, strlen(what));
}

/* X+TAIL or X*TAIL: a match that begins inside of a run of X, where the search did not, could as
 * well begin at the character before, because TAIL asks for something at the end of what was
 * matched and not at its start.  So only the first character of a run is tried. */
static void guard_run(bmx_rx_parser *p, bmx_buf *out)
{
    bmx_slice s = bmx_slice_of(out->ptr, out->len);
    size_t n = unit(s), quantifier = n + 1;
    bool plain;
    bmx_buf run = { 0 };

    if (!n || n + 1 >= s.len || (s.ptr[n] != '+' && s.ptr[n] != '*'))
        return;
    quantifier += s.ptr[n + 1] == '?' || s.ptr[n + 1] == '+';
    if (quantifier == s.len || tail(rest_of(s, quantifier), &plain) + quantifier < s.len || !plain)
        return;
    run = *out;
    *out = (bmx_buf){ 0 };
    bmx_rx_put(p, out, "(?:(?<!");
    bmx_rx_put_n(p, out, run.ptr, n);
    bmx_rx_put(p, out, ")|\\G)");
    bmx_rx_put_buf(p, out, &run);
    bmx_buf_release(&run);
}

/* A look-ahead over rounds of one unit. */
typedef struct ahead {
    bmx_regex_ahead is;
    bmx_slice round; /* as it was written */
    bool any;        /* no round will do, too */
    size_t len;      /* up to the parenthesis that closes the look-ahead */
} ahead;

/* {n}, and its value; 1 when s starts with something else, 0 for other intervals. */
static unsigned times(bmx_slice s, size_t *len)
{
    unsigned n = 0;

    *len = 0;
    if (!starts(s, "{"))
        return 1;
    for (size_t i = 1; i < s.len && i < 4; i++) {
        if (s.ptr[i] == '}') {
            *len = i + 1;
            return n;
        }
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            break;
        n = n * 10 + (unsigned)(s.ptr[i] - '0');
    }
    return 0;
}

/* What is behind "(?=" or "(?!". */
static bool parse_ahead(bmx_slice s, ahead *a)
{
    size_t from = starts(s, "(?:") ? 3 : captures(s) && !starts(s, "(?<") ? 1 : 0, at = from, n;
    bool plain;

    *a = (ahead){ 0 };
    do {
        if (!(n = unit(rest_of(s, at))))
            return false;
        if (a->is.unit.len && !bmx_slice_eq(a->is.unit, bmx_slice_of(s.ptr + at, n)))
            return false;
        a->is.unit = bmx_slice_of(s.ptr + at, n);
        at += n;
        unsigned k = from ? times(rest_of(s, at), &n) : 1;
        if (!k)
            return false;
        at += from ? n : 0;
        a->is.length += k;
    } while (from && at < s.len && s.ptr[at] != ')');
    at += from ? 1 : 0;
    if (at >= s.len || a->is.length > BMX_AHEAD_LENGTH || (s.ptr[at] != '+' && s.ptr[at] != '*'))
        return false;
    a->round = bmx_slice_of(s.ptr, at);
    a->any = s.ptr[at++] == '*';
    at += at < s.len && s.ptr[at] == '?'; /* fewest rounds first: whether there are some is all
                                             that a look-ahead tells */
    if (at >= s.len || memchr("+*?{", s.ptr[at], 4))
        return false;
    n = tail(rest_of(s, at), &plain);
    a->is.tail = bmx_slice_of(s.ptr + at, n);
    a->len = at + n;
    return plain && a->len < s.len;
}

/* A round, or none, and then whether more of them come to a good end. */
static void put_ahead(bmx_rx_parser *p, bmx_buf *out, const ahead *a, size_t number)
{
    char text[16];

    if (a->any) {
        bmx_rx_put_n(p, out, a->is.tail.ptr, a->is.tail.len);
        bmx_rx_put(p, out, "|");
    }
    bmx_rx_put_n(p, out, a->round.ptr, a->round.len);
    for (int i = 0; i < OWN_ROUNDS; i++) {
        bmx_rx_put(p, out, "(?:");
        bmx_rx_put_n(p, out, a->is.tail.ptr, a->is.tail.len);
        bmx_rx_put(p, out, "|");
        bmx_rx_put_n(p, out, a->is.unit.ptr, a->is.unit.len);
        bmx_snprintf(text, sizeof text, "{%u}", a->is.length);
        bmx_rx_put(p, out, text);
    }
    bmx_snprintf(text, sizeof text, "(?C%zu)", number);
    bmx_rx_put(p, out, text);
    for (int i = 0; i < OWN_ROUNDS; i++)
        bmx_rx_put(p, out, ")");
}

/* Does the group that s starts with set whether case counts?  -1: it does not; 2: for what is
 * behind it. */
static int caseless(bmx_slice s)
{
    if (starts(s, "(?i)") || starts(s, "(?-i)"))
        return 2;
    return starts(s, "(?i:") ? 1 : starts(s, "(?-i:") ? 0 : -1;
}

static void mend_aheads(bmx_rx_parser *p, bmx_slice s, bmx_buf *out, bmx_regex_aheads *to)
{
    bool folds[4 * MAX_NESTING] = { false }; /* of the groups around a place */
    size_t depth = 0, n;
    ahead a;

    for (size_t i = 0; i < s.len && !p->st; i += n) {
        bmx_slice at = rest_of(s, i);
        int fold = caseless(at);

        n = one(at);
        if (to->n < BMX_AHEADS && !folds[depth] && (starts(at, "(?=") || starts(at, "(?!")) &&
            parse_ahead(rest_of(at, 3), &a)) {
            bmx_rx_put_n(p, out, at.ptr, 3);
            put_ahead(p, out, &a, to->n + 1);
            bmx_rx_put(p, out, ")");
            to->ahead[to->n++] = a.is;
            n = 3 + a.len + 1;
            continue;
        }
        if (fold == 2) {
            folds[depth] = true; /* or not: such groups are rare */
            n = up_to(at, ')');
        } else if (at.ptr[0] == '(') {
            if (depth + 1 == sizeof folds / sizeof *folds) {
                n = at.len; /* deeper than what is worth a look */
            } else {
                folds[depth + 1] = fold < 0 ? folds[depth] : fold == 1;
                depth++;
            }
        } else if (at.ptr[0] == ')' && depth) {
            depth--;
        }
        bmx_rx_put_n(p, out, at.ptr, n);
    }
}

void bmx_rx_mend_runs(bmx_rx_parser *p, bmx_buf *out, bmx_regex_aheads *to)
{
    bmx_slice s = bmx_slice_of(out->ptr, out->len);

    if (p->st || has(s, "\\g{") || has(s, "\\k<"))
        return;
    guard_run(p, out);
    s = bmx_slice_of(out->ptr, out->len);
    if (!has(s, "(?=") && !has(s, "(?!"))
        return;
    to->source = *out;
    *out = (bmx_buf){ 0 };
    mend_aheads(p, s, out, to);
}
