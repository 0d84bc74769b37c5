# What goes wrong is told in one line, with the right exit code, and leaves nothing behind.

## archive-of-several
# what reads one file must not leave out the rest of an archive in silence
$ fixture tok.json
$ cp tok.json tok2.json
$ for k in 1 2; do
>     bpemix words -qq -t tok.json -o $k.words en="$en/0$k.txt"
>     bpemix count -qq -t tok.json -o $k.trace en="$en/0$k.txt"
> done
$ for k in tok words trace; do tar -cf $k.tar *$k*; done
$ bpemix inspect tok.tar
! bpemix: tok.tar: an archive of several files; unpack it and pass the files
[1]
$ bpemix infer -t tok.json en=words.tar
! bpemix: category 'en': words.tar: 1.words: counted words inside an archive; unpack the archive and pass the folder
[1]
$ bpemix words --merge -o sum.words words.tar
! bpemix: words.tar: an archive of several files; unpack it and pass the files
[1]
$ bpemix solve trace.tar
! bpemix: trace.tar: an archive of several files; unpack it and pass the files
[1]
$ bpemix inspect trace.tar
! bpemix: trace.tar: an archive of several files; unpack it and pass the files
[1]
$ bpemix encode -t tok.json words.tar
! bpemix: words.tar: an archive of several files; unpack it and pass the files
[1]
# an archive of one is as good as the file
$ tar -cf one.tar tok.json
$ bpemix inspect one.tar | sed -n '2p'
format        tokenizer.json
$ ls sum.words 2> /dev/null
[2]

## bad-choice
$ bpemix infer --unit tokens -t x a=b
! bpemix: --unit: unknown unit 'tokens'; use auto, bytes, pairs or merges
[2]

## bad-range
$ bpemix infer --merges 30:10 -t x a=b
! bpemix: --merges: '30:10' is not a range of merges; give N, A:B with A < B, auto or all
[2]

## bad-size
$ bpemix infer --max-bytes 10Q -t x a=b
! bpemix: --max-bytes: '10Q' is not a size; give a number such as 4 or 100M
[2]

## category-twice
$ fixture tok.json
$ bpemix infer -t tok.json --json r.json en="$en" en="$c"
! bpemix: en: category named twice; give every category one name, several files as a folder
[2]
$ ls r.json* 2> /dev/null
[2]

## closed-pipe
$ fixture tok.json
$ { bpemix infer -qq -t tok.json en="$en" c="$c" 2> err; echo $? > code; } | :
$ cat err
bpemix: standard output: cannot write: Broken pipe
$ exit "$(cat code)"
[1]

