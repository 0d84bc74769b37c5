# Known mixtures in, error of the estimates out.

## folds
# how many true shares are within their intervals
$ en="en=$top/corpora/bundled/english"; de="de=$top/corpora/bundled/german"
$ bpemix experiment -qq --folds 2 --trials 1 --vocab-size 456 --json r.json "$en" "$de" > table
$ grep -c "200  monotone" table
1
$ grep -E '"(coverage|folds|intervals)"' r.json
    "folds": 2,
        "intervals": 2,
        "coverage": 1,
        "intervals": 2,
        "coverage": 1,
      "folds": {
        "intervals": 2,
        "coverage": 1,

## guesses
# need no text at all; the paper's means are -1.39 and -1.67
$ bpemix experiment --trials 4000 --methods uniform,random a=a b=b c=c d=d e=e | grep vs -A 2 |
>     tr -s ' '
sample merges method log10 MSE RMS, % inner range outer range from folds vs uniform verdicts
 all - uniform -1.67 +- 0.00 15.604 - - -
 all - random -1.38 +- 0.01 21.916 - - - +0.28 +- 0.01

## journal
# resumed, in shards and with any number of threads: the same bytes
$ all() { bpemix experiment -qq --vocab-size 356 --simulate --train-bytes 1M --max-bytes 100k,1M \
>     --methods monotone,uniform,tc --trials 4 --corpus "$top/corpora/bundled" "$@"; }
$ all --journal a -j 2 > table.a
$ wc -l < a
5
$ head -n 3 a > b; tail -n 1 a | cut -c 1-100 | tr -d '\n' >> b
$ all --journal b -j 1 > table.b
$ cmp a b && cmp table.a table.b
$ all --journal c1 --shard 1/2 > /dev/null; all --journal c2 --shard 2/2 > /dev/null
$ wc -l < c1; wc -l < c2
3
3
$ all --journal c --journal c1 --journal c2 --csv c.csv > table.c; cmp table.a table.c; cmp a c
$ head -n 2 c.csv | cut -d , -f 1-7
trial,candidates,train_bytes,sample_bytes,merges_asked,merges,method
0,6,1104122,100000,0,100,monotone
$ all --journal a --seed 2
! bpemix: a: the journal is of trials with other options or categories; give the options it was begun with, or another file
[1]
$ sed -E '1s/"text":"[0-9a-f]{64}",//' c1 > older; all --journal older > table.o; cmp table.a table.o
$ sed -E '1s/"text":"[0-9a-f]{64}"/"text":"'$(printf %064d 0)'"/' c1 > moved
$ all --journal new --journal moved
! bpemix: moved: the journal is of trials with other text; give the text it was begun with, or another file
[1]
# other files are not written over, whatever they hold
$ printf 'precious' > p; head -c 3000 /dev/zero > z; gzip -c a > a.gz; cp a.gz b.gz
$ for f in p z a.gz; do all --journal $f > /dev/null; done; cat p; wc -c < z; cmp a.gz b.gz
precious3000
! bpemix: p: not a journal of trials; give another file
! bpemix: z: not a journal of trials; give another file
! bpemix: a.gz: a compressed journal, to which no trials can be added; unpack it first
$ cat c > d; flock d "$BUILD/bpemix" experiment -qq --trials 4 --corpus "$top/corpora/bundled" --journal d
! bpemix: d: another process is writing the journal; wait for it, or divide the trials, with a journal for each process
[1]
$ echo '{"trial":0}' >> c1; all --journal c1 > /dev/null
! bpemix: c1:4: not a line of a journal; remove it to begin anew
[1]

## sweeps
# Several numbers of folds, of categories and omitted shares: each gives what it gives alone, and the journal
# is the same in shards and with any number of threads.
$ x() { bpemix experiment -qq --vocab-size 356 --simulate --train-bytes 1M --max-bytes 100k,200k --trials 2 \
>     --methods monotone,uniform --corpus "$top/corpora/bundled" "$@"; }
$ all() { x --folds none,2,3 --categories 3,all --omit-share 0.05,0.2 "$@"; }
$ all --journal j --csv j.csv -j 2 > table; head -n 5 table | cut -c 1-88
2 trials, 3, 6 categories, 100 merges trained on 1M bytes; samples drawn like the traini
1 category is missing from the samples

categories  omitted, %  folds  sample   merges  method                     log10 MSE    
         3           5      0    100k      100  monotone               -3.18 +- 0.27    
$ all --journal k -j 1 | cmp - table; cmp j k
$ for k in 1 2; do all --journal s$k --shard $k/2 > table.$k; wc -l < s$k; done
5
5
$ all --journal s --journal s1 --journal s2 | cmp - table; cmp s j
$ head -n 7 j > cut; tail -n 1 j | head -c 99 >> cut; all --journal cut | cmp - table; cmp cut j
$ for n in 3 all; do for o in 0.05 0.2; do for f in none 2 3; do
>     x --folds $f --categories $n --omit-share $o --csv - | sed 1d
> done; done; done > alone
$ sed 1d j.csv | sort > several; sort alone | cmp - several; wc -l < alone
96
$ head -n 1 j.csv | cut -d , -f 32-34; cut -d , -f 2,32-34 j.csv | sed 1d | sort -u
categories_asked,omit_share_asked,folds_asked
2,3,0.05,0
2,3,0.05,2
2,3,0.05,3
2,3,0.2,0
2,3,0.2,2
2,3,0.2,3
5,6,0.05,0
5,6,0.05,2
5,6,0.05,3
5,6,0.2,0
5,6,0.2,2
5,6,0.2,3
$ all --json j.json > table; bpemix report --experiment --format text j.json | sed -n '1,7p'
j: 2 simulated trials of 3 categories, samples of 200 kB; a typical error of
2.08 points of share (log10 MSE -3.62).

Means over trials, with standard errors; how many ranges hold the true share,
and their mean width in points
experiment   categories  omitted, %  number of folds  sample  merges
j, monotone           3           5                0  100 kB    auto
$ for f in error-bytes error-categories error-omitted; do
>     bpemix report --experiment --figure $f --format latex j.json | grep -c 'addplot'
> done
2
2
2
$ x --folds 2,1
! bpemix: 1 make no intervals; give 2 to 255, or 0 for no intervals (--folds)
[2]
$ x --folds 2,x
! bpemix: --folds: 'x' is not a whole number; give one such as 4, or several
[2]
$ x --folds 2,4 --setting same
! bpemix: samples that are the training text are divided once; give one number of folds, or another setting (--folds)
[2]
$ x --omit-share 0.1,1.5
! bpemix: --omit-share: '1.5' is not a share below 1; give a share such as 0.1
[2]
$ x --omit-share 0.1,
! bpemix: --omit-share: '' is not a share below 1; give a share such as 0.1
[2]
$ x --categories 3,9
! bpemix: categories: 9 of 6 categories, 0 left out and 0 without a share; give more of them
[2]

## settings
# every setting runs, and says what it is
$ say() { bpemix experiment -qq --vocab-size 406 --train-bytes 1M --max-bytes 1M --trials 1 --simulate \
>     --corpus "$top/corpora/bundled" "$@" | sed '/^$/,$d'; }
$ say --setting same
1 trial, 6 categories, 150 merges trained on 1M bytes; samples that are the training text; simulated, by document
$ say --setting shifted --categories 3
1 trial, 3 categories, 150 merges trained on 1M bytes; samples with other proportions of the sources; simulated, by document
$ say --omit-share 0.2 --extra 1
1 trial, 6 categories, 150 merges trained on 1M bytes; samples drawn like the training text; simulated, by document
1 category is missing from the samples, 20 % of the training text
1 candidate has no share in the training text
$ say --shuffle 10 --inherit 50 --noise words
1 trial, 6 categories, 150 merges trained on 1M bytes; samples drawn like the training text; simulated, words one by one
the order of merges is lost within windows of 10
the first 50 merges are inherited from another mixture

## mixtures-that-leave-nothing
# A mixture leaves candidates a share whatever is left out, and what is left out the share that is asked for it.
$ x() { bpemix experiment -qq --trials 1 --train-bytes 30k --max-bytes 10k english="$top/corpora/bundled/english" german="$top/corpora/bundled/german" c="$top/corpora/bundled/c" "$@" | sed -n 1p; }
$ x --omit 1 --mixture english=1
! bpemix: only 1 of 3 categories have a share, and 1 is left out; give a share to more categories (--mixture)
$ x --omit 2 --mixture english=0.5,c=0.5,german=0
! bpemix: only 2 of 3 categories have a share, and 2 are left out; give a share to more categories (--mixture)
$ x --omit 2 --mixture english=0.5,c=0.3,german=0.2
1 trial, 3 categories, 3000 merges trained on 30k bytes; samples drawn like the training text
$ x --omit-share 0.1 --mixture english=0.5,c=0.5
! bpemix: only 2 of 3 categories have a share: those left out may have none; give each a share, or do not ask for one of what is left out (--mixture)
$ x --omit-share drawn,0.1 --mixture english=0.5,c=0.5
! bpemix: only 2 of 3 categories have a share: those left out may have none; give each a share, or do not ask for one of what is left out (--mixture)
$ x --omit-share 0.1 --mixture english=0.5,c=0.3,german=0.2
1 trial, 3 categories, 3000 merges trained on 30k bytes; samples drawn like the training text
$ x --omit 1 --mixture english=0.5,c=0.5
1 trial, 3 categories, 3000 merges trained on 30k bytes; samples drawn like the training text
# with fewer categories than there are, which these are is drawn
$ for s in 1 2 3 4; do x --omit 1 --categories 2 --mixture english=0.5,c=0.5 --seed $s; done
1 trial, 2 categories, 3000 merges trained on 30k bytes; samples drawn like the training text
1 trial, 2 categories, 3000 merges trained on 30k bytes; samples drawn like the training text
1 trial, 2 categories, 3000 merges trained on 30k bytes; samples drawn like the training text
! bpemix: trial 0: mixture: no category that is not left out has a share; give a share to more categories

## claims
# the truth and mixtures off by 1, 2, 5 and 10 points, as verify would judge them
$ bpemix experiment -qq --vocab-size 756 --trials 3 --simulate --train-bytes 10M --max-bytes 1M --methods verify \
>     --corpus "$top/corpora/bundled" --csv claims.csv | grep -A 2 '^claims'
claims refused at a level of 5 %, of the truth and of what is off by 1, 2, 5, 10 points
    1M      500  samples taken for alike    0.0 %  66.7 % 100.0 % 100.0 % 100.0 %
    1M      500  for other sources' text    0.0 %  66.7 % 100.0 % 100.0 % 100.0 %
$ awk -F , 'NR > 1 && ($27 > $31 || $31 == "") { print "not so: " $0 }' claims.csv
$ head -n 1 claims.csv | cut -d , -f 25-31
inner_delta,outer_delta,excess_true,excess_1,excess_2,excess_5,excess_10

## wrong
$ x() { bpemix experiment -qq --corpus "$top/corpora/bundled" "$@"; }
$ x --methods monotone,guess
! bpemix: methods: unknown method 'guess'; use monotone or lp, with :none, :quarter, :pairs or :merges behind it, uniform, random, tc, tee, verify
[2]
$ x --max-bytes 10M,none
! bpemix: --max-bytes: 'none' is not a number; give numbers such as 3000, or all
[2]
$ x --categories 9
! bpemix: categories: 9 of 6 categories, 0 left out and 0 without a share; give more of them
[2]
$ x --baseline lp
! bpemix: baseline: 'lp' is not among them; name one of the methods
[2]
$ x --shard 3/2
! bpemix: --shard: '3/2' is not a shard of the trials; give K/N, such as 1/8
[2]
$ x --shard -2/-1
! bpemix: --shard: '-2/-1' is not a shard of the trials; give K/N, such as 1/8
[2]

## sources
# Two sources a category that share no word: samples from others than the training text have none of the
# merges, and what has one source only can't be divided.
$ mkdir a b
$ source() { for k in 1 2 3 4 5 6; do
>     perl -e 'srand $ARGV[1]; my @l = split //, $ARGV[0]; print join("", map { $l[rand @l] } 1 .. 5), " " for 1 .. 99' $2 $k > $1_$k.txt
> done; }
$ source a/p abc; source a/q def; source b/r ghi; source b/s jkl
$ x() { bpemix experiment -qq --vocab-size 300 --trials 1 "$@" | sed -n '/^$/,$d; p'; }
$ x --setting disjoint a=a b=b
! bpemix: trial 0: none of the merges 0 to 44 occurs in any sample; check that the samples are of the kind the tokenizer was made for
$ x a=a b=b
1 trial, 2 categories, 44 merges trained on as much as the shares allow; samples drawn like the training text
$ x --setting disjoint a=a b=b/r_1.txt
! bpemix: trial 0: b: all its text is from one source; give it text from several

## documents
# Records are documents as files are; text that is not UTF-8 is left out, and counted words hold no documents.
$ b="$top/corpora/bundled"
$ mkdir en de
$ for l in english german; do for h in train sample; do for f in 01 02 03 04; do
>     cp "$b/$l/$h/$f.txt" $(echo $l | sed 's/english/en/; s/german/de/')/$h$f.txt
> done; done; done
$ for l in en de; do
>     perl -0777 -pe 's/(["\\])/\\$1/g; s/\n/\\n/g; $_ = "{\"text\": \"$_\"}\n"' $l/*.txt > $l.jsonl
> done
$ x() { bpemix experiment -qq --vocab-size 356 --trials 2 "$@"; }
$ x en=en de=de > files; x en=en.jsonl de=de.jsonl | cmp - files
$ printf 'caf\351 au lait\n' > en/bad.txt; x en=en de=de | cmp - files
$ x en=en/bad.txt de=de
! bpemix: en: no documents of UTF-8 text; give it text, or leave it out
[1]
$ bpemix train -qq -o t.json --vocab-size 300 en=en de=de > /dev/null
$ bpemix words -qq -t t.json -o en.words en=en; x en=en.words de=de
! bpemix: en: counted words hold no documents to draw; give the text itself
[1]

## order
# Categories are taken in the order of their names, in whatever order they are given, and shares with them.
$ c() { for l in "$@"; do echo $l="$top/corpora/bundled/$l"; done; }
$ x() { bpemix experiment -qq --vocab-size 356 --simulate --train-bytes 1M --max-bytes 100k --trials 2 --categories 3 \
>     --mixture english=0.6,german=0.3,french=0.06,c=0.04 --groups groups.tsv "$@"; }
$ printf 'german\tprose\nenglish\tprose\n' > groups.tsv
$ x --journal a --json a.json $(c c english french german) > a.txt; x --json b.json $(c german english c french) | cmp - a.txt
$ cmp a.json b.json; x --journal a $(c french c german english) | cmp - a.txt; wc -l < a
3

## efficiency
# Bytes a token, beside those of a tokenizer of one's own: the same when there is one category, whose share is known.
$ x() { bpemix experiment -qq --vocab-size 356 --methods uniform,tee --corpus "$top/corpora/bundled" "$@"; }
$ x --categories 1 --trials 3 --journal j | sed -n '/^sample/,/tee/p'
sample   merges  method                     log10 MSE    RMS, %     inner range     outer range      from folds  vs uniform     verdicts
   all        -  uniform                    -             0.000               -               -               -
   all        -  tee                        -             0.000               -               -               -
$ grep -c '"truth":\[1\],"efficiency":\[1\]' j
3
$ x --trials 6 --simulate --train-bytes 1M --max-bytes 1M | grep tee
    1M        -  tee                    -2.24 +- 0.14     8.054               -               -               -  -0.19 +- 0.24

## sentencepiece
# A trainer of SentencePiece's rules; samples that are the training text are explained without an error.
$ bpemix experiment -qq --vocab-size 356 --setting same --trials 2 --pretokenizer sentencepiece --methods monotone,uniform \
>     --corpus "$top/corpora/bundled" |
>     awk '$3 == "monotone" || $3 == "uniform" { print $3, $7 " % RMS" }'
monotone 0.000 % RMS
uniform 7.621 % RMS
# where symbols are characters, the monotone program minimizes slack as a fraction of the occurrences of merges
$ for p in sentencepiece gpt2; do
>     bpemix experiment -qq --vocab-size 556 --simulate --train-bytes 1M --max-bytes 100k --trials 1 --pretokenizer $p \
>         --methods monotone,monotone:merges,monotone:pairs,lp,lp:pairs --corpus "$top/corpora/bundled" --csv - |
>         perl -F, -ane '$e{$F[6]} = $F[8]; END { print " ", join(" ", map { $e{monotone} == $e{"monotone:$_"} ? "as $_" : () } "pairs", "merges"), $e{lp} == $e{"lp:pairs"} ? ", lp as pairs\n" : "\n" }' | sed "s/^/$p/"
> done
sentencepiece as merges, lp as pairs
gpt2 as pairs, lp as pairs

## ties
# how large the training text was, from the ties of lists that have some
$ bpemix experiment -qq --vocab-size 3000 --trials 2 --methods tc --corpus "$top/corpora/bundled" | tail -n 1
size of the training text from ties: 1 of 2 within a factor of 3 (0.93 to 4.50 of it)

## methods
# programs with their weights and scales, numbers of merges, a mixture that is given, and a baseline
$ x() { bpemix experiment -qq --vocab-size 356 --corpus "$top/corpora/bundled" "$@"; }
$ x --mixture english=0.5,c=0.3,german=0.2 --trials 2 --merges 50,all --baseline uniform \
>     --methods monotone:none,monotone:quarter:merges,lp:none:pairs,uniform > table
$ sed -n '/^sample/,/uniform/p' table | cut -c 1-68
sample   merges  method                        log10 MSE    RMS, %  
   all       50  monotone:none             -2.49 +- 0.48     6.595  
   all       50  monotone:quarter:merges   -2.41 +- 0.41     6.926  
   all       50  lp:none:pairs             -2.74 +- 0.74     5.890  
   all        -  uniform                   -1.45 +- 0.00    18.801  
$ x --methods lp:half
! bpemix: methods: unknown method 'lp:half'; use monotone or lp, with :none, :quarter, :pairs or :merges behind it, uniform, random, tc, tee, verify
[2]
$ x --methods lp:none:pairs:3
! bpemix: methods: unknown method 'lp:none:pairs:3'; use monotone or lp, with :none, :quarter, :pairs or :merges behind it, uniform, random, tc, tee, verify
[2]
$ x --mixture english=1 --categories 1 --trials 20 | head -n 1
! bpemix: trial 0: mixture: no category chosen has a share; give a share to more categories

## clusters
# neighbouring documents of one source are drawn together, up to a size: all of them leave nothing for a sample
$ for l in english german; do
>     perl -0777 -pe 's/(["\\])/\\$1/g; s/\n/\\n/g; $_ = "{\"text\": \"$_\"}\n"' "$top/corpora/bundled/$l"/*/*.txt > $l.jsonl
> done
$ x() { bpemix experiment -qq --vocab-size 356 --trials 2 --methods tc --cluster $1 en=english.jsonl de=german.jsonl; }
$ x 1 > each; x 8k > pairs; cmp -s each pairs || echo other documents
other documents
$ x 100M
! bpemix: trial 0: de: its only document is not in the half that samples are drawn from; give it more documents, or its halves as folders
[1]

## journal-that-cannot-be-written
$ bpemix experiment -qq --vocab-size 356 --trials 1 --methods uniform --journal /dev/full --corpus "$top/corpora/bundled"
! bpemix: /dev/full: not a journal of trials; give another file
[1]
$ bpemix experiment -qq --vocab-size 356 --trials 1 --methods uniform --journal none/j --corpus "$top/corpora/bundled"
! bpemix: none/j: cannot write the journal: No such file or directory
[1]
$ echo '{"bpemix_journal": 9}' > j; bpemix experiment -qq --trials 1 --journal j --corpus "$top/corpora/bundled"
! bpemix: j: not a journal of trials; give another file
[1]

## samples-have-a-document
# Of one document each, a sample of a tenth of it would have none in nine trials of ten.
$ cat "$top"/corpora/bundled/english/*/* > en.txt
$ cat "$top"/corpora/bundled/french/*/* > fr.txt
$ bpemix experiment -q --simulate --train-bytes 200k --max-bytes 2k --vocab-size 356 --trials 3 english=en.txt french=fr.txt | sed -n 1p
3 trials, 2 categories, 100 merges trained on 200k bytes; samples drawn like the training text; simulated, by document
# Only candidates need one: where the category is the one left out, the trial is run, and else it is told.
$ mkdir en c; cat "$top"/corpora/bundled/c/sample/* | head -c 3500 > c/1.c
$ cp "$top"/corpora/bundled/english/train/* en
$ for f in "$top"/corpora/bundled/english/sample/*; do cp "$f" "en/s-${f##*/}"; done
$ for s in 1 2 3 4; do bpemix experiment -qq --trials 1 --seed $s --vocab-size 356 --omit 1 --text-unit document en=en c=c 2>&1 | sed -n '1s/,.*\|;.*//p'; done
1 trial
1 trial
bpemix: trial 0: c: its only document is not in the half that samples are drawn from
1 trial

