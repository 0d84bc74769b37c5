# A disclosed mixture against the merges.

## claim
$ fixture tok.json
$ echo '{"en": 0.7, "c": 0.3}' > claim.json
$ bpemix verify -t tok.json --claim claim.json en="$en" c="$c"
merges     0:300
slack      32.35 % of the merge counts at the claim, 31.53 % at best
excess     2.6 % more slack than the least
verdict    possible: of true mixtures, 94 % have as much excess where samples
           are drawn like the training text, 94 % where they come from other
           sources of the same kind

category  claimed  estimate  range, % of bytes
en          70.00             59.65 .. 100.00
c           30.00              0.00 ..  40.35

merges that speak against the claim: fraction of their level that is not
explained
    step  claim   best  merge
      44   19 %    0 %  ␣i t
      43   23 %    6 %  ␣b e
      66   20 %    3 %  l y
      71   17 %    0 %  a y
      41   48 %   39 %  ␣ r
      51   21 %    6 %  i l
      61   90 %   89 %  le n
      55   12 %    0 %  ␣a t
     147   25 %    9 %  a ve
     122   66 %   67 %  3 2
      67   93 %   93 %  u f
     137   14 %    0 %  o ne
     156   21 %    8 %  ␣o r
     104   16 %    4 %  ␣a n
     111   33 %   23 %  ␣w he
     134   18 %    7 %  a st
     115   28 %   19 %  e m
      65   48 %   45 %  i f
       4    4 %    0 %  r e
      76   19 %   11 %  i r

## claims-in-a-word
# Fewer than 5 % of true mixtures have as much excess as the second claim.
$ fixture tok.json
$ v() { echo "$1" > claim.json; bpemix verify -t tok.json --claim claim.json en="$en" c="$c" | grep -o '^verdict *[^:]*'; }
$ v '{"en": 0.7, "c": 0.3}'
verdict    possible
$ v '{"en": 0.05, "c": 0.95}'
verdict    refused at a level of 5 %

## narrow
# the estimate is left out before names of categories are clipped, and no line is wider than the terminal
$ c=$top/corpora/bundled
$ bpemix train -qq -o t.json --vocab-size 756 en=$c/english/train de=$c/german/train > table.txt
$ bpemix count -qq -t t.json -o a.trace english-of-the-web=$c/english/sample de=$c/german/sample
$ echo '{"english-of-the-web": 0.2, "de": 0.8}' > claim.json
$ for n in 40 60 80; do
>     COLUMNS=$n bpemix verify --claim claim.json a.trace > at-$n
>     test "$(wc -L < at-$n)" -le $n || echo "at $n: wider"
>     sed -n '/^category/,/^$/p' at-$n
> done
category  claimed  range, % of bytes
english-of-the-web
            20.00   38.02 ..  48.49
                              outside
de          80.00   51.51 ..  61.98
                              outside

category            claimed  range, % of bytes
english-of-the-web    20.00   38.02 ..  48.49  outside
de                    80.00   51.51 ..  61.98  outside

category            claimed  estimate  range, % of bytes
english-of-the-web    20.00             38.02 ..  48.49  outside
de                    80.00             51.51 ..  61.98  outside
\

## claim-from-a-trace
# a trace gives the same as the text, and all in one category is another claim
$ fixture tok.json
$ echo '{"en": 1}' > claim.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix verify -qq --claim claim.json --json a.json a.trace > /dev/null
$ bpemix verify -qq -t tok.json --claim claim.json --json b.json en="$en" c="$c" | head -n 3
merges     0:300
slack      35.77 % of the merge counts at the claim, 31.53 % at best
excess     13.4 % more slack than the least
$ cmp a.json b.json && echo same
same

