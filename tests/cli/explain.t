# What an estimate rests on.

## overall
$ fixture tok.json
$ bpemix explain -qq -t tok.json --list 3 en="$en" c="$c"
merges     0:300
binding    318 rows: merges and pairs that hold the shares where they are
slack      0.172041 of the pairs; no mixture has less than 0.172041, which 320
           multipliers prove

rows that the estimate rests on most: fraction of the objective; count and level
per million pairs
fraction    step     count     level  pair
  7.12 %     172   25472.3     669.3  ␣ ␣
  2.92 %     299    8379.6     669.3  not merged: ␣␣ ␣␣
  2.55 %      14     239.9    6752.7  r b

## category
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix explain --category c --list 3 a.trace
merges     0:300
binding    318 rows: merges and pairs that hold the shares where they are
slack      0.172041 of the pairs; no mixture has less than 0.172041, which 320
           multipliers prove
category   c
share      6 .. 42 % of bytes: the merges do not determine it
           -2.10 points without the rows that speak for more
           +6.55 points without the rows that speak for less

rows that speak for more: fraction of all pulls; count and level per million
pairs
fraction    step     count     level  pair
  2.39 %      46    3227.6    3406.6  ␣ =
  2.00 %       6   11439.8   11439.8  s t
  1.74 %      54    2151.7    2507.6  ) ;

rows that speak for less
fraction    step     count     level  pair
 11.69 %     172   25472.3     669.3  ␣ ␣
  5.08 %     299    8379.6     669.3  not merged: ␣␣ ␣␣
  3.06 %     299    4258.0     669.3  not merged: ␣␣ ␣

## merge
# spelled as in tables, or as it is
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix explain --merge '␣the' --list 3 --json a.json a.trace
merges     0:300
binding    318 rows: merges and pairs that hold the shares where they are
slack      0.172041 of the pairs; no mixture has less than 0.172041, which 320
           multipliers prove
merge      5, ␣t he
count      14984.9 per million pairs of the mixture
rank       implies 11439.8 per million

category   % of bytes             range  occurrences  per million
en           58 .. 94                            306      18644.9
c             6 .. 42                             20       1425.8

rivals at this step, per million pairs of the mixture and in all samples
     count  occurrences  merged at  pair
   25472.3         1681        172  ␣ ␣
   15169.4          388         12  ␣ s
   13179.4          300          9  ␣ o
$ bpemix explain --merge ' the' --list 3 --json b.json a.trace > /dev/null
$ cmp a.json b.json && echo same
same
$ bpemix explain -m 10:100 --merge '␣t' --list 1 a.trace
merges     10:100
binding    97 rows: merges and pairs that hold the shares where they are
slack      0.334376 of the merges' occurrences; no mixture has less than
           0.334376, which 97 multipliers prove
merge      0, ␣ t
count      30514.6 per million pairs of the mixture
rank       outside the merges that were used

category  % of merges             range  occurrences  per million
en          56 .. 100                            592      36071.2
c             0 .. 44                            102       7271.7

rivals at this step, per million pairs of the mixture and in all samples
     count  occurrences  merged at  pair
   27458.6          598        123  t h

## same-shares
# the estimate is that of solve, and so are the ranges, found anew or taken from the result
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix solve -qq --json s.json a.trace > /dev/null
$ bpemix explain -qq --json e.json a.trace > /dev/null
$ bpemix explain -qq --json r.json s.json a.trace > /dev/null
$ for f in s e r; do
>     sed -n '/"categories"/,/\]$/p' $f.json | grep -E '"(share|range)_|identified' | tr -d ' ,' | head -n 20 > $f.txt
> done
$ grep -c . s.txt; cmp s.txt e.txt && cmp s.txt r.txt && echo same
20
same
$ "$BUILD/tests/schema_check" "$top/examples/explain.schema.json" e.json r.json && echo valid
valid

## determined
# a share that the merges determine has its range beside it; without ranges there is none
$ c=$top/corpora/bundled
$ bpemix train -qq -o de.json --vocab-size 1256 --mixture de=0.98,c=0.02 de=$c/german/train c=$c/c/train > table.txt
$ bpemix count -qq -t de.json -o a.trace de=$c/german/sample c=$c/c/sample spanish-of-the-new-world=$c/spanish/sample
$ bpemix explain --category c --list 1 a.trace | sed -n '/^category/,/^$/p'
category   c
share      0.18 % of bytes, range 0.00 .. 6.98
           0.18 % without the rows that speak for more
           2.24 % without the rows that speak for less
\
$ bpemix explain --merge ' der' --list 1 a.trace | sed -n '/^category/,/^$/p'
category                  % of bytes             range  occurrences  per million
de                             97.84   90.11 .. 100.00           67       3934.2
c                               0.18    0.00 ..   6.98            0          0.0
spanish-of-the-new-world
                                1.98    0.00 ..   7.27            1         63.1
