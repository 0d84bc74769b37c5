#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The tables of bpemix(7), from the CSV files of this folder.
#
#   tests/lab/summary.sh ranges|groups|sizes|scales|claims|verdicts|named|ties TABLE...
#
# ranges: a line for each table, how many ranges of the default hold the truth and how wide they are.
# groups: the same of shares of groups, and the mean and the largest of the largest errors of a trial.
# sizes: a line for each sample size, number of merges and method of the tables.
# scales: a line for each table, the error of the default, with slack as a fraction of the pairs, and by
#     how much the latter is larger, trial by trial.
# claims: how many claims are refused at a level of 5 %, as the table has it.
# verdicts: a line for each table, the verdicts of its default, and how many trials have more merges in no sample than
#     found once can explain.
# named: a line for each table, in how many trials a category of the panel stood out that was left out of the samples,
#     and in how many another one.
# ties: how many lists told the size of their training text within a factor of three, and what they told.
set -eu
cd "$(dirname "$0")"
what=$1
shift
for table; do
    [ -f "$table.csv" ] || continue
    if [ "$what" = ties ]; then
        bytes=$(sed -n 's/.*--train-bytes \([^ ]*\).*/\1/p' "$table.txt")
        sed -n 's/^size of the training text from ties: \(.*\) within a factor of 3 (\(.*\) of it)/\1   \2/p' \
            "$table.txt" | sed "s/^/$(printf '%-20s %4s' "$table" "$bytes")   /"
        continue
    fi
    if [ "$what" = claims ]; then
        sed -n -e 's/.*samples taken for alike */alike   /p' -e "s/.*for other sources' text */sources /p" \
            "$table.txt" | sed "s/^/$(printf %-20s "$table")/"
        continue
    fi
    if [ "$what" = scales ]; then
        awk -F , -v table="$table" '
            function put(sum, squares, form, mean) {
                mean = sum / n
                return sprintf(form " +- %.2f", mean, sqrt((squares / n - mean * mean) / (n - 1)))
            }
            $7 == "monotone" { at[$1] = $8 }
            $7 == "monotone:pairs" && $8 != "" {
                n++; a += at[$1]; aa += at[$1] ^ 2; b += $8; bb += $8 ^ 2; d += $8 - at[$1]; dd += ($8 - at[$1]) ^ 2
            }
            END { printf "%-20s %3d  %s  %s  %s\n", table, n, put(a, aa, "%6.2f"), put(b, bb, "%6.2f"), put(d, dd, "%+.2f") }
        ' "$table.csv"
        continue
    fi
    awk -F , -v table="$table" -v what="$what" '
        function size(v, i) {
            for (i = 0; v ~ /000$/ && i < 3; i++) v = substr(v, 1, length(v) - 3)
            return v substr(" kMG", i + 1, 1)
        }
        BEGIN { o = what == "groups" ? 28 : 0 } # columns of groups stand so many further right
        NR == 1 { at = $(NF - 1) == "named" ? NF - 1 : 0 }
        NR > 1 && $8 != "" {
            key = what == "ranges" || what == "groups" ? $7 : $4 SUBSEP $5 SUBSEP $7
            if (!(key in n)) order[++keys] = key
            n[key]++; sum[key] += $(8 + o); squares[key] += $(8 + o) * $(8 + o)
            off[key] += $(10 + o); most[key] = $(10 + o) > most[key] ? $(10 + o) : most[key]
            inner[key] += $(11 + o); in_covered[key] += $(12 + o); in_width[key] += $(11 + o) * $(13 + o)
            level[key SUBSEP $24]++; uncovered[key] += $21 >= 20 && $22 > 3; left[key] += $23
            if (at) {
                looked[key]
                omitted[key] += $(at + 1)
                other[key] += $at != "" && !$(at + 1)
            }
            outer[key] += $(14 + o); out_covered[key] += $(15 + o); out_width[key] += $(14 + o) * $(16 + o)
        }
        END {
            for (k = 1; k <= keys; k++) {
                key = order[k]
                mean = sum[key] / n[key]
                # one trial tells nothing of its error
                error = n[key] > 1 ? sprintf("+- %.2f", sqrt((squares[key] / n[key] - mean * mean) / (n[key] - 1))) : "      -"
                if ((what == "ranges" || what == "groups") && key == "monotone" && inner[key])
                    printf "%-20s %3d  %6.2f %s  %5.1f %% %6.2f  %5.1f %% %6.2f%s\n", table, n[key], mean,
                        error, 100 * in_covered[key] / inner[key], 100 * in_width[key] / inner[key],
                        100 * out_covered[key] / outer[key], 100 * out_width[key] / outer[key],
                        what == "ranges" ? "" : sprintf("  %5.2f %6.2f", 100 * off[key] / n[key], 100 * most[key])
                split(key, part, SUBSEP)
                if (what == "verdicts" && part[3] == "monotone" && inner[key])
                    printf "%-20s %3d  %4.1f %%  %3d %3d %3d %3d  %3d\n", table, n[key], 100 * left[key] / n[key],
                        level[key SUBSEP "good"], level[key SUBSEP "fair"], level[key SUBSEP "poor"],
                        level[key SUBSEP "unusable"], uncovered[key]
                if (what == "named" && key in looked)
                    printf "%-20s %3d  %4.1f %%  %3d %3d\n", table, n[key], 100 * left[key] / n[key],
                        omitted[key], other[key]
                if (what == "sizes") {
                    printf "%-20s %3d  %5s  %5s  %-16s %6.2f %s\n", table, n[key], size(part[1]),
                        part[2] == 0 ? "auto" : part[2], part[3], mean, error
                }
            }
        }' "$table.csv"
done
