# What a tokenizer or a trace tells of itself.

## list-all
# every finding in full, as many as --list says, in text and in JSON
$ { printf '#version: 0.2\n'; for i in 1 2 3 4 5 6; do echo "a b"; echo "c d"; echo "e f"; done; } > merges.txt
$ bpemix inspect --pretokenizer gpt2 --list 40 merges.txt | sed -n '/^repeated/,/^first/p'
repeated      15
              a b
              c d
              e f
              a b
              c d
              e f
              a b
              c d
              e f
              a b
              c d
              e f
              a b
              c d
              e f
first merges  a b | c d | e f | a b | c d | e f | a b | c d | e f | a b
$ bpemix inspect --pretokenizer gpt2 merges.txt | sed -n '/^repeated/,/^first/p'
repeated      15
              a b
              c d
              e f
              a b
              c d
first merges  a b | c d | e f | a b | c d | e f | a b | c d | e f | a b
$ bpemix inspect --pretokenizer gpt2 --list 40 --json - merges.txt | sed -n '/repeated/,/}/p'
    "repeated": {
      "count": 15,
      "examples": [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
        ["a", "b"],
        ["c", "d"],
        ["e", "f"]
      ]
    },

## pipe
# a tokenizer or a trace that can be read only once
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace c="$c"
$ gzip -k tok.json
$ for f in tok.json tok.json.gz a.trace; do
>     mkfifo pipe
>     cat $f > pipe &
>     bpemix inspect pipe | head -n 2
>     rm pipe
>     bpemix inspect - < $f | head -n 2
> done
tokenizer     pipe
format        tokenizer.json
tokenizer     -
format        tokenizer.json
tokenizer     pipe
format        tokenizer.json
tokenizer     -
format        tokenizer.json
trace      300 merges, 1672 pairs, 2928 changes of counts
tokenizer  tok.json (tokenizer.json)
trace      300 merges, 1672 pairs, 2928 changes of counts
tokenizer  tok.json (tokenizer.json)

## published
# Every published file can be read, in whatever format it comes.
$ [ -d "${BPEMIX_TOKENIZERS:-}" ] || skip 'BPEMIX_TOKENIZERS is not set'
$ n=0
$ for f in "$BPEMIX_TOKENIZERS"/*/*.gz; do
>     bpemix inspect "$f" > out 2> err || { echo "$f: $(head -n 1 err)"; continue; }
>     grep -q '^vocabulary ' out || echo "$f: no vocabulary"
>     n=$((n + 1))
> done
$ [ $n -gt 0 ] || echo "no files"

## size-estimate
# The size of a training text, read from the ties of the merge list it made, is
# right within a factor of three, even where it is only 40 KB.
$ b=$top/corpora/bundled
$ try() {
>     bpemix train -qq -o t.json --vocab-size "$1" x="$2" > /dev/null
>     bpemix count -qq -t t.json --text-unit line -o t.trace x="$2"
>     pairs=$(bpemix inspect t.trace | awk '$1 == "x" { print $NF }')
>     bpemix inspect -q --json t.insp t.json > /dev/null
>     awk -v pairs="$pairs" -v name="${2#"$b"/}" '
>         /"sample_pairs"/ { gsub(/[^0-9.e+]/, "", $2); estimate = $2 + 0 }
>         END { print name, (estimate > pairs / 3 && estimate < 3 * pairs) ? "close" : estimate "/" pairs }' t.insp
> }
$ try 3256 "$b/english"
english close
$ try 3256 "$b/c"
c close
$ try 3256 "$b/python"
python close
$ try 2756 "$b/spanish"
spanish close

## trace
$ fixture tok.json
$ bpemix count -qq -t tok.json -o a.trace en="$en" c="$c"
$ bpemix inspect a.trace | sed 's/^digest.*/digest/'
trace      300 merges, 3498 pairs, 8255 changes of counts
tokenizer  tok.json (tokenizer.json)
digest
options    max_bytes 0, text_unit line, invalid keep, jsonl false, field text, folds 0, merges 300

category    sample  documents         words         pairs
en         21.2 kB          4          4834         16412
c          22.2 kB          4          8223         14027