## samples-of-the-panel
# without a category the panel is taken, with what infer has for it: 10,000 merges of 10,500, and a gap of 1e-4
$ awk 'BEGIN { for (i = 0; i < 11000; i++) s = s sprintf("%c%c%c ", 97 + i % 26, 97 + int(i / 26) % 26, 97 + int(i / 676)); for (k = 0; k < 210; k++) print s }' > a.txt
$ bpemix train -qq -o t.json --vocab-size 10756 a=a.txt > /dev/null
$ bpemix chunks -qq -o p.chunks a=a.txt c="$c"
$ BPEMIX_PANEL=p.chunks; export BPEMIX_PANEL
$ echo '{"a": 1}' > claim.json
$ bpemix infer -qq -t t.json --ranges no | grep '^merges'
merges     0:10000, 10000 constrained
$ bpemix verify -t t.json --claim claim.json 2> warning | grep '^merges'
merges     0:10000
$ cat warning
bpemix: warning: samples are those of a panel that was named, not of the one that comes with bpemix: shares of groups are surer than those of categories

## exact
# the very training text has no deviation; with other text the first merge is named
$ bpemix train -qq -o one.json --vocab-size 400 en="$en" > /dev/null
$ echo '{"en": 1}' > claim.json
$ bpemix verify -qq -t one.json --exact --claim claim.json en="$en" | grep -A 2 exact
exact      every merge is the most frequent pair of its step: this can be the
           training text
\
$ bpemix verify -qq -t one.json --exact --claim claim.json en="$c" | grep -A 4 exact
exact      merge 0, '␣' 't', occurs 102 times where ')' ';' occurs 142 times:
           this is not the training text, or text was split otherwise

category  claimed  estimate  range, % of bytes
en         100.00    100.00  100.00 .. 100.00

## errors
$ fixture tok.json
$ echo '{"fr": 1}' > claim.json
$ bpemix verify -t tok.json --claim claim.json en="$en"
! bpemix: fr: claimed, but no category of the samples; give a sample of it, too
[2]
$ bpemix verify -t tok.json en="$en"
! bpemix: --claim: no claim; give the JSON file of a mixture
[2]
$ bpemix verify --claim claim.json
! bpemix: nothing to verify with; give trace files, or -t TOKENIZER and NAME=PATH
[2]

## provenance
# a line for each category, or one for each file; either can be read again
$ fixture tok.json
$ bpemix infer -qq -t tok.json --json a.json en="$en" c="$c" > /dev/null
$ bpemix infer -qq -t tok.json --provenance full --json b.json en="$en" c="$c" > /dev/null
$ grep -c '"xxh3"' a.json b.json
a.json:2
b.json:10
$ "$BUILD/tests/schema_check" "$top/examples/result.schema.json" a.json b.json && echo valid
valid

## claims-that-are-none
# shares from 0 on that add up to 1, of all categories
$ fixture tok.json
$ v() { echo "$1" > claim.json; bpemix verify -qq -t tok.json --claim claim.json en="$en" c="$c" | head -n 1; }
$ v '{"en": -0.5, "c": 1.5}'
! bpemix: claim.json: claim: category 'en' has no share; give a share of at least 0 for every category
$ v '{"en": 0, "c": 0}'
! bpemix: claim.json: claim: the shares add up to 0, not 1; give fractions, not percents, of all categories
$ v '{"en": 60, "c": 40}'
! bpemix: claim.json: claim: the shares add up to 100, not 1; give fractions, not percents, of all categories
$ v '{"en": "1"}'
! bpemix: claim.json: claim: category 'en' has no share; give a share of at least 0 for every category
$ v '{"en": 1, "fr": 0}' | cut -c 1-9
merges   
$ v '[]'
! bpemix: claim.json: claim: no mixture; write {"english": 0.7, "c": 0.3}

## claim-without-the-merges
$ fixture tok.json
$ printf 'qqqq xqxq jjj\n' > d.txt
$ echo '{"en": 0, "c": 0, "d": 1}' > claim.json
$ bpemix verify -qq -t tok.json --claim claim.json en="$en" c="$c" d=d.txt | sed -n '2,3p'
slack      31.53 % of the merge counts at best
excess     without bound: the claim has none of the merges
