# Text to token ids.

## added-tokens
$ fixture t.json
$ printf 'ab<end>   ab' > special.txt
$ printf 'cd cD, xcd cdb' > word.txt
$ bpemix encode -t t.json special.txt word.txt
6 8 6
9 1 9 0 1 0 4 5 1 4 5 3

## ids
$ fixture t.json
$ printf 'AB ab abc' > a.txt
$ printf 'ab ba' | gzip > b.txt.gz
$ : > empty.txt
$ bpemix encode -t t.json a.txt b.txt.gz empty.txt
6 7 7 4
6 1 3 2
\
$ printf 'b x' | bpemix encode -t t.json
3 1 0

## json
$ fixture t.json
$ printf 'ab ab <end>  x' > a.txt
$ printf 'b' > b.txt
$ bpemix encode -t t.json --json out.json a.txt b.txt
6 7 1 8 0
3
$ bpemix encode -t t.json --json - a.txt b.txt | cmp - out.json
$ sed -n '/"documents"/,$p' out.json
  "documents": [
    {
      "ids": [6, 7, 1, 8, 0],
      "tokens": ["ab", "␣ab", "␣", "<end>", "?"]
    },
    {
      "ids": [3],
      "tokens": ["b"]
    }
  ]
}

## jsonl
$ fixture t.json
$ printf '{"text": "ab\\u0020ab", "x": 1}\n \t\n{"text": ""}\r\n{"x": [2], "text": "c\\nd"}' > a.jsonl
$ gzip -k a.jsonl
$ bpemix encode -t t.json a.jsonl a.jsonl.gz
6 7

4 0 5
6 7

4 0 5
$ echo '{"t": "ba"}' | bpemix encode -t t.json --jsonl --field t
3 2
$ bpemix encode -t t.json --field t a.jsonl
! bpemix: a.jsonl:1: no text field; each line must be an object with its text in 't'; the longest string of this one is in 'text' (--field)
[1]

## records-by-content
# as in counting, whatever the name; and what is no text is named
$ fixture t.json
$ printf '{"text": "ab\\u0020ab"}\n{"text": "ba"}\n' > records.txt
$ bpemix encode -t t.json records.txt
6 7
3 2
$ bpemix encode -t t.json - < records.txt
6 7
3 2
$ printf 'a\0b\0 \0a\0b\0 \0a\0b\0 \0' > wide.txt
$ bpemix encode -t t.json wide.txt
! bpemix: wide.txt: text in UTF-16 without a byte order mark; convert it to UTF-8 (iconv -f UTF-16LE -t UTF-8)
[1]
$ printf '%%PDF-1.4\n\345\346\n' > book.txt
$ bpemix encode -t t.json book.txt
! bpemix: book.txt: a PDF document; extract its text first (pdftotext)
[1]

## no-pretokenizer
$ printf '#version: 0.2\na b\nab c\n' > merges.txt
$ printf 'abcab' > a.txt
$ bpemix encode -qq -t merges.txt --pretokenizer gpt2 a.txt
? ?
$ bpemix encode -t merges.txt a.txt
! bpemix: merges.txt: the file holds no pre-tokenizer that is known here; name one, for example gpt2 or cl100k (--pretokenizer)
[2]

## not-utf8
$ fixture t.json
$ printf 'ab\377' > a.txt
$ bpemix encode -t t.json a.txt
! bpemix: a.txt: byte 2 is not UTF-8 (0xff); convert it to UTF-8 first
[1]

## vocab-alone
# A vocabulary without its list can be inspected, and nothing else.
$ printf '{"a": 3, "b": 2, "c": 1, "ab": 0, "abc": 7}' > vocab.json
$ gzip -k vocab.json
$ printf 'abcabb' > a.txt
$ bpemix inspect vocab.json.gz
tokenizer     vocab.json.gz
format        vocab.json
vocabulary    5
merges        0
warnings      a vocabulary without merges: its merges.txt or vocab.bpe is not in the same folder
$ bpemix infer -qq -t vocab.json --pretokenizer gpt2 a=a.txt b=a.txt
! bpemix: vocab.json: a vocabulary without merges; put the merges.txt or vocab.bpe that belongs to it into the same folder, or give that
[1]
$ bpemix count -qq -t vocab.json --pretokenizer gpt2 -o x a=a.txt
! bpemix: vocab.json: a vocabulary without merges; put the merges.txt or vocab.bpe that belongs to it into the same folder, or give that
[1]
$ bpemix encode -qq -t vocab.json --pretokenizer gpt2 a.txt
! bpemix: vocab.json: a vocabulary without merges; put the merges.txt or vocab.bpe that belongs to it into the same folder, or give that
[1]

## vocab-json
# The list beside it is found; what is encoded is the same from either file.
$ printf '#version: 0.2\na b\nab c\n' > my-merges.txt
$ printf '{"a": 3, "b": 2, "c": 1, "ab": 0, "abc": 7}' > my-vocab.json
$ printf 'abcabb' > a.txt
$ bpemix inspect my-vocab.json | sed -n '1,5p'
tokenizer     my-vocab.json
format        merges.txt, my-merges.txt
alphabet      character
vocabulary    5
merges        2
$ bpemix encode -t my-vocab.json --pretokenizer gpt2 a.txt
7 0 2
$ bpemix encode -t my-merges.txt --pretokenizer gpt2 a.txt
7 0 2

## vocab-of-another
$ printf 'x y\nxy z\n' > merges.txt
$ printf '{"a": 3, "b": 2, "c": 1, "ab": 0, "abc": 7}' > vocab.json
$ bpemix inspect vocab.json | grep -E '^(format|vocabulary|merges|warnings)'
format        vocab.json
vocabulary    5
merges        0
warnings      a vocabulary without merges: the list beside it belongs to another
$ printf 'x y\nxyz\n' > merges.txt
$ bpemix inspect vocab.json
! bpemix: vocab.json: merges.txt:2: 'xyz' is not two symbols with a space between them; write "left right"
[1]

## odd-keys
# Of a key that occurs twice the last one counts, and a key may hold a zero byte: the ids are those
# of the tokenizers library (0.23.2).
$ printf '{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "\\u0000": 2, "ab": 9, "ab": 3, "a\\u0000": 5, " ": 4}, "merges": [["a", "b"]]}}' > odd.json
$ printf 'ab\0a b\0' > a.txt
$ bpemix encode -t odd.json a.txt
3 2 0 4 1 2
$ bpemix inspect odd.json | grep again
warnings      keys that occur again in the same object: 1, the first of them 'ab'; the last of each counts, as in the tokenizers library

## halves-that-are-none
# what lies beside a vocabulary or a list, and is no half of it, is told for what it is
$ printf '{"a": 0, "b": 1, "ab": 2}\n' > vocab.json
$ printf 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n' > merges.txt
$ bpemix inspect vocab.json
! bpemix: vocab.json: merges.txt: a pointer of Git LFS, not the file itself; fetch the file with 'git lfs pull', or download it
[1]
$ printf '#version: 0.2\n' > merges.txt
$ bpemix inspect vocab.json
! bpemix: vocab.json: merges.txt: no merges; fetch it again, or remove it
[1]
$ printf 'a b\n' > merges.txt
$ printf 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n' > vocab.json
$ bpemix inspect merges.txt | grep ^warnings
warnings      vocabulary beside the merges not used: vocab.json: a pointer of Git LFS, not the file itself; fetch the file with 'git lfs pull', or download it
