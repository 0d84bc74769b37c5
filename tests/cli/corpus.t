# Folders of categories, and categories of two halves.

## halves
$ fixture tok.json
$ cp -r "$top/corpora/bundled" corpus && mkdir corpus/copyright && echo notices > corpus/copyright/a
$ bpemix infer -qq -t tok.json --corpus corpus --json a.json --no-provenance > a.txt
$ bpemix infer -qq -t tok.json c=corpus/c english=corpus/english french=corpus/french \
>     german=corpus/german python=corpus/python spanish=corpus/spanish > b.txt
$ bpemix infer -qq -t tok.json c=corpus/c/sample english=corpus/english/sample \
>     french=corpus/french/sample german=corpus/german/sample python=corpus/python/sample \
>     spanish=corpus/spanish/sample > c.txt
$ cmp a.txt b.txt && cmp b.txt c.txt && grep -c '"name": "copyright"' a.json
0
[1]
$ bpemix infer -qq -t tok.json --sample-half train c=corpus/c english=corpus/english > a.txt
$ bpemix infer -qq -t tok.json c=corpus/c/train english=corpus/english/train > b.txt
$ cmp a.txt b.txt
$ bpemix infer -qq -t tok.json --sample-half all c=corpus/c english=corpus/english > a.txt
$ cmp -s a.txt b.txt
[1]

## some-halves
$ fixture tok.json
$ bpemix infer -t tok.json c="$top/corpora/bundled/c" english="$en" > /dev/null
! bpemix: warning: category 'c': its sub-folders 'train' and 'sample' are read together; not every category has them (--sample-half)
$ bpemix infer -qq -t tok.json --sample-half test c="$top/corpora/bundled/c" 2>&1 | sed "s|$top|TOP|"
bpemix: c: no folder 'TOP/corpora/bundled/c/test'; each category needs this sub-folder

## one-category-as-a-corpus
$ fixture tok.json
$ cp -r "$top/corpora/bundled/c" c
$ bpemix infer -t tok.json --corpus c
! bpemix: c: its sub-folders are 'train' and 'sample': two halves of one category, not categories; give the folder that holds it, or NAME=PATH
[2]

## two-corpora
$ fixture tok.json
$ mkdir a b && cp -r "$en" a/en && cp -r "$c" b/c
$ bpemix infer -qq -t tok.json --corpus a --corpus b > both.txt
$ bpemix infer -qq -t tok.json en=a/en c=b/c > named.txt
$ cmp both.txt named.txt
$ bpemix infer -t tok.json --corpus a --corpus a
! bpemix: en: category named twice; give every category one name, several files as a folder
[2]
$ bpemix infer -t tok.json -t other.json --corpus a
! bpemix: --tokenizer: given twice: 'tok.json' and 'other.json'; give it once
[2]

## outputs
$ fixture tok.json
$ mkdir corpus && cp -r "$en" corpus/en
$ bpemix infer -t tok.json --corpus corpus --work corpus/work
! bpemix: --work: lies inside sample folder 'corpus' and would be read as text next time; choose another place
[2]
$ bpemix count -t tok.json --corpus corpus -o corpus/a.trace
! bpemix: --output: lies inside sample folder 'corpus' and would be read as text next time; choose another place
[2]
$ bpemix infer -t tok.json --corpus corpus --work no/such/folder
! bpemix: --work: no/such/folder: cannot make this folder: No such file or directory
[1]
$ bpemix train -o x.json --json ./x.json --corpus corpus
! bpemix: --json: './x.json' is written by --output, too; choose another file
[2]
$ bpemix infer -t tok.json --corpus corpus --work ''
! bpemix: --work: no name; name a folder
[2]
$ ls
corpus
tok.json
# several at once may share one that is not there yet
$ for round in 1 2 3 4 5; do
>     rm -rf run
>     for k in 1 2 3; do
>         bpemix count -qq -j 1 --work run -t tok.json --corpus corpus -o $k.trace &
>     done
>     wait
>     cmp 1.trace 2.trace && cmp 1.trace 3.trace
>     rm [1-3].trace
> done
$ ls; ls run | wc -l
corpus
run
tok.json
1

## long-names
# of 250 bytes, which a file may have, but not with what is put behind it
$ fixture tok.json
$ n=$(printf '%0250d' 0)
$ bpemix infer -qq -t tok.json --json "$n" "$n=$en" c="$c" > /dev/null && test -s "$n" && echo written
written
$ bpemix count -qq -t tok.json --work w -o "$n.t" "$n=$en" c="$c" && ls w | wc -l
2
$ bpemix words -qq -t tok.json -o folder "$n=$en" c="$c"
! bpemix: a category whose name has 250 bytes cannot name a file; choose a shorter name
[2]
