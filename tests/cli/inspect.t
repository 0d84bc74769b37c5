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

## steps
# every kind of step of a normalizer and a pre-tokenizer, with its fields
$ bpemix inspect "$top/tests/fuzz/seeds/tokenizer_json/components" | sed -n '/^normalizer/,/^text unit/p'
normalizer    NFC
              Lowercase
              StripAccents
              Nmt
              Strip  strip_left
              Replace  regex  +  content _
              Prepend  content ▁
              Precompiled  charsmap_bytes 4
              BertNormalizer  clean_text  handle_chinese_chars  strip_accents  lowercase
pre-tokenizer Split, Digits, Punctuation, Metaspace, CharDelimiterSplit, FixedLength, ByteLevel
              Split  regex \p{L}+|.  behavior Removed  invert
              Digits  individual_digits
              Punctuation  behavior Contiguous
              Metaspace  replacement ▁  prepend_scheme first
              CharDelimiterSplit  delimiter x
              FixedLength  length 3
              ByteLevel  use_regex
text unit     line (0 tokens have something behind a newline)
$ bpemix inspect --json - "$top/tests/fuzz/seeds/tokenizer_json/components" | sed -n '/"normalizer"/,/"rules"/p' | tr -d ' \n'
"normalizer":[{"type":"NFC"},{"type":"Lowercase"},{"type":"StripAccents"},{"type":"Nmt"},{"type":"Strip","strip_left":true,"strip_right":false},{"type":"Replace","regex":"+","content":"_"},{"type":"Prepend","content":"▁"},{"type":"Precompiled","charsmap_bytes":4},{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":true,"lowercase":true}],"pretokenizer":{"name":"Split,Digits,Punctuation,Metaspace,CharDelimiterSplit,FixedLength,ByteLevel","steps":[{"type":"Split","regex":"\\p{L}+|.","behavior":"Removed","invert":true},{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"Contiguous"},{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false},{"type":"CharDelimiterSplit","delimiter":"x"},{"type":"FixedLength","length":3},{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}]},"rules":null,
\c

## cut-tokens
# A letter with a digit, a quote with a letter that it does not take along, a newline with a letter: tokens that
# the pre-tokenizer given would have cut, in text, in JSON and as a warning of other commands.
$ { echo '#version: 0.2'; printf '%s\n' 'a 1' "' S" "' s" 'h e' 'Ġ h' 'Ċ b'; } > merges.txt
$ bpemix inspect --pretokenizer gpt2 merges.txt | sed -n '/^text unit/p; /^cut/,/^first/p; /^warnings/,$p'
text unit     document (1 token has something behind a newline)
cut tokens    3
                     0  a | 1
                     1  ' | S
                     5  \n | b
first merges  a 1 | ' S | ' s | h e | ␣ h | \n b
warnings      3 of 6 tokens would be cut by the pre-tokenizer: it is not the one used in training
$ bpemix inspect --pretokenizer gpt2 --list 2 --json - merges.txt | sed -n '/"cut_tokens"/,/^    }/p' | tr -d ' \n'
"cut_tokens":{"count":3,"examples":[{"step":0,"sides":["a","1"]},{"step":1,"sides":["'","S"]},{"step":5,"sides":["\\n","b"]}]},
\c
$ bpemix count -q -t merges.txt --pretokenizer gpt2 -o a.trace c="$c"
! bpemix: warning: merges.txt: 3 of 6 tokens would be cut by the pre-tokenizer: it is not the one used in training

## redundant
# A converted list has every way to make a token; those that learning did not take are listed.
$ cat > t.json <<'END'
> {"pre_tokenizer": {"type": "WhitespaceSplit"}, "model": {"type": "BPE", "vocab":
> {"a": 0, "b": 1, "c": 2, "ab": 3, "bc": 4, "abc": 5, "abca": 6},
> "merges": ["a b", "b c", "a bc", "ab c", "abc a"]}}
> END
$ bpemix inspect t.json | sed -n '/^merges/p; /^redundant/,/^first/p; /^warnings/,$p'
merges        4 of 5 listed
redundant     1
              a bc
first merges  a b | b c | ab c | abc a
warnings      the 5 listed merges make 4 tokens, every split of each; rebuilt in the order of ids
$ bpemix inspect --json - t.json | sed -n '/"redundant"/,/^    }/p' | tr -d ' \n'
"redundant":{"count":1,"examples":[["a","bc"]]},
\c

## ties-of-a-short-list
# that a list is too short to tell is no figure
$ fixture tok.json
$ bpemix inspect tok.json | grep '^ties'
ties          not known: the list is too short
$ bpemix inspect --json - tok.json | grep -A 10 '"ties"' | tr -d ' \n'
"ties":{"rule":"none","ascending_by_eighth":[null,null,null,null,null,null,null,null],"levels_last_half":0,"uninformative_from":null,"estimate":{"last_count":null,"sample_pairs":null,"assumption":null}},
\c

## other-end-mark
# A list that marks the ends of words otherwise than by "</w>" is read all the same: it is whole with
# that mark, and explains text as the usual one does.
$ printf 't h\nth e##\na n\nan d##\ne n##\n' > hash.txt
$ sed 's|##|</w>|' hash.txt > usual.txt
$ bpemix inspect hash.txt | grep warnings
warnings      words end with '##' in this list, in place of '</w>'
$ printf 'the and the then and the\n' > a.txt; printf 'and and an ant then den\n' > b.txt
$ for l in hash usual; do bpemix infer -qq -t $l.txt --pretokenizer whitespace a=a.txt b=b.txt | grep -v $l > $l.out; done
$ cmp hash.out usual.out && grep '^[ab] ' hash.out
a           26 .. 100                       25 B           1  #####-------------
b             0 .. 74                       24 B           1  -------------
# Two merges that were lost are no mark: a comma is a symbol of its own.
$ printf 'q ,\ni t\nq, it\nx y\nx, y\nz, t\n' > lost.txt
$ bpemix inspect lost.txt | grep -A 1 warnings
warnings      merges that never apply: 2; the list is not whole: their sides need tokens that no merge before them makes: 2, the first of them 'x,' in merge 4
              tokens of the vocabulary that encoding never makes: 2, the first of them 'x,y'; they carry no constraint

## clip-with-counts
# What is said of a list that has counts and is longer than CLIP's.
$ printf '"bpe_simple_vocab_16e6.txt\na b 7\n#version: 1\n' > clip.txt
$ bpemix inspect clip.txt | grep format
format        CLIP merges, with counts, as of fastBPE, 1 of 2 listed merges are in use
