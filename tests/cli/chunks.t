# Samples that are cut once, for all tokenizers, and those that come with the program.

## same-as-text
# chunks in the place of text change nothing but the names of inputs
$ fixture tok.json
$ bpemix chunks -o two.chunks en="$en" c="$c"
$ bpemix words -qq -t tok.json -o text.words en="$en"
$ bpemix words -qq -t tok.json -o chunks.words en=two.chunks
$ bpemix infer -qq -t tok.json en="$en" c="$c" > text.txt
$ bpemix infer -qq -t tok.json two.chunks > chunks.txt
$ bpemix infer -qq -t tok.json --corpus two.chunks > corpus.txt
$ cmp text.txt chunks.txt && cmp text.txt corpus.txt && echo same
same

## folds
$ fixture tok.json
$ bpemix chunks --folds 4 -o f.chunks en="$en" c="$c"
$ bpemix infer -qq -t tok.json --folds 4 en="$en" c="$c" > text.txt
$ bpemix infer -qq -t tok.json --folds 4 f.chunks > chunks.txt
$ cmp text.txt chunks.txt && echo same
same
$ bpemix infer -qq -t tok.json --folds 8 f.chunks
! bpemix: category 'en': f.chunks: chunks of 4 folds cannot be dealt out to 8; ask for as many, or a divisor (--folds)
[2]

## add-up
$ bpemix chunks -o 1.chunks en="$en/01.txt"
$ bpemix chunks -o all.chunks en="$en"
$ mkdir rest
$ cp "$en"/0[234].txt rest
$ cp 1.chunks rest
$ bpemix chunks -o sum.chunks en=rest
$ bpemix panel --panel all.chunks | head -n 2
category  group  documents    MB  chunks
en                       4  0.02    1606
$ bpemix panel --panel sum.chunks | head -n 2
category  group  documents    MB  chunks
en                       4  0.02    1606

## panel-narrow
# columns are left out before names of categories are clipped, and no line is wider than the terminal
$ b=$top/corpora/bundled
$ echo "english-of-the-new-world	Latin and Cyrillic alphabets" > groups.tsv
$ bpemix chunks -o a.chunks --groups groups.tsv english-of-the-new-world=$b/english/sample c=$b/c/sample
$ for n in 40 60 80; do
>     COLUMNS=$n bpemix panel --panel a.chunks | head -n 3 > at-$n
>     test "$(wc -L < at-$n)" -le $n || echo "at $n: wider"
>     cat at-$n
> done
category                    MB
english-of-the-new-world  0.02
c                         0.02
category                  group                           MB
english-of-the-new-world  Latin and Cyrillic alphabets  0.02
c                                                       0.02
category                  group                         documents    MB  chunks
english-of-the-new-world  Latin and Cyrillic alphabets          4  0.02    1606
c                                                               4  0.02    1302

## panel-of-wide-names
# names are as wide as a terminal shows them, whatever their bytes
$ b=$top/corpora/bundled
$ echo "中文	文字" > groups.tsv
$ bpemix chunks -o a.chunks --groups groups.tsv français=$b/french/sample 中文=$b/english/sample c=$b/c/sample
$ bpemix panel --panel a.chunks | head -n 4
category  group  documents    MB  chunks
français                 4  0.02    1699
中文      文字           4  0.02    1606
c                        4  0.02    1302

## damaged
# none of these is counted as if it were text, whichever byte it is
$ fixture tok.json
$ bpemix chunks -o en.chunks en="$en"
$ bpemix words -qq -t tok.json -o en.words en="$en"
$ flip() { perl -0777 -pe 'substr($_, '$2', 1) ^= "\x01"' "$1"; }
$ for f in en.chunks en.words; do for i in 0 3 6 7 8 12 40 900; do flip $f $i > x; bpemix infer -qq -t tok.json a=x c="$c" > out.txt 2>&1; echo $?; done; done | sort | uniq -c | sed 's/^ *//'
16 1
$ flip en.chunks 7 > x; bpemix infer -t tok.json a=x c="$c"
! bpemix: category 'a': x: damaged file of counted words or chunks; make it again from the text
[1]
$ tail -c +2 en.chunks > x; bpemix infer -t tok.json a=x c="$c"
! bpemix: category 'a': x: zero bytes and many that are not UTF-8, which is not text; check that it is whole and what it is, or allow binary input (--binary)
[1]