## control-characters
# names and paths with control characters do not break lines or reach the terminal as they are
$ fixture tok.json
$ bpemix infer -t tok.json "$(printf 'two\nlines')=$(printf 'no\033such')"
! bpemix: category 'two\nlines': no\x1bsuch: cannot open: No such file or directory
[1]
$ bpemix infer -qq -t tok.json "$(printf 'two\nlines')=$en" c="$c" | sed -n '/^category/,/^$/p'
category     % of bytes             range    sample  documents
two\nlines     58 .. 94                     21.2 kB          4  ##########------
c               6 .. 42                     22.2 kB          4  #------
\
# nor in reports, of which the label is what the command line says
$ bpemix infer -qq -t tok.json --json r.json "$(printf 'two\302\233lines')=$en" c="$c" > /dev/null
$ for f in text markdown csv tsv json html svg latex; do
>     bpemix report --format $f "$(printf 'a\033[31m\342\200\256b')=r.json" > shown.$f
> done
$ LC_ALL=C grep -l "$(printf '\033\|\302\233\|\342\200\256')" r.json shown.*
[1]
$ head -n 1 shown.text | cut -c 1-23; tail -n 1 shown.csv | cut -d , -f 1
a\x1b[31m\xe2\x80\xaeb:
a\x1b[31m\xe2\x80\xaeb

## empty-file
$ fixture tok.json
$ : > empty.txt
$ bpemix infer -t tok.json en=empty.txt c="$c"
! bpemix: category 'en' has no text; give it files with text
[1]

## empty-folder
$ fixture tok.json
$ mkdir empty
$ bpemix infer -t tok.json en=empty c="$c"
! bpemix: category 'en': empty: no files in this folder; put text files into it
[1]

## experiment-pattern
# halves of several folders would be those of the first
$ mkdir -p g/a1/train g/a1/sample g/a2/train g/a2/sample
$ bpemix experiment 'a=g/a*' b=g/a1
! bpemix: a: g/a1/train: no files in this folder; put text files into it
[1]

## file-too-large
# no more than a limit allows: a message, and nothing is left
$ [ -z "$covered" ] || skip 'the notes on lines are files that are too large, too'
$ fixture tok.json
$ (ulimit -f 1 && bpemix words -qq -t tok.json -o a.words en="$en")
! bpemix: a.words: cannot write: File too large
[1]
$ ls a.words* 2> /dev/null
[2]

## folds-of-words
$ fixture tok.json
$ bpemix words -qq -t tok.json -o en.words en="$en"
$ bpemix infer -t tok.json --folds 2 en=en.words c="$c"
! bpemix: category 'en': en.words: words that were counted without folds; count the text with folds, or ask for none (--folds)
[2]

## folds-of-the-panel
# its text is not here to be counted again
$ unset BPEMIX_PANEL
$ fixture tok.json
$ bpemix infer -t tok.json --folds 4 2>&1 | sed 's/.*: the panel/the panel/'
the panel was counted without folds, which intervals need; leave --folds out, as ranges need none, or give your own samples alone
$ bpemix infer -t tok.json --folds 4 --other panel en="$en" 2>&1 | sed 's/.*: the panel/the panel/'
the panel was counted without folds, which intervals need; leave --folds out, as ranges need none, or give your own samples alone
$ bpemix infer -t tok.json --folds 4 --with-panel en="$en" 2>&1 | sed 's/.*: the panel/the panel/'
the panel was counted without folds, which intervals need; leave --folds out, as ranges need none, or give your own samples alone

## no-panel-and-what-asks-for-it
$ unset BPEMIX_PANEL
$ fixture tok.json
$ for o in --with-panel '--panel-categories german' '--other panel'; do bpemix infer -qq -t tok.json --panel none $o en="$en"; done
! bpemix: --panel: 'none' stands for no panel; leave it out, or what asks for the panel
! bpemix: --panel: 'none' stands for no panel; leave it out, or what asks for the panel
! bpemix: --panel: 'none' stands for no panel; leave it out, or what asks for the panel
[2]
$ bpemix panel --panel none
! bpemix: --panel: 'none' stands for no panel; leave it out, or what asks for the panel
[2]
$ bpemix infer -qq -t tok.json --panel none
! bpemix: no categories; give NAME=PATH for each, or --corpus DIR
[2]
$ bpemix infer -qq -t tok.json --panel none --ranges no en="$en" c="$c" | tail -n 1
             is not known

## folds-one
$ fixture tok.json
$ bpemix infer -t tok.json --folds 1 en="$en" c="$c"
! bpemix: one fold leaves nothing to compare; give 2 to 255, or 0 for no intervals (--folds)
[2]

## full-disk-json
$ fixture tok.json
$ [ -w /dev/full ] || skip 'no /dev/full'
$ bpemix infer -qq -t tok.json --json /dev/full en="$en" c="$c"
! bpemix: /dev/full: cannot write: No space left on device
[1]

## full-disk
$ fixture tok.json
$ [ -w /dev/full ] || skip 'no /dev/full'
$ bpemix infer -qq -t tok.json en="$en" c="$c" > /dev/full
! bpemix: standard output: cannot write: No space left on device
[1]

## inspect-words
$ fixture tok.json
$ bpemix words -qq -t tok.json -o c.words c="$c"
$ bpemix inspect c.words
! bpemix: c.words: counted words, no tokenizer; give a tokenizer file
[1]

## interrupt-compressed
# Ctrl-C while compressed standard input pauses
$ fixture tok.json
$ mkfifo pipe
$ (exec 3> pipe; gzip -c tok.json | head -c 600 >&3; sleep 30) & feeder=$!
$ bpemix inspect - < pipe & reader=$!
! bpemix: interrupted; nothing was written
$ sleep 1
$ kill -TERM $reader
$ wait $reader
[130]
$ kill $feeder 2> /dev/null

## interrupt-pipe-open
# Ctrl-C while waiting for somebody to write to a named pipe
$ fixture tok.json
$ mkfifo pipe
$ bpemix count -qq ${one_thread:-} -t tok.json -o a.trace en=pipe & counter=$!
! bpemix: interrupted; nothing was written; with --work DIR, a run can be resumed
$ sleep 1
$ kill -TERM $counter
$ wait $counter
[130]
$ ls a.trace* 2> /dev/null
[2]

## interrupt
# Ctrl-C while reading standard input: nothing is written, exit code 130
$ fixture tok.json
$ mkfifo pipe
$ (exec 3> pipe; echo hello >&3; sleep 30) & feeder=$!
$ bpemix count -qq ${one_thread:-} -t tok.json -o a.trace en=- < pipe & counter=$!
! bpemix: interrupted; nothing was written; with --work DIR, a run can be resumed
$ sleep 1
$ kill -TERM $counter
$ wait $counter
[130]
$ kill $feeder 2> /dev/null
$ ls a.trace* 2> /dev/null
[2]

## invalid-utf8-kept
$ fixture tok.json
$ { cat "$en/01.txt"; printf 'bad \377\376 line\n'; } > bad.txt
$ bpemix infer -qq -t tok.json --json - en=bad.txt c="$c" | grep -c share_bytes
3

## invalid-utf8-refused
$ fixture tok.json
$ printf 'good line\nbad \377 line\n' > bad.txt
$ bpemix infer -t tok.json --invalid refuse en=bad.txt c="$c"
! bpemix: category 'en': bad.txt:2: byte 14 is not UTF-8 (0xff); convert it, or have such bytes replaced (--invalid)
[1]

## json-error-object
$ bpemix infer --json - -t nowhere.json a=b
{
  "error": {
    "status": "E_IO",
    "where": "nowhere.json",
    "what": "cannot open: No such file or directory",
    "hint": ""
  }
}
! bpemix: nowhere.json: cannot open: No such file or directory
[1]
$ bpemix infer --method none --json - -t nowhere.json a=b
{
  "error": {
    "status": "E_USAGE",
    "where": "--method",
    "what": "unknown method 'none'",
    "hint": "use default, lp or monotone"
  }
}
! bpemix: --method: unknown method 'none'; use default, lp or monotone
[2]

## merge-of-text
$ fixture tok.json
$ bpemix words -qq -t tok.json -o a.words en="$en"
$ bpemix words --merge -t tok.json -o b.words a.words
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
[2]

## missing-sample
$ fixture tok.json
$ bpemix infer -t tok.json --json r.json en=nowhere c="$c"
! bpemix: category 'en': nowhere: cannot open: No such file or directory
[1]
$ ls r.json* 2> /dev/null
[2]

## missing-tokenizer
$ bpemix inspect nowhere.json
! bpemix: nowhere.json: cannot open: No such file or directory
[1]

## named-standard-input
$ printf 'hello world\n' | bpemix inspect - 2>&1 | cut -c 1-60
bpemix: standard input: two words a line, but no list of mer
$ printf '{' | bpemix report -
! bpemix: standard input:1: byte 0: not valid JSON; check that the file is whole
[1]

## no-categories
$ bpemix words -t tok.json -o x.words
! bpemix: no categories; give NAME=PATH for each, or --corpus DIR
[2]

## no-command
$ bpemix
! usage: bpemix COMMAND [options] ...
!
! Estimate what a BPE tokenizer was trained on.
!
! commands:
!   infer       Estimate the training mixture of a tokenizer from sample text of every category.
!   count       Count pairs along the merge list and keep the counts for solve.
!   solve       Estimate the mixture from traces, which may come from several machines.
!   verify      Check a disclosed mixture against the merges of a tokenizer.
!   explain     Tell which merges an estimate rests on, and the evidence of a merge.
!   inspect     Say what was read from a tokenizer file or a trace.
!   words       Count the words of samples and keep the counts for infer and count.
!   chunks      Cut samples once, into chunks that serve nearly every tokenizer.
!   panel       List the samples that infer uses when it is given none.
!   encode      Print the token ids of every document, one line each.
!   train       Train a tokenizer on a known mixture of categories.
!   experiment  Train on known mixtures, infer them, and report the error.
!   report      Put results side by side: verdicts, figures and tables as a page or a file.
!   compare     Compare two results, or results with a known mixture.
!   completion  Print a completion script for bash, zsh or fish.
!
! bpemix COMMAND --help lists the options of a command; see also bpemix(1).
[2]

## no-pairs
$ fixture tok.json
$ printf 'a' > one.txt
$ bpemix infer -t tok.json en=one.txt c="$c"
! bpemix: category 'en' has no pairs: its only word is a single symbol; check that its text is of a kind the tokenizer was made for
[1]

## no-tokenizer
$ bpemix infer a=b
! bpemix: --tokenizer: no tokenizer; give a tokenizer file with -t
[2]

## not-a-tokenizer
$ printf '\177ELF\002\001\001' > t.bin
$ bpemix inspect t.bin
! bpemix: t.bin: not a tokenizer in a format known here; give a tokenizer.json, merges.txt, .tiktoken, tekken.json, SentencePiece .model or GGUF file
[1]

## not-a-trace
$ bpemix solve "$top/README.md" 2>&1 | sed "s|$top/||"
bpemix: README.md: not a bpemix trace; give a file that counting wrote

## one-fails-one-waits
# a failure is told at once, although another category waits for a pipe
$ fixture tok.json
$ printf 'bad \377\n' > bad.txt
$ mkfifo waits
$ timeout 60 bpemix words -qq -j 2 --invalid refuse -t tok.json -o out a=bad.txt b=waits
! bpemix: category 'a': bad.txt:1: byte 4 is not UTF-8 (0xff); convert it, or have such bytes replaced (--invalid)
[1]

## output-before-input
# outputs are tried before anything is counted: the category is not there either
$ fixture tok.json
$ bpemix count -t tok.json -o nowhere/a.trace en=nowhere
! bpemix: --output: nowhere/a.trace: cannot create: No such file or directory
[1]
$ bpemix count -t tok.json -o . en=nowhere
! bpemix: --output: .: a folder, not a file to write to; name a file in it
[1]
$ bpemix infer -t tok.json --json '' en=nowhere
! bpemix: --json: no name; name a file
[2]
$ : > plain; bpemix words -t tok.json -o plain en=nowhere c=nowhere
! bpemix: --output: 'plain' is not a folder; several categories are written to a folder, one file each
[2]
$ bpemix words -t tok.json -o folder en=nowhere a/b=nowhere
! bpemix: a/b: a category with '/' cannot name a file; choose another name
[2]
$ bpemix words --merge -o . nowhere.words
! bpemix: --output: .: a folder, not a file to write to; name a file in it
[1]
$ bpemix infer -t tok.json --work /proc/run en=nowhere
! bpemix: --work: /proc/run: cannot make this folder: No such file or directory
[1]
$ bpemix infer -t tok.json --work /proc en=nowhere
! bpemix: --work: /proc: cannot write to this folder: No such file or directory
[1]
$ bpemix words -t tok.json -o o.words --work run en=nowhere
! bpemix: category 'en': nowhere: cannot open: No such file or directory
[1]
$ ls
plain
tok.json

## output-is-input
$ fixture tok.json
$ cp "$en"/*1.txt a.txt
$ bpemix count -qq -t tok.json -o a.trace a=a.txt
$ cp a.trace kept
$ bpemix solve a.trace --json ./a.trace
! bpemix: --json: it would replace an input; choose another file
[2]
$ bpemix count -t tok.json -o a.txt a=a.txt
! bpemix: --output: it would replace an input; choose another file
[2]
$ bpemix solve -qq --json r.json a.trace > /dev/null
$ bpemix report --format json -o r.json label=r.json
! bpemix: --output: it would replace an input; choose another file
[2]
$ bpemix infer -t tok.json --json tok.json a=a.txt
! bpemix: --json: it would replace an input; choose another file
[2]
$ bpemix solve - - < a.trace
! bpemix: standard input: named more than once; give the others as files
[2]
$ cmp a.trace kept
$ mkdir -p s/below && cp a.txt s
$ for place in s/a.words s/below/a.words ./s/below/../b.words "$PWD/s/below" s/new/ s/new/er/a.words; do
>     bpemix words -t tok.json -o "$place" a=s
> done
! bpemix: --output: lies inside sample folder 's' and would be read as text next time; choose another place
! bpemix: --output: lies inside sample folder 's' and would be read as text next time; choose another place
! bpemix: --output: lies inside sample folder 's' and would be read as text next time; choose another place
! bpemix: --output: lies inside sample folder 's' and would be read as text next time; choose another place
! bpemix: --output: lies inside sample folder 's' and would be read as text next time; choose another place
! bpemix: --output: lies inside sample folder 's' and would be read as text next time; choose another place
[2]
$ bpemix words -t tok.json -o near.words --work s/run a=s
! bpemix: --work: lies inside sample folder 's' and would be read as text next time; choose another place
[2]
$ bpemix infer -qq -t tok.json --json s2.json a=s c="$c" > /dev/null && ls
a.trace
a.txt
kept
r.json
s
s2.json
tok.json
$ (cd s && bpemix infer -qq -t ../tok.json --no-provenance --json - a=. > ../out.json) && ls -s out.json | cut -d " " -f 2
out.json
$ mkdir corpus && cp -r s corpus/a && cp -r s corpus/b
$ bpemix words -t tok.json -o corpus/a/out --corpus corpus
! bpemix: --output: lies inside sample folder 'corpus' and would be read as text next time; choose another place
[2]
$ bpemix words -t tok.json -o s/out 'a=s*'
! bpemix: --output: lies inside sample folder 's' and would be read as text next time; choose another place
[2]
$ bpemix words -qq -t tok.json -o corpus/b.words a=corpus/a && ls corpus
a
b
b.words
$ bpemix experiment --trials 1 --journal s/j.jsonl a=s b=corpus/b
! bpemix: --journal: lies inside sample folder 's' and would be read as text next time; choose another place
[2]
$ bpemix experiment --trials 1 --csv j.jsonl --journal j.jsonl a=s b=corpus/b
! bpemix: --csv: 'j.jsonl' is written by --journal, too; choose another file
[2]
$ bpemix train --extend tok.json -o tok.json --vocab-size 400 a=s
! bpemix: --output: it would replace an input; choose another file
[2]

## range-before-input
# what the command line alone shows to be wrong costs no counting
$ fixture tok.json
$ for o in '--merges 5000' '--merges 5000:' '--merges 10:5000' '--gap 1' '--folds 2.5' '--merges 1.5' \
>     '--threads -1' '--max-bytes inf' '--max-bytes 0x10' '--max-bytes 99999999999999999999'; do
>     bpemix infer -t tok.json $o en="$c/01.c" x=nowhere; echo $?
> done
2
2
2
2
2
2
2
2
2
2
! bpemix: --merges: no merges 0 to 5000: the tokenizer has 300; choose another range of merges
! bpemix: --merges: no merges from 5000 on: the tokenizer has 300; choose another range of merges
! bpemix: --merges: no merges 10 to 5000: the tokenizer has 300; choose another range of merges
! bpemix: --gap: 1 is not below 1; give a number below 1, such as 1e-6
! bpemix: --folds: '2.5' is not a whole number; give one such as 4
! bpemix: --merges: '1.5' is not a range of merges; give N, A:B with A < B, auto or all
! bpemix: --threads: '-1' is not a whole number; give one such as 4
! bpemix: --max-bytes: 'inf' is not a size; give a number such as 4 or 100M
! bpemix: --max-bytes: '0x10' is not a size; give a number such as 4 or 100M
! bpemix: --max-bytes: '99999999999999999999' is not a size; give a number such as 4 or 100M

## stdin-twice
$ fixture tok.json
$ bpemix infer -t - en=- < tok.json
! bpemix: standard input: named as the tokenizer and again by category 'en'; give the tokenizer as a file
[2]
$ bpemix encode -t - < tok.json
! bpemix: standard input: named as the tokenizer and again as the text; give one of them as a file
[2]
$ bpemix infer -t tok.json en=- c=- < tok.json
! bpemix: standard input: named by category 'en' and again by 'c'; give one of them as a file
[2]

## trace-as-text
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en"
$ bpemix infer -t tok.json en=a.trace c="$c"
! bpemix: category 'en': a.trace: a trace, not sample text; solve it: its text was counted already
[2]

## trace-cut
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en"
$ head -c 2000 a.trace > b.trace
$ bpemix solve b.trace
! bpemix: b.trace: the checksum does not match: the file is damaged or truncated; copy the file again or count the samples again
[1]

## trace-flipped
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en"
$ { head -c 5000 a.trace; printf 'X'; tail -c +5002 a.trace; } > b.trace
$ bpemix solve --json r.json b.trace
! bpemix: b.trace: the checksum does not match: the file is damaged or truncated; copy the file again or count the samples again
[1]
$ ls r.json 2> /dev/null
[2]

## trace-of-another-tokenizer
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en"
$ bpemix train -qq -o tok2.json --vocab-size 400 en="$en" > /dev/null
$ bpemix count -qq -t tok2.json -o b.trace c="$c"
$ bpemix solve a.trace b.trace
! bpemix: b.trace: the tokenizer's digest is e50adcc11b74a03c..., but 64d5f05969a53389... in a.trace; count both with the same tokenizer and options
[1]

## train-arguments
$ t() { bpemix train -qq -o tok.json "$@"; echo $?; }
$ t --vocab-size 256 en="$top/corpora/bundled/english/train"
2
! bpemix: a vocabulary of 256 tokens; give 257 to 10000000: the 256 bytes, and one token for each merge (--vocab-size)
$ t --mixture en=0.5,c=0.2,en=0.3 en="$top/corpora/bundled/english/train" c="$top/corpora/bundled/c/train"
2
! bpemix: --mixture: 'en' has two shares; give NAME=SHARE,...
$ echo text | t en=-
2
! bpemix: en: '-' cannot be read twice; write its text to a file first, or say how much to read (--train-bytes)
$ mkfifo pipe
$ t en=pipe
2
! bpemix: en: 'pipe' cannot be read twice; write its text to a file first, or say how much to read (--train-bytes)
$ ls tok.json 2> /dev/null
[2]

## train-too-little
# a text that has fewer pairs than merges are asked for
$ mkdir en
$ echo 'aaa ab ab abc' > en/1.txt
$ bpemix train -o tok.json --vocab-size 300 en=en > /dev/null
! bpemix: warning: 5 of 44 merges were learned: the training text has no more pairs
$ bpemix inspect tok.json | grep -e '^merges' -e '^vocabulary'
vocabulary    261
merges        5

## truncated-json
$ printf '{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"' > t.json
$ bpemix inspect t.json
! bpemix: t.json:1: byte 59: not valid JSON; check that the file is whole
[1]

## unigram
$ printf '{"model":{"type":"Unigram","vocab":[["a",0]]}}' > t.json
$ bpemix inspect t.json
! bpemix: t.json: model.type: a Unigram model has no merges; only BPE tokenizers tell about their training data this way
[1]

## unknown-command
$ bpemix guess
! bpemix: guess: unknown command; see bpemix --help
[2]

## unknown-component
$ printf '{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Digits"},{"type":"Psychic"}]},"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}' > t.json
$ bpemix inspect t.json
! bpemix: t.json: pre_tokenizer.pretokenizers[1]: unknown pre-tokenizer 'Psychic'; name a pre-tokenizer in its place, or edit the file (--pretokenizer)
[1]

## unknown-option
$ bpemix infer --frobnicate
! bpemix: --frobnicate: unknown option; see bpemix infer --help
[2]

## unknown-preset
$ fixture tok.json
$ bpemix infer -t tok.json --pretokenizer nonsense en="$en" c="$c" 2>&1 | sed 's/;.*//'
bpemix: tok.json: no pre-tokenizer is called 'nonsense'

## unknown-token-in-merge
$ printf '{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b","ab q"]}}' > t.json
$ bpemix inspect --json t.out t.json > /dev/null && grep -A 3 '"warnings"' t.out
    "warnings": ["merges of tokens that are not in the vocabulary: 1, the first of them model.merges[1]; they carry no constraint"],
    "lineage": [],
    "inherited": 0,
    "cut_tokens": {

## unreadable
$ fixture tok.json
$ mkdir d
$ echo text > d/a.txt
$ chmod 000 d/a.txt
$ [ "$(id -u)" = 0 ] && skip 'root reads everything'
$ bpemix infer -t tok.json en=d c="$c"

## unwritable-output
$ fixture tok.json
$ bpemix count -qq -t tok.json -o nowhere/a.trace en="$en"
! bpemix: --output: nowhere/a.trace: cannot create: No such file or directory
[1]

## wordpiece
$ printf '{"model":{"type":"WordPiece","vocab":{}}}' > t.json
$ bpemix inspect t.json
! bpemix: t.json: model.type: a WordPiece model has no merges; only BPE tokenizers tell about their training data this way
[1]

## wrong-json
$ printf '{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b",{"x":1}]}}' > t.json
$ bpemix inspect t.json
! bpemix: t.json: model.merges[1]: an object that is neither "left right" nor ["left", "right"]; check the file, or fetch it again
[1]

## commands-without-what-they-need
$ bpemix inspect
! bpemix: no file; give a tokenizer or trace file
! usage: bpemix inspect [options] TOKENIZER | FILE.trace
[2]
$ bpemix inspect a b
! bpemix: 2 files; give one tokenizer or trace file
[2]
$ bpemix words -t tok.json en=x
! bpemix: --output: no output file; give the .words file to write with -o, or a folder for several categories
[2]
$ bpemix words --merge -o all.words
! bpemix: --merge: no files; give the .words files to add up
[2]
$ bpemix words --merge --max-bytes 1k -o all.words a.words
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
[2]
$ bpemix train en=x
! bpemix: --output: no output file; give the tokenizer to write with -o
[2]
$ bpemix experiment --trials 0 a=x b=y
! bpemix: --trials: at least one trial is needed
[2]
$ bpemix experiment --omit-share 1.5 a=x b=y
! bpemix: --omit-share: '1.5' is not a share below 1; give a share such as 0.1
[2]
$ bpemix infer -t tok.json nothing
! bpemix: nothing: not a category; give NAME=PATH
[2]
$ bpemix infer -t tok.json --gap x en=a
! bpemix: --gap: 'x' is not a number; give a number such as 1e-6
[2]
$ bpemix infer -t tok.json --quiet=1 en=a
! bpemix: --quiet=1: takes no value; see bpemix infer --help
[2]
$ bpemix infer en=a -t
! bpemix: -t: needs a value; see bpemix infer --help
[2]

## folders-that-are-no-corpus
$ fixture tok.json
$ mkdir empty deep loop
$ bpemix infer -t tok.json --corpus empty
! bpemix: empty: no sub-folders; each category is a sub-folder
[1]
$ ln -s nowhere loop/lost
$ bpemix infer -t tok.json en=loop c="$c"
! bpemix: category 'en': loop/lost: symbolic link that leads nowhere; remove it, or put back what it leads to
[1]
$ d=deep; for i in $(seq 66); do d=$d/d; done; mkdir -p $d; echo text > $d/a.txt
$ bpemix infer -t tok.json en=deep c="$c" 2>&1 | sed 's,deep/[d/]*,deep/...,'
bpemix: category 'en': deep/...: folders nested more than 64 deep; name the folders inside it
$ bpemix infer -t tok.json en=deep/ c="$c" 2>&1 | sed 's,deep/[d/]*,deep/...,'
bpemix: category 'en': deep/...: folders nested more than 64 deep; name the folders inside it
$ echo text > file
$ bpemix words -q -t tok.json -o file/out en="$en" c="$c"
! bpemix: --output: file/out: cannot create: Not a directory
[1]

## wrong-pre-tokenizers
$ refuse() {
>     printf '{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]},"pre_tokenizer":%s}' "$1" > t.json
>     bpemix inspect t.json && echo "accepted: $1"
> }
$ refuse '{"type":"CharDelimiterSplit","delimiter":"ab"}'
! bpemix: t.json: pre_tokenizer.delimiter: not a single character; check the file, or fetch it again
[1]
$ refuse '{"type":"Split","pattern":{"Regex":"x"},"behavior":1}'
! bpemix: t.json: pre_tokenizer.behavior: a number where a string is expected; check that the file is whole
[1]
$ refuse '{"type":"Sequence","pretokenizers":{}}'
! bpemix: t.json: pre_tokenizer.pretokenizers: an object where an array is expected; check that the file is whole
[1]
$ refuse '{"type":"Sequence","pretokenizers":[1]}'
! bpemix: t.json: pre_tokenizer.pretokenizers[0]: a number where an object is expected; check the file, or fetch it again
[1]
$ refuse '{"type":"Metaspace","replacement":"_","prepend_scheme":"sometimes"}'
! bpemix: t.json: pre_tokenizer.prepend_scheme: a string where "always", "first" or "never" is expected; check that the file is whole
[1]
$ refuse '{"type":"FixedLength","length":0}'
! bpemix: t.json: pre_tokenizer.length: a number where a positive integer is expected; check that the file is whole
[1]
$ refuse '{"type":"Unheard"}'
! bpemix: t.json: pre_tokenizer: unknown pre-tokenizer 'Unheard'; name a pre-tokenizer in its place, or edit the file (--pretokenizer)
[1]

## arguments
# operands behind --, values that are missing or of no use, and numbers with a fraction and a unit
$ fixture tok.json
$ bpemix inspect -- tok.json | head -n 2
tokenizer     tok.json
format        tokenizer.json
$ bpemix count -t
! bpemix: -t: needs a value; see bpemix count --help
[2]
$ bpemix count --tokenizer
! bpemix: --tokenizer: needs a value; see bpemix count --help
[2]
$ bpemix count -t tok.json c="$c"
! bpemix: --output: no output file; give the trace file to write with -o
[2]
$ bpemix solve
! bpemix: no traces; give one or more trace files
! usage: bpemix solve [options] FILE.trace ...
[2]
$ bpemix completion tcsh
! bpemix: completion: unknown shell 'tcsh'; use bash, zsh or fish
[2]
$ bpemix completion
! bpemix: completion: no shell; name one: bash, zsh or fish
[2]
$ bpemix words -qq -t tok.json --max-bytes 0.0015M -v -o x.words c="$c" 2>&1 | grep -v peak
c: 173 distinct words, 531 in all, 1464 bytes of text
$ bpemix words -qq -t tok.json --max-bytes .5.5k -o x.words c="$c"
! bpemix: --max-bytes: '.5.5k' is not a size; give a number such as 4 or 100M
[2]
$ bpemix words -qq -t tok.json --max-bytes 10000000000000000000000 -o x.words c="$c"
! bpemix: --max-bytes: '10000000000000000000000' is not a size; give a number such as 4 or 100M
[2]
$ bpemix inspect tok.json > /dev/full
! bpemix: standard output: cannot write: No space left on device
[1]
$ bpemix inspect --json - tok.json > /dev/full
! bpemix: standard output: cannot write: No space left on device
[1]
$ bpemix experiment --help | grep -A 1 -e '--omit ' -e '--inherit' -e '--gap'
      --gap G               certified relative gap to stop at [1e-4]
      --categories N,...    take N categories at random for each trial [all]
      --omit N              categories of the training text that are left out
                            of the samples [0]
--
      --inherit N           merges that are learned first, from another
                            mixture, and not constrained [0]

## sweep
# numbers of merges of one's own, and what is none
$ fixture tok.json
$ bpemix infer -qq -t tok.json --ranges no --sweep 100,200,300 --json r.json en="$en" c="$c" > /dev/null
$ tr -d ' \n' < r.json | grep -o '"sweep":\[.*' | grep -o '"merges":[0-9]*' | head -n 3
"merges":100
"merges":200
"merges":300
# which share moves most, and not the shares, which may not be determined
$ bpemix infer -qq -t tok.json --sweep 100,200,300 en="$en" c="$c" | tail -n 4
  merges   slack  largest change of a share, to the line above
     100   24.8 %
     200   30.1 %  'en' by 0.00 points of bytes
     300   31.6 %  'en' by 0.44 points of bytes
$ bpemix infer -qq -t tok.json --sweep 100,x en="$en" c="$c"
! bpemix: --sweep: '100,x' is not a list of numbers; give numbers of merges such as 300,1000,3000
[2]
$ bpemix infer -qq -t tok.json --sweep 100,0 en="$en" c="$c"
! bpemix: --sweep: '100,0' is not a list of numbers; give numbers of merges such as 300,1000,3000
[2]
# more than the list has: said before anything is counted, so that the sample is not missed
$ bpemix infer -qq -t tok.json --sweep 100,5000 en=nowhere
! bpemix: --sweep: no 5000 merges from 0 on: the tokenizer has 300; give other numbers of merges
[2]
$ bpemix infer -qq -t tok.json -m 100:300 --sweep 100,5000 en=nowhere
! bpemix: --sweep: no 5000 merges from 100 on: the tokenizer has 300; give other numbers of merges
[2]
$ bpemix count -qq -t tok.json -o c.trace en="$en"
$ bpemix solve -qq --sweep 100,5000 c.trace
! bpemix: 300 merges were counted from 0 on, not 5000; give other numbers of merges (--sweep)
[2]

## mixture
$ b="$top/corpora/bundled"
$ t() { bpemix train -qq -o t.json --vocab-size 300 --mixture "$@" english="$b/english/train" c="$b/c/train"; }
$ t english=0.5,d=0.5
! bpemix: --mixture: 'd=0.5' names no category; give NAME=SHARE,...
[2]
$ t english
! bpemix: --mixture: 'english' names no category; give NAME=SHARE,...
[2]
$ t englsh=1
! bpemix: --mixture: 'englsh=1' names no category; did you mean 'english'?
[2]
$ t english=much
! bpemix: --mixture: 'english=much' has no share; give NAME=SHARE,...
[2]
$ t english=1,c=
! bpemix: --mixture: 'c=' has no share; give NAME=SHARE,...
[2]
$ t english=-1
! bpemix: --mixture: 'english=-1' has no share; give NAME=SHARE,...
[2]
$ t english=1,english=2
! bpemix: --mixture: 'english' has two shares; give NAME=SHARE,...
[2]
$ t english=0,c=0
! bpemix: all shares are 0; give some a larger one (--mixture)
[2]

## one-folder-a-category
# one half of each category is in one folder
$ fixture tok.json
$ mkdir -p k/en-1/train k/en-2/train && cp "$en"/* k/en-1/train && cp "$en"/* k/en-2/train
$ bpemix infer -qq -t tok.json --sample-half sample en='k/en-*'
! bpemix: en: the pattern matches 2 of them; each category is one folder with two halves
[2]
$ bpemix infer -qq -t tok.json --sample-half sample en=k/en-1
! bpemix: en: no folder 'k/en-1/sample'; each category needs this sub-folder
[2]

## tokenizer-on-stdin
$ fixture tok.json
$ bpemix count -qq -t - -o a.trace c="$c" < tok.json && bpemix inspect a.trace | sed -n 2p
tokenizer  - (tokenizer.json)
$ bpemix count -qq -t - -o a.trace c=- < tok.json
! bpemix: standard input: named as the tokenizer and again by category 'c'; give the tokenizer as a file
[2]

## empty-names
# A name that is empty, as of a variable of the shell that is not set, is shown.
$ bpemix solve ""
! bpemix: '': cannot open: No such file or directory
[1]
$ bpemix infer -t none.json --corpus ""
! bpemix: '': cannot open folder: No such file or directory
[1]

## numbers-that-are-none
# what strtod() reads besides digits, a point and an exponent
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ for x in 0x10 ' 1' +1 nan 1e; do bpemix solve -qq --time-limit "$x" a.trace; done
! bpemix: --time-limit: '0x10' is not a number; give a number such as 1e-6
! bpemix: --time-limit: ' 1' is not a number; give a number such as 1e-6
! bpemix: --time-limit: '+1' is not a number; give a number such as 1e-6
! bpemix: --time-limit: 'nan' is not a number; give a number such as 1e-6
! bpemix: --time-limit: '1e' is not a number; give a number such as 1e-6
[2]
$ bpemix train -qq -o x.json --mixture 'c= 1' c="$c"
! bpemix: --mixture: 'c= 1' has no share; give NAME=SHARE,...
[2]
$ bpemix experiment -qq --omit-share 0x.1 --corpus "$top/corpora/bundled"
! bpemix: --omit-share: '0x.1' is not a share below 1; give a share such as 0.1
[2]
# lists of nothing, as of a variable that is not set, are not conditions that hold
$ bpemix solve -qq --sweep '' a.trace
! bpemix: --sweep: '' is not a list of numbers; give numbers of merges such as 300,1000,3000
[2]
$ bpemix solve -qq --json r.json a.trace > /dev/null
$ bpemix compare --expect '' a=r.json b=r.json
! bpemix: '' is not a condition; write a measure (mse, log10_mse, rms, max, slack), < or >, and a number, such as mse<1e-5
[2]
$ bpemix chunks -qq -o p.chunks de="$top/corpora/bundled/german"
$ bpemix infer -qq -t tok.json --panel p.chunks --panel-categories '' en="$en" c="$c"
! bpemix: --panel-categories: no category or group ''; 'bpemix panel' lists them
[2]

## options-that-say-nothing
# what was counted already is not read by other rules
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix words -qq -t tok.json -o a.words en="$en"
$ echo '{"en": 0.7, "c": 0.3}' > claim.json
$ bpemix verify --pretokenizer gpt2 --claim claim.json a.trace
! bpemix: --pretokenizer: traces were counted by rules of their own; leave it out
[2]
$ bpemix explain --pretokenizer gpt2 --category en a.trace
! bpemix: --pretokenizer: traces were counted by rules of their own; leave it out
[2]
$ bpemix inspect --pretokenizer gpt2 a.trace
! bpemix: a.trace: a trace, which was counted by rules of its own; leave it out (--pretokenizer)
[2]
$ bpemix inspect --keep-manual a.trace
! bpemix: a.trace: a trace, which was counted by rules of its own; leave it out (--keep-manual)
[2]
$ for x in --folds=4 --binary --skip-bad-records --field=x --text-unit=line --invalid=keep --sample-half=all; do
>     bpemix words --merge $x -o b.words a.words
> done
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
! bpemix: --merge: files of counted words are added up as they are; leave out the options that are about text
[2]

## folders-to-be-made
# a '/' at the end says that the output of words is a folder, also for one category
$ fixture tok.json
$ printf 'text\n' > a.txt
$ bpemix words -qq -t tok.json -o one/ a=a.txt
$ bpemix words -qq -t tok.json -o two/ a=a.txt b=a.txt
$ ls one two
one:
a.words

two:
a.words
b.words
$ bpemix words -qq -t tok.json -o a.txt/ a=a.txt
! bpemix: --output: a.txt/: cannot make this folder: Not a directory
[1]

## files-in-the-place-of-others
# what this program has written is told for what it is wherever something else is asked for
$ fixture tok.json
$ printf 'some text\n' > a.txt
$ bpemix words -qq -t tok.json -o a.words a=a.txt
$ bpemix infer -t a.words a=a.txt b=a.txt
! bpemix: a.words: counted words, no tokenizer; give a tokenizer file
[1]
$ bpemix report a.words
! bpemix: a.words: counted words, not a result; give the result that was made with it
[1]
$ bpemix infer -t tok.json --groups a.words a=a.txt b=a.txt
! bpemix: a.words: counted words, not text; give another file
[1]
$ printf '{"a": 0.7, "b": 0.3}\0{' > claim.json
$ bpemix verify -t tok.json --claim claim.json a=a.txt b=a.txt 2>&1 | tail -n 1
bpemix: claim.json: a zero byte, which text does not have; check that the file is whole
$ printf '{"a": 0.7' > claim.json
$ bpemix verify -t tok.json --claim claim.json a=a.txt b=a.txt 2>&1 | tail -n 1
bpemix: claim.json: claim:1: byte 8: not valid JSON; check that the file is whole

## halves-that-are-not-there
# a name that is misspelled does not have the documents of both halves divided
$ bpemix experiment -qq --trials 1 --train-half trian --corpus "$top/corpora/bundled"
! bpemix: no category has sub-folders 'trian' and 'sample'; leave it out to have documents divided (--train-half)
[2]
$ bpemix experiment -qq --trials 1 --sample-half all --corpus "$top/corpora/bundled"
! bpemix: no category has sub-folders 'train' and 'all'; leave it out to have documents divided (--sample-half)
[2]
# those of both halves, divided
$ bpemix experiment -qq --trials 1 --vocab-size 280 --base-bytes 20k --simulate --train-half all --sample-half all --corpus "$top/corpora/bundled" | grep -c ' all  *24  monotone '
1