## groups
# shares of groups are judged beside those of categories, in every output, also when trials are read from a journal
$ printf 'english\tprose\ngerman\tprose\nc\tcode\npython\tcode\nada\tcode\n' > groups.tsv
$ x() { bpemix experiment -q --simulate --vocab-size 456 --train-bytes 1M --max-bytes 1M --trials 3 --categories 4 \
>     --folds 2 --methods monotone,uniform --groups "${groups:-groups.tsv}" --journal groups.jsonl --corpus "$top/corpora/bundled" "$@"; }
$ x --json a.json --csv a.csv > a.txt; sed -n '/^groups/,/^$/p' a.txt
groups: prose, code
sample   merges  method                     log10 MSE    RMS, %     inner range     outer range      from folds
    1M      200  monotone               -5.02 +- 0.59     0.433  100.0 %   2.10  100.0 %   2.15   80.0 %   1.43
    1M        -  uniform                -1.39 +- 0.23    21.442               -               -               -
\
$ x --json b.json --csv b.csv | cmp - a.txt && cmp a.json b.json && cmp a.csv b.csv
$ head -n 1 a.csv | tr , '\n' | grep '^groups'
groups
groups_log10_mse
groups_rms_error
groups_largest_error
groups_inner
groups_inner_covered
groups_inner_width
groups_outer
groups_outer_covered
groups_outer_width
groups_folds
groups_folds_covered
groups_folds_width
# the truth and the share of a group are the sums of those of its members
$ perl -MJSON::PP -0ne 'for my $t (@{decode_json($_)->{trials}}) {
>     my ($k, %of) = (0, english => "prose", german => "prose", c => "code", python => "code");
>     for my $g (@{$t->{groups}}) {
>         my @in = grep { ($of{$t->{names}[$_]} // "") eq $g->{name} } 0 .. $#{$t->{names}};
>         my ($truth, @share) = (-$g->{truth}, map { -$_->{groups}{share}[$k] } @{$t->{rows}});
>         for my $i (@in) { $truth += $t->{truth}[$i]; $share[$_] += $t->{rows}[$_]{share}[$i] for 0, 1 }
>         print "$g->{name} of ", 0 + @in, abs($truth) + abs($share[0]) + abs($share[1]) < 1e-12 ? "" : " wrong", "\n";
>         $k++;
>     } }' a.json
prose of 1
code of 1
code of 2
prose of 2
code of 2
# and the report has a table of them
$ bpemix report --experiment --figure groups --format csv a.json
"experiment, groups",sample,merges,log10 MSE,"RMS, points",slack,inner ranges,outer ranges,folds
"a, monotone",1 MB,auto,"'-5.02 +- 0.59",0.43,1.9 %,"100.0 % of 5, 2.10 wide","100.0 % of 5, 2.15 wide","80.0 % of 5, 1.43 wide"
"a, uniform",1 MB,auto,"'-1.39 +- 0.23",21.44,,,,
# another file of groups is another experiment
$ printf 'english\tprose\n' > other.tsv && groups=other.tsv x
! bpemix: groups.jsonl: the journal is of trials with other options or categories; give the options it was begun with, or another file
[1]
# slips
$ printf 'englsh\tprose\n' > slip.tsv
$ bpemix experiment -q --groups slip.tsv --trials 1 --methods uniform a=. english=. | grep groups
! bpemix: warning: slip.tsv: 'englsh' is no category here; did you mean 'english'?
[1]
$ printf 'english\tprose\nenglish\tcode\n' > twice.tsv
$ bpemix experiment -q --groups twice.tsv --trials 1 --methods uniform english=. b=.
! bpemix: twice.tsv:2: a category for the second time; give every category one group
[1]

## documents-that-are-not-utf-8
# left out with a warning, or refused; words are drawn from text alone
$ mkdir -p x/a x/b; cp "$en"/* x/a; cp "$c"/* x/b; printf 'caf\351 cr\350me\n' > x/a/latin.txt
$ bpemix experiment -q --trials 1 --vocab-size 300 --corpus x > table
! bpemix: warning: category 'a': 1 of its documents is not UTF-8 and left out; convert what is text to UTF-8 (iconv)
$ bpemix experiment -q --trials 1 --vocab-size 300 --invalid refuse --corpus x
! bpemix: a: x/a/latin.txt: a document that is not UTF-8; convert it to UTF-8 (iconv)
[1]
$ bpemix experiment -q --trials 1 --vocab-size 300 --invalid keep --corpus x
! bpemix: documents that are not UTF-8 cannot be drawn; take 'auto', which leaves them out, or 'refuse' (--invalid)
[2]
$ bpemix train -q -o t.json --simulate --train-bytes 1M --vocab-size 300 --invalid replace a=x/a
! bpemix: documents that are not UTF-8 cannot be drawn; take 'auto', which leaves them out, or 'refuse' (--invalid)
[2]
$ bpemix train -q -o t.json --simulate --train-bytes 1M --vocab-size 300 a=x/a > table
! bpemix: warning: category 'a': 1 of its documents is not UTF-8 and left out; convert what is text to UTF-8 (iconv)
# what else is noted of text is told, too
$ rm x/a/latin.txt; printf 'text\000text\000text\n' > x/b/zero.txt
$ bpemix experiment -q --trials 1 --vocab-size 300 --corpus x > table
! bpemix: warning: x/b/zero.txt: zero bytes, which text does not have; counted as it is; check that this is text

## named-by-the-panel
# a panel, here of the text itself, names what was left out of the samples; without --omit there is nothing to name
$ b="$top/corpora/bundled"
$ bpemix chunks -q -o p.chunks english="$b/english/train" french="$b/french/train" german="$b/german/train" c="$b/c/train"
$ x() { bpemix experiment -qq --simulate --train-bytes 5M --max-bytes 1M --vocab-size 1256 --trials 2 --seed 2 "$@" \
>     english="$b/english" french="$b/french" german="$b/german" ${code:-c}="$b/c"; }
$ x --panel p.chunks --omit-share 0.3 --journal j --json n.json | tail -n 3
trials in which merges in no sample make a category of the panel stand out
    1M     1000  monotone              one that is left out: 2 of 2, another: 0
size of the training text from ties: 1 of 2 within a factor of 3 (1.85 to 1.85 of it)
$ x --panel p.chunks --omit-share 0.3 --journal j --csv - | cut -d , -f 1,35-
trial,named,named_omitted
0,c,1
1,c,1
$ sed 1d j | jq -c '.rows[] | [.named, .named_omitted]'; jq -c '.summary[].panel, (.options.panel | length)' n.json
["c",true]
["c",true]
{"looked_up":2,"named_omitted":2,"named_other":0}
64
$ x --panel p.chunks | tail -n 2 | head -n 1
    1M     1000  monotone              one that is left out: 0 of 2, another: 0
# names are compared: what has another one in the panel is another category
$ code=code x --panel p.chunks --omit-share 0.3 | tail -n 2 | head -n 1
    1M     1000  monotone              one that is left out: 0 of 2, another: 2
# another panel, or none, is another journal; a panel that is none is refused before anything is read
$ bpemix chunks -q -o q.chunks c="$b/c/train"; for p in q.chunks none; do x --panel $p --omit-share 0.3 --journal j; done
! bpemix: j: the journal is of trials with other options or categories; give the options it was begun with, or another file
! bpemix: j: the journal is of trials with other options or categories; give the options it was begun with, or another file
[1]
$ x --panel j
! bpemix: j: not a file of counted chunks; pass a file of chunks
[1]
$ x --panel nowhere
! bpemix: nowhere: cannot open: No such file or directory
[1]