## refused
$ fixture tok.json
$ bpemix chunks -o en.chunks en="$en"
$ head -c 1000 en.chunks > cut.chunks
$ bpemix infer -t tok.json cut.chunks
! bpemix: cut.chunks: damaged file of counted chunks; make it again from the text
[1]
$ bpemix infer -t tok.json fr=en.chunks c=en.chunks > out.txt && head -n 1 out.txt
tokenizer  tok.json (tokenizer.json, 300 merges)
$ bpemix chunks -o two.chunks en="$en" c="$c"
$ bpemix infer -t tok.json fr=two.chunks
! bpemix: category 'fr': two.chunks: no chunks of a category 'fr'; it has en, c
[2]
$ bpemix infer -t tok.json --pretokenizer deepseek-coder en.chunks
! bpemix: category 'en': en.chunks: chunks cannot stand for text with this tokenizer: its pattern leaves gaps that go across spaces; pass the text itself
[1]
$ bpemix infer -t tok.json --max-bytes 1k en.chunks
! bpemix: category 'en': en.chunks: chunks cannot be sampled; pass the text itself, or read all of it (--max-bytes)
[2]
$ bpemix chunks en="$en"
! bpemix: --output: no output file; give the file to write with -o
[2]
$ bpemix chunks -o en.chunks en=en.chunks
! bpemix: --output: it would replace an input; choose another file
[2]

## no-file-of-chunks
# a pipe that nobody writes to is not waited for, and what is given as a corpus is a folder or chunks
$ mkfifo pipe && mkdir folder && echo text > text
$ for f in pipe folder none text; do timeout 20 bpemix panel --panel $f; done
! bpemix: pipe: not a file of which a part can be read; write it to a file first
! bpemix: folder: a folder, not a file; name a file in it
! bpemix: --panel: 'none' stands for no panel; leave it out, or what asks for the panel
! bpemix: text: not a file of counted chunks; pass a file of chunks
[1]
$ fixture tok.json
$ for f in pipe text; do timeout 20 bpemix infer -t tok.json --corpus $f; done
! bpemix: pipe: not a file of which a part can be read; write it to a file first
! bpemix: text: not a file of counted chunks; pass a file of chunks
[1]

## panel
$ BPEMIX_PANEL=nowhere.chunks bpemix infer -t tok.json
! bpemix: nowhere.chunks: the panel is not there; set BPEMIX_PANEL to the file that comes with the program, or give samples of your own
[1]
$ fixture tok.json
$ bpemix chunks -o two.chunks --top 300 --tail 100 en="$en" c="$c"
$ BPEMIX_PANEL=two.chunks bpemix infer -qq -t tok.json > panel.txt
$ bpemix infer -qq -t tok.json --panel two.chunks > same.txt
$ bpemix infer -qq -t tok.json --panel two.chunks en="$en" > own.txt
$ cmp panel.txt same.txt && sed -n "/^category/,/^\$/p" panel.txt own.txt
category   % of bytes             range    sample  documents
en           54 .. 89                     21.2 kB          4  ###########-------
c            11 .. 46                     22.2 kB          4  ##-------

category   % of bytes             range    sample  documents
en           62 .. 95                     21.2 kB          4  ############------
c             5 .. 38                     22.2 kB          4  #------
\
$ bpemix infer -q -t tok.json --panel two.chunks 2>&1 > /dev/null | grep named
bpemix: warning: samples are those of a panel that was named, not of the one that comes with bpemix: shares of groups are surer than those of categories
$ bpemix infer -qq -t tok.json --panel two.chunks --panel-categories c | grep -e "^Shares" -e "^verdict"
Shares are not shown, because they would say nothing of the training text. The
verdict    unusable
$ bpemix infer -qq -t tok.json --panel two.chunks --panel-categories d
! bpemix: --panel-categories: no category or group 'd'; 'bpemix panel' lists them
[2]
$ bpemix panel --panel two.chunks --json - | sed -n "/\"file\"/,/\"note\"/p"
  "file": "two.chunks",
  "sampled": true,
  "top": 300,
  "tail": 100,
  "seed": 1,
  "punctuation": false,
  "note": "",
