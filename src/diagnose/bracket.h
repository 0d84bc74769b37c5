/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bracket.h - the price that leads to a goal, between one that leads to less and one to more.
 *
 *     log part     0 . . . . . . * .     log(part of the goal) rises with log(price); the line
 *                        .               between two of its points meets 0 near the price looked
 *                    *                   for.  Where one of them stays, its part is halved, which
 *                    below      above    brings the line to its other side
 *
 * This is the rule of false position with the Illinois change (Dowell and Jarratt, "A modified
 * regula falsi method for computing the root of an equation", BIT 11, 1971). */
#ifndef BMX_DIAGNOSE_BRACKET_H
#define BMX_DIAGNOSE_BRACKET_H

typedef struct bmx_bracket {
    double below, above;           /* prices; 0, INFINITY: not known */
    double log_below, log_above;   /* log(part) there; INFINITY: there was no solution */
    double power, last, last_part; /* the part rises by about this power of the price */
    int side;                      /* which of them moved last, -1 or 1 */
} bmx_bracket;

/* Nothing is known but that the part rises by about this power. */
void bmx_bracket_begin(bmx_bracket *b, double power);

/* `price` leads to `part` of the goal; INFINITY: there was no solution. */
void bmx_bracket_note(bmx_bracket *b, double price, double part);

/* The price to try next, after at least one was noted. */
double bmx_bracket_next(const bmx_bracket *b);

#endif
