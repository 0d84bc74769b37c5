# Training: rules of ties, limits, going on from a list, counted words, other trainers.

## ties
# lists of the same text differ by the rule alone, and inspect tells which it was
$ t() { bpemix train -qq --vocab-size 3000 -o t.json "$@" x="$top/corpora/bundled/english" > /dev/null &&
>     bpemix inspect t.json | sed -n 's/^ties *\([a-z -]*\);.*/\1/p'; }
$ t
rule ids
$ t --ties sentencepiece
rule length-bytes
$ t --ties random
no rule found
$ cp t.json r.json; t --ties random --seed 1; cmp t.json r.json
no rule found
$ t --ties random --seed 2; cmp -s t.json r.json || echo differ
no rule found
differ

## limits
$ en="x=$top/corpora/bundled/english"
$ bpemix train --min-frequency 100 -o t.json --vocab-size 400 "$en" > /dev/null
! bpemix: warning: 28 of 144 merges were learned: the training text has no more pairs that are allowed by --min-frequency
$ bpemix train -qq --max-token-length 3 -o t.json --vocab-size 600 "$en" > /dev/null
$ LC_ALL=C.UTF-8 grep -cE '^ *"[^"]{4,}": [0-9]' t.json
0
[1]

## extend
# half of a list and the rest from there make the whole
$ en="x=$top/corpora/bundled/english"; de="x=$top/corpora/bundled/german"
$ bpemix train -qq -o whole.json --vocab-size 900 "$en" > /dev/null
$ bpemix train -qq -o half.json --vocab-size 500 "$en" > /dev/null
$ bpemix train -qq -o rest.json --extend half.json --vocab-size 900 "$en" > /dev/null
$ cmp whole.json rest.json
$ bpemix train -qq -o ext.json --extend half.json --pretokenizer half.json --vocab-size 900 "$de" > /dev/null
$ head -n 520 ext.json | cmp -n 4000 - half.json
$ bpemix inspect half.json | grep ^merges; bpemix inspect ext.json | grep ^merges
merges        244
merges        644

# fewer tokens than there are would change nothing
$ bpemix train -qq -o no.json --extend whole.json --vocab-size 900 "$en"
! bpemix: whole.json: it has 900 tokens already, and 900 are asked for; ask for more (--vocab-size)
[2]
$ bpemix train -qq -o no.json --extend nothing.json "$en"
! bpemix: nothing.json: cannot open: No such file or directory
[1]
$ ls no.json
! ls: cannot access 'no.json': No such file or directory
[2]

## words
# counted words in place of text: the same list, and weights by the shares asked for
$ en="$top/corpora/bundled/english/train"; de="$top/corpora/bundled/german/train"
$ bpemix train -qq -o t.json --vocab-size 700 x="$en" > /dev/null
$ bpemix words -qq -t t.json --text-unit line -o en.words en="$en"
$ bpemix words -qq -t t.json --text-unit line -o de.words de="$de"
$ bpemix train -qq -o w.json --vocab-size 700 x=en.words > /dev/null; cmp t.json w.json
$ bpemix train -qq -o w.json --vocab-size 700 --mixture en=3,de=1 --train-bytes 100M en=en.words de=de.words
category    % of bytes         bytes
en               75.00      75000000
de               25.00      25000000

## simulated
# words of text of any size, as trials of experiments are trained on; the shares are those that were drawn
$ x() { bpemix train -qq --simulate --vocab-size 600 --mixture english=0.7,c=0.3 --corpus "$top/corpora/bundled" "$@"; }
$ x -o t.json --train-bytes 10G --json known.json | sed -n '2,3p'
c                29.93    2989248898
english          70.07    6998457664
$ x -o u.json --train-bytes 10G -j 1 > table; cmp t.json u.json
$ x -o u.json --train-bytes 10G --seed 2 > table; cmp -s t.json u.json || echo other words
other words

# categories in another order are drawn alike
$ b="$top/corpora/bundled"
$ bpemix train -qq --simulate --vocab-size 600 --mixture english=0.7,c=0.3 -o u.json --train-bytes 10G \
>     english=$b/english c=$b/c | tail -n 2 | sort; cmp t.json u.json
c                29.93    2989248898
english          70.07    6998457664