\
$ bpemix solve -qq --ranges no --json r.json a.trace > table.txt
$ bpemix explain --category c --list 1 r.json a.trace | grep -A 1 ^share
share      0.18 % of bytes in the best mixture; its range is not known
           0.18 % without the rows that speak for more

## narrow
# names are not clipped, and no line is wider than the terminal
$ c=$top/corpora/bundled
$ bpemix train -qq -o t.json --vocab-size 756 en=$c/english/train de=$c/german/train > table.txt
$ bpemix count -qq -t t.json -o a.trace english-of-the-web=$c/english/sample de=$c/german/sample
$ for n in 40 60 80; do
>     for w in "--category english-of-the-web" "--merge ␣the" "--list 4"; do
>         COLUMNS=$n bpemix explain $w a.trace > at-$n
>         test "$(wc -L < at-$n)" -le $n || echo "at $n: wider"
>     done
> done
$ COLUMNS=40 bpemix explain --merge ␣the a.trace | sed -n '/^category/,/^$/p'
category         % of bytes  occurrences
english-of-the-web
                   38 .. 49          294
de                 51 .. 62            0
\
$ COLUMNS=60 bpemix explain --merge ␣the a.trace | sed -n '/^category/,/^$/p'
category             % of bytes  occurrences  per million
english-of-the-web     38 .. 49          294      17913.7
de                     51 .. 62            0          0.0
\

## errors
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix explain --category fr a.trace
! bpemix: fr: no category of the samples; give the name of one of them
[2]
$ bpemix explain --merge xyzzy a.trace
! bpemix: xyzzy: not the product of a merge that was counted; give a token that is one, spelled as in tables of merges
[2]
$ bpemix explain --merge e --category c a.trace
! bpemix: --merge: not together with --category; give one of them
[2]
$ bpemix explain
! bpemix: nothing to explain; give trace files, or -t TOKENIZER and NAME=PATH
! usage: bpemix explain [--category NAME | --merge TOKEN] RESULT | [RESULT] FILE.trace ... | [RESULT] -t TOKENIZER NAME=PATH ...
[2]

## result
# An estimate that was written is explained as it was solved: the same shares and the same merges.
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix solve -qq -m 200 --weights none --scale merges --json r.json a.trace > table.txt
$ bpemix explain --category c --list 1 r.json a.trace
merges     0:200
binding    222 rows: merges and pairs that hold the shares where they are
slack      0.300437 of the merges' occurrences; no mixture has less than
           0.300437, which 222 multipliers prove
category   c
share      0 .. 41 % of bytes: the merges do not determine it
           -1.03 points without the rows that speak for more
           +8.05 points without the rows that speak for less

rows that speak for more: fraction of all pulls; count and level per million
pairs
fraction    step     count     level  pair
  3.05 %       6   11075.9   11075.9  s t

rows that speak for less
fraction    step     count     level  pair
 19.65 %     172   20680.1     993.6  ␣ ␣
$ bpemix explain --category c --list 1 -m 200 --weights none --scale merges a.trace > a.txt
$ bpemix explain --category c --list 1 r.json a.trace | cmp - a.txt && echo same
same
$ bpemix explain --category c --list 1 -t tok.json r.json en="$en" c="$c" | cmp - a.txt && echo same
same
# it needs the counts, and the same ones
$ mv tok.json t.json; bpemix explain --category c r.json 2> err || sed "s|$top/||g" err; mv t.json tok.json
bpemix: a result has no counts; give the trace as well, or tokenizer 'tok.json' and the samples en (corpora/bundled/english/sample), c (corpora/bundled/c/sample)
$ bpemix explain -t tok.json r.json en="$en" c="$c/01.c"
! bpemix: c: 5286 bytes of sample, but 22250 in the result; give the samples that the result was made from
[1]
$ bpemix explain -t tok.json r.json fr="$en" c="$c"
! bpemix: fr: no category of the result; give the samples that the result was made from
[1]
$ bpemix explain -t tok.json r.json en="$en"
! bpemix: not as many categories: 1, but 2 in the result; give the samples that the result was made from
[1]
$ bpemix train -qq -o t.json --vocab-size 300 a="$c" > /dev/null
$ bpemix explain -t t.json r.json en="$en" c="$c" 2>&1 | sed 's/is [0-9a-f]*\.\.\., but [0-9a-f]*\.\.\./is A, but B/'
bpemix: the tokenizer's digest is A, but B in the result; give the tokenizer that the result is of
$ bpemix explain -m 100 r.json a.trace
! bpemix: --merges: the result says how it was solved; leave it out, or leave out the result
[2]