$ bpemix panel x
! bpemix: x: nothing is expected here; name a file with --panel
[2]

## slips
$ fixture tok.json
$ bpemix chunks -qq -o two.chunks english="$en" c="$c"
$ bpemix infer -q -t tok.json --panel two.chunks --with-panel Englsh="$en" 2>&1 > /dev/null | grep beside
bpemix: warning: category 'Englsh' is beside the panel's, not in the place of one; did you mean 'english'?
$ bpemix infer -q -t tok.json --panel two.chunks --with-panel english="$en" 2>&1 > /dev/null | grep beside
[1]
$ bpemix infer -qq -t tok.json --panel two.chunks --panel-categories englsh
! bpemix: --panel-categories: no category or group 'englsh'; did you mean 'english'?
[2]

## a-panel-of-samples-added-up
$ bpemix chunks -qq --punctuation --top 50 --tail 20 -o en.chunks en="$en"
$ bpemix chunks -qq --punctuation --top 20 --tail 20 -o c.chunks c="$c"
$ bpemix chunks -qq --punctuation -o both.chunks en.chunks c.chunks
$ bpemix panel --panel en.chunks | grep '^chunks:'
chunks: the 50 most frequent of each, and 20 drawn for all others
$ bpemix panel --panel both.chunks | grep '^chunks:'
chunks: the most frequent ones of each, and some drawn for all others

## demo-of-a-tokenizer-that-is-named
# examples/demo.sh, which make demo runs: the last part is of the tokenizer that TOKENIZER names.
$ mkdir b && ln -s "$BUILD/bpemix" b/bpemix && fixture tok.json
$ bpemix chunks -o two.chunks --top 300 --tail 100 english="$en" c="$c"
$ BPEMIX_PANEL=$PWD/two.chunks TOKENIZER=$PWD/tok.json "$top/examples/demo.sh" "$PWD/b" >named.txt 2>&1 && grep -c '^== ' named.txt
4
$ grep 'without samples' named.txt | sed "s|$PWD/||" && grep -A 1 '"tokenizer": {' b/demo/panel.json | sed "s|$PWD/||"
== bpemix infer -t tok.json, without samples: those that come with bpemix are taken
  "tokenizer": {
    "path": "tok.json",
$ BPEMIX_PANEL=$PWD/two.chunks "$top/examples/demo.sh" "$PWD/b" >own.txt 2>&1 && grep 'without samples' own.txt | sed "s|$PWD/||"
== bpemix infer -t b/demo/tokenizer.json, without samples: those that come with bpemix are taken
$ grep -A 1 '"tokenizer": {' b/demo/panel.json | sed "s|$PWD/||" && ls b/demo
  "tokenizer": {
    "path": "b/demo/tokenizer.json",
estimate.txt
panel.json
panel.txt
report.html
result.json
tokenizer.json
truth.json
truth.txt
$ BPEMIX_PANEL=$PWD/two.chunks TOKENIZER=nowhere.json "$top/examples/demo.sh" "$PWD/b" 2>&1 | tail -n 1
bpemix: nowhere.json: cannot open: No such file or directory

## folds-without-number
# are told before memory is asked for them
$ bpemix chunks -o many.chunks --folds 18446744073709551615 en="$en"
! bpemix: too many folds; give 2 to 255, or 0 for no intervals (--folds)
[2]

## groups-with-odd-line-ends
# read as other commands read them: a byte order mark, carriage returns, comments
$ printf '\357\273\277# mine\r\nen\tprose\r\nc\tcode\r\n' > groups.tsv
$ bpemix chunks -o two.chunks --groups groups.tsv en="$en" c="$c"
$ bpemix panel --panel two.chunks --json - | sed -n 's/.*"group": //p'
"prose",
"code",
$ printf 'en prose\n' > bad.tsv; bpemix chunks -o two.chunks --groups bad.tsv en="$en"
! bpemix: groups:1: no group; write the category, a tab and its group
[1]