$ b="$top/corpora/bundled"
$ bpemix infer -qq -t t.json --json r.json english=$b/english c=$b/c > table
$ bpemix compare --truth known.json r.json | tail -n 1
r: the truth is inside 2 of 2 ranges.
$ bpemix words -qq -t t.json -o en.words en=$b/english
$ bpemix train -qq --simulate --train-bytes 1M -o u.json en=en.words
! bpemix: en: counted words hold no documents to draw; give the text itself
[1]

## sentencepiece
# rules of a SentencePiece model make one, which says so and is read back
$ bpemix train -qq --pretokenizer sentencepiece --vocab-size 600 -o t.model x="$top/corpora/bundled/german" > /dev/null
$ bpemix inspect t.model | grep -E "^(format|vocabulary|alphabet)"
format        SentencePiece
alphabet      character
vocabulary    600
$ bpemix train -qq --pretokenizer t.model --vocab-size 600 -o u.model x="$top/corpora/bundled/german" > /dev/null
$ cmp t.model u.model
$ bpemix train -qq --extend t.model --vocab-size 700 -o u.model x="$top/corpora/bundled/german"
! bpemix: t.model: training cannot continue from a SentencePiece model; continue from a tokenizer.json
[1]

## trainer
# a trainer of one's own gets the text and writes the file
$ bpemix train -qq --train-bytes 10k --vocab-size 300 -o t.json \
>     --trainer 'wc -l < {text} > /dev/null && echo {vocab} > {out}' x="$top/corpora/bundled/english" > /dev/null
$ cat t.json
300
$ bpemix train -qq --vocab-size 300 -o u.json --trainer 'exit 7' x="$top/corpora/bundled/english"
! bpemix: trainer: the command failed with status 7
[1]
$ bpemix train -qq --vocab-size 300 -o u.json --trainer true x="$top/corpora/bundled/english"
! bpemix: trainer: the command wrote no tokenizer to {out}
[1]
$ for o in --simulate --ties=length --extend=t.json --min-frequency=3 --max-token-length=9 --pretokenizer=o200k; do
>     bpemix train -qq -o u.json --trainer 'cp t.json {out}' $o x="$top/corpora/bundled/english"
> done
! bpemix: another trainer does not follow it; put it into the command, in that trainer's own words (--simulate)
! bpemix: another trainer does not follow it; put it into the command, in that trainer's own words (--ties)
! bpemix: another trainer does not follow it; put it into the command, in that trainer's own words (--extend)
! bpemix: another trainer does not follow it; put it into the command, in that trainer's own words (--min-frequency)
! bpemix: another trainer does not follow it; put it into the command, in that trainer's own words (--max-token-length)
! bpemix: another trainer does not follow it; put it into the command, in that trainer's own words (--pretokenizer)
[2]
$ ls u.json
! ls: cannot access 'u.json': No such file or directory
[2]

## limits-that-end-the-list
# what ended the list is said: the text, or an option
$ bpemix train -o x.json --vocab-size 300 --min-frequency 1k c="$c" > /dev/null
! bpemix: warning: 1 of 44 merges were learned: the training text has no more pairs that are allowed by --min-frequency
$ bpemix train -o x.json --vocab-size 300 --max-token-length 1 c="$c" > /dev/null
! bpemix: warning: 0 of 44 merges were learned: the training text has no more pairs that are allowed by --max-token-length
$ bpemix train -o x.json --vocab-size 300 --max-token-length 2 --min-frequency 100 c="$c" > /dev/null
! bpemix: warning: 16 of 44 merges were learned: the training text has no more pairs that are allowed by --min-frequency and --max-token-length

## standard-output-is-for-one
# the tokenizer there is alone, and nothing else can go there
$ printf 'a b a b a b\n' > t.txt
$ bpemix train -qq --vocab-size 257 -o - a=t.txt | tail -n 2
  }
}
$ bpemix train -qq --vocab-size 257 -o - --json - a=t.txt > /dev/null
! bpemix: --json: '-' is written by --output, too; choose another file
[2]
$ bpemix experiment --csv - --json - a=. > /dev/null
! bpemix: --json: '-' is written by --csv, too; choose another file
[2]
