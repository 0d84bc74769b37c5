# What a file announces or unpacks to is bounded before memory is asked for.

## endless
# told by its first bytes, not read to its end
$ timeout 20 bpemix solve /dev/zero
! bpemix: /dev/zero: not a bpemix trace; give a file that counting wrote
[1]
$ timeout 20 bpemix words --merge -o sum.words /dev/zero
! bpemix: /dev/zero: not a file of counted words; pass a file that bpemix wrote
[1]

$ timeout 20 bpemix inspect /dev/zero
! bpemix: /dev/zero: not a tokenizer in a format known here; give a tokenizer.json, merges.txt, .tiktoken, tekken.json, SentencePiece .model or GGUF file
[1]
$ timeout 20 bpemix report /dev/zero
! bpemix: /dev/zero:1: byte 0: a zero byte; check that the file is whole
[1]
$ timeout 20 bpemix experiment -q --journal /dev/zero a="$en" b="$c"
! bpemix: /dev/zero: not a journal of trials; give another file
[1]
# text that never ends, by the commands that need all of it or no line of it
$ fixture tok.json
$ bpemix words -qq -t tok.json -o w.words x=/dev/zero
! bpemix: category 'x': /dev/zero: a line of more than 67108864 bytes at byte 0; is this a text file?
[1]
$ bpemix train -qq --vocab-size 300 -o new.json x=/dev/zero > /dev/null
! bpemix: x: '/dev/zero' cannot be read twice; write its text to a file first, or say how much to read (--train-bytes)
[2]
$ bpemix chunks -qq -o c.chunks x=/dev/zero
! bpemix: category 'x': /dev/zero: 67108864 bytes from byte 0 that cannot be cut without changing the words of this pre-tokenizer; split the file, or count lines one by one
[1]
$ timeout 60 sh -c 'yes "[" | bpemix report -'
! bpemix: standard input: more than 1073741824 bytes; give it in parts, or another file
[1]
$ [ -z "$sanitized" ] || skip 'a gigabyte takes long with the sanitizers'
$ timeout 60 bpemix encode -t tok.json /dev/zero
! bpemix: /dev/zero: more than 1073741824 bytes; give it in parts, or another file
[1]
# blocks of nothing, as many as one likes, and a header of gzip whose comment never ends
$ { printf '\037\213\010\020\000\000\000\000\000\377'; yes; } | timeout 60 bpemix words -qq -t tok.json -o w.words x=-
! bpemix: category 'x': standard input: damaged compressed data: there is nothing in it for a gigabyte; fetch or compress the file again
[1]
$ printf '\050\265\057\375' > nothing.zst; truncate -s 1100M nothing.zst
$ bpemix inspect nothing.zst
! bpemix: nothing.zst: damaged compressed data: there is nothing in it for a gigabyte; fetch or compress the file again
[1]

## bomb
# a compressed file of little that unpacks to much, with the first bytes of a trace
$ [ -z "$sanitized" ] || skip 'the sanitizers keep more memory than that'
$ { printf 'bpemix-trace\n\001'; head -c 200000000 /dev/zero; } | gzip -1 > bomb.trace
$ bpemix solve --memory-limit 100M bomb.trace
! bpemix: out of memory; use smaller samples or a machine with more memory
[1]
$ bpemix inspect --memory-limit 100M bomb.trace
! bpemix: out of memory; use smaller samples or a machine with more memory
[1]

## too-little
# no estimate where there is no memory for one, and nothing half written
$ [ -z "$sanitized" ] || skip 'the sanitizers keep more memory than that'
$ fixture tok.json
$ bpemix infer -qq --memory-limit 8M -t tok.json --json r.json en="$en" c="$c"
! bpemix: out of memory; use smaller samples or a machine with more memory (--max-bytes)
[1]
$ ls r.json* 2> /dev/null
[2]

## sizes
$ bpemix inspect --memory-limit lots tok.json
! bpemix: --memory-limit: 'lots' is not a size; give a number such as 4 or 100M
[2]
$ fixture tok.json
$ bpemix inspect -q --memory-limit 200M tok.json | head -n 1
tokenizer     tok.json
$ bpemix inspect -q --memory-limit half tok.json | head -n 1
tokenizer     tok.json

## full-disk
# what is finished is kept, and the next run takes it from there
$ [ -z "$sanitized" ] || skip 'a library of ours cannot be loaded before the sanitizers'
$ fixture tok.json
$ full() { LD_PRELOAD=$BUILD/tests/faults/full_disk.so DISK_BYTES=14000 "$@"; }
$ full bpemix count -qq -j 1 --work run -t tok.json -o a.trace a="$en" b="$c" 2> err
[1]
$ sed 's/-[0-9a-f]*\.words/-KEY.words/' err
bpemix: category 'b': run/b-KEY.words: cannot write: No space left on device; what is finished is kept there: make room, then run the same command again
$ ls run | sed 's/-.*//'; ls a.trace* 2> /dev/null
a
[2]
$ bpemix count -qq -j 1 --work run -t tok.json -o a.trace a="$en" b="$c"
$ bpemix count -qq -t tok.json -o b.trace a="$en" b="$c"
$ cmp a.trace b.trace && ls run | sed 's/-.*//'
a
b
# other outputs; threads that write side by side would have the room of each other
$ full bpemix count -qq -t tok.json -o c.trace a="$en" b="$c"
! bpemix: c.trace: cannot write: No space left on device
[1]
$ full bpemix words -qq -j 1 -t tok.json -o c.words a="$en" b="$c"
! bpemix: c.words/b.words: cannot write: No space left on device
[1]
$ full bpemix train -qq -o c.json a="$en" b="$c" > /dev/null
! bpemix: c.json: cannot write: No space left on device
[1]
$ ls c.*
a.words

## text-without-a-cut
# lines, and documents of a pre-tokenizer that nothing divides, are held whole, up to 64 MiB
$ bpemix train -qq --pretokenizer sentencepiece --vocab-size 300 -o t.model x="$top/corpora/bundled/german" > /dev/null
$ bpemix train -qq --pretokenizer superbpe --vocab-size 300 -o t.json x="$top/corpora/bundled/german" > /dev/null
$ endless() { head -c 67200000 /dev/zero | tr '\0' x | bpemix words -qq -o a.words x=- "$@"; }
$ endless -t t.model
! bpemix: category 'x': standard input: a line of more than 67108864 bytes at byte 0; is this a text file?
[1]
$ endless -t t.json --text-unit document
! bpemix: category 'x': standard input: 67108864 bytes from byte 0 that cannot be cut without changing the words of this pre-tokenizer; split the file, or count lines one by one (--text-unit)
[1]