## result-alone
# A result names tokenizer and samples: while they are where it says, it needs nothing else.
$ unset BPEMIX_PANEL
$ fixture tok.json
$ bpemix infer -qq -t tok.json -m 200 --max-bytes 9k --json r.json en="$en" c="$c" > table.txt
$ bpemix count -qq -t tok.json --max-bytes 9k -o a.trace en="$en" c="$c"
$ bpemix explain --category c r.json > alone.txt
$ bpemix explain --category c r.json a.trace | cmp - alone.txt && echo same
same
# a compressed one is read as report reads it, and a compressed trace beside it
$ gzip -c r.json > r.json.gz
$ gzip -c a.trace > a.trace.gz
$ xz -c r.json > r.xz
$ bpemix explain --category c r.json.gz | cmp - alone.txt && echo same
same
$ bpemix explain --category c r.json.gz a.trace.gz | cmp - alone.txt && echo same
same
$ bpemix explain --category c r.xz | cmp - alone.txt && echo same
same
$ bpemix explain --list 1 a.trace.gz | sed -n '/^merges/p'
merges     0:300
$ head -c 300 r.json.gz > half.gz
$ bpemix explain half.gz
! bpemix: half.gz: damaged compressed data: it ends too early; fetch or compress the file again
[1]
# so does one of the panel
$ bpemix infer -qq -t tok.json --panel-categories english,c --json p.json > table.txt
$ bpemix explain --list 1 p.json | tee p.txt | sed -n '/^merges/p; s/^binding  *[0-9]* rows/binding rows/p'
merges     0:300
binding rows: merges and pairs that hold the shares where they are
$ bpemix explain -t tok.json --list 1 p.json | cmp - p.txt && echo same
same
$ mv tok.json elsewhere.json
$ bpemix explain r.json 2>&1 | cut -c 1-60
bpemix: a result has no counts; give the trace as well, or t

## result-with-a-pool
# a result does not say where the pool is from
$ fixture tok.json
$ mkdir other
$ ln -s "$top/corpora/bundled/french/sample" other/french
$ bpemix infer -qq -t tok.json --ranges no --other other --json r.json en="$en" c="$c" > table.txt
$ bpemix explain r.json
! bpemix: a result has no counts, and samples that were pooled are not named in it; give the trace that has the pool as well
[2]
$ bpemix count -qq -t tok.json --other other -o a.trace en="$en" c="$c"
$ bpemix explain --list 1 r.json a.trace | sed -n '/^merges/p; s/^binding  *[0-9]* rows/binding rows/p'
merges     0:300
binding rows: merges and pairs that hold the shares where they are

## samples-of-the-panel
# without a category the panel is taken, with what infer has for it: 10,000 merges of 10,500, and a gap of 1e-4
$ awk 'BEGIN { for (i = 0; i < 11000; i++) s = s sprintf("%c%c%c ", 97 + i % 26, 97 + int(i / 26) % 26, 97 + int(i / 676)); for (k = 0; k < 210; k++) print s }' > a.txt
$ bpemix train -qq -o t.json --vocab-size 10756 a=a.txt > /dev/null
$ bpemix chunks -qq -o p.chunks a=a.txt c="$c"
$ BPEMIX_PANEL=p.chunks; export BPEMIX_PANEL
$ bpemix infer -qq -t t.json --ranges no | grep '^merges'
merges     0:10000, 10000 constrained
$ bpemix explain -t t.json 2> warning | grep '^merges'
merges     0:10000
$ cat warning
bpemix: warning: samples are those of a panel that was named, not of the one that comes with bpemix: shares of groups are surer than those of categories
$ bpemix train -qq -o tok.json --vocab-size 556 english="$top/corpora/bundled/english/train" c="$top/corpora/bundled/c/train" > /dev/null
$ bpemix chunks -qq -o p.chunks --corpus "$top/corpora/bundled"
$ bpemix infer -qq -t tok.json --ranges no --json r.json > /dev/null
$ bpemix explain r.json > of-the-result.txt
$ bpemix explain -qq -t tok.json | cmp - of-the-result.txt && echo same
same
$ bpemix count -qq -t tok.json -o p.trace
$ bpemix explain -qq p.trace | cmp - of-the-result.txt && echo same
same

## certificate
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix explain --list 1 --certificate --json a.json a.trace
merges     0:300
binding    318 rows: merges and pairs that hold the shares where they are
slack      0.172041 of the pairs; no mixture has less than 0.172041, which 320
           multipliers prove

rows that the estimate rests on most: fraction of the objective; count and level
per million pairs
fraction    step     count     level  pair
  7.12 %     172   25472.3     669.3  ␣ ␣
$ "$BUILD/tests/schema_check" "$top/examples/explain.schema.json" a.json && echo valid
valid
$ bpemix explain --list 1 --scale merges --weights none a.trace | grep slack
slack      0.315349 of the merges' occurrences; no mixture has less than
$ bpemix explain --list 0 a.trace
! bpemix: --list: 0 leaves nothing to show; give 1 or more
[2]
