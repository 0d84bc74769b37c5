# Help, version and completion.

## completion
$ bpemix completion bash > c.bash && bash -n c.bash && grep -c 'complete -F' c.bash
1
# what is offered for the last of these words
$ cat > offer.bash <<'B'
> . ./c.bash
> offer() {
>     COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
>     _bpemix 2> /dev/null
>     echo "$*: ${COMPREPLY[*]}"
> }
> offer bpemix in
> offer bpemix completion ''
> offer bpemix solve --me
> offer bpemix solve --method ''
> offer bpemix solve --method = ''
> offer bpemix solve --method =
> offer bpemix solve --method = l
> offer bpemix infer --merges a
> offer bpemix infer --pretokenizer deepseek-
> offer bpemix infer english = cor
> B
$ bash offer.bash
bpemix in: infer inspect
bpemix completion : bash zsh fish
bpemix solve --me: --merges --method --memory-limit
bpemix solve --method : default lp monotone
bpemix solve --method = : default lp monotone
bpemix solve --method =: default lp monotone
bpemix solve --method = l: lp
bpemix infer --merges a: auto all
bpemix infer --pretokenizer deepseek-: deepseek-v3 deepseek-coder deepseek-llm
bpemix infer english = cor: 

## completion-in-fish
# Help is quoted: it has colons, brackets and apostrophes.
$ command -v fish > f || skip 'no fish'
$ bpemix completion fish > c.fish && fish -n c.fish
$ fish -c 'source c.fish; complete -C "bpemix compare --gr"; complete -C "bpemix report --forma"; complete -C "bpemix solve --method l"'
--groups	groups of categories, a line each: category, tab, group, and optionally tab, label
--format	auto: by what the output's name ends in
lp	lp: the paper's linear program
$ fish -c 'source c.fish; complete -C "bpemix rep"'
report	Put results side by side: verdicts, figures and tables as a page or a file.

## completion-in-zsh
$ command -v zsh > f || skip 'no zsh'
$ bpemix completion zsh > _bpemix && zsh -n _bpemix
$ grep -e '--format=' _bpemix
            '--format=[auto\: by what the output'\''s name ends in]:format:(auto html svg markdown latex csv tsv json text)' \
$ zsh -f -c 'fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; echo $_comps[bpemix]'
_bpemix

## infer
$ bpemix infer --help
usage: bpemix infer -t TOKENIZER [options] [NAME=PATH ... | --corpus DIR]

Estimate the training mixture of a tokenizer from sample text of every category.

options, with their defaults in brackets:
  -t, --tokenizer FILE      tokenizer file, any format, plain or compressed; -
                            is standard input
      --pretokenizer NAME   preset pre-tokenizer in place of the file's own
      --keep-manual         constrain merges that look added by hand or are
                            too long
      --corpus DIR          each sub-folder of DIR, or category of a file of
                            chunks, is a category; may be given several times
      --panel FILE|none     file of chunks to take for the panel, the samples
                            that come with the program, also added to those
                            given; none: do not look up in it what these lack
                            [installed]
      --panel-categories NAME,...
                            categories, or groups of them, to take of the
                            panel [all]
      --with-panel          add the categories of the panel to those that are
                            given; without any, the panel is used anyway
      --other DIR|panel     pool the categories of DIR, or of the panel, that
                            are no candidates, and tell their share apart from
                            the shares [none]
      --max-bytes SIZE      read at most SIZE of each category, a reproducible
                            sample of its documents [all]
      --text-unit auto|document|line
                            what the normalizer and pre-tokenizer see at once;
                            auto: document if a token contains text after a
                            newline, otherwise line [auto]
      --invalid auto|keep|replace|refuse
                            what to do with bytes that are not UTF-8; auto:
                            keep for byte-level tokenizers, otherwise refuse
                            [auto]
      --binary              count formats that are not text (PDF, Parquet,
                            programs, images) byte by byte
      --skip-bad-records    leave out JSONL records that cannot be read, and
                            say how many
      --jsonl               every input is JSONL, also those not named .jsonl
                            or .ndjson
      --field NAME          field of JSONL records that holds the text [text]
      --work DIR            keep finished word counts in DIR and resume from
                            there
      --folds N             90 % intervals by a delete-one-fold jackknife: N
                            more solutions; 8 is usual [none]
  -m, --merges N|A:B|auto|all
                            constrain the first N merges, merges A..B-1, or
                            all; auto: as many as the samples have counts for,
                            after the inherited part [auto]
      --method default|lp|monotone
                            lp: the paper's linear program; monotone: with
                            training counts that never increase [monotone]
      --weights default|none|quarter
                            quarter: weigh slack by count^(-1/4); the default
                            for lp is none [quarter]
      --scale default|merges|pairs
                            minimize slack as a fraction of the merges'
                            occurrences, or of all pairs as the paper does;
                            default: pairs, or merges if the constraints begin
                            after merge 0 or symbols are characters [default]
      --ranges yes|no       range of every share over all mixtures that
                            explain the merges nearly as well as the best
                            [yes]
      --sweep N,N,...       solve with these numbers of merges, too
      --phases no|auto      auto: find phases of the list, stretches learned
                            from different mixtures; infer each alone [no]
      --train-size SIZE     size of the tokenizer's training text, for the
                            intervals of --folds; ties: estimated from the
                            ties in the list [ties]
      --gap G               certified relative gap to stop at; default: 1e-6,
                            with more than 300 categories 1e-4, with --method
                            lp 1e-11; with the panel 1e-4 [default]
      --time-limit SEC      stop solving after SEC seconds with the bounds
                            reached [none]
      --unit auto|bytes|pairs|merges
                            unit of the shares in the table; auto: bytes, or
                            merges behind an inherited part [auto]
      --force               show shares even if the verdict is that they are
                            unusable
      --list N              list N of the merges that are explained worst and
                            of those in no sample; -v lists 20 [none]
      --groups FILE         groups of categories, a line each: category, tab,
                            group, and optionally tab, label
      --json FILE           write JSON to FILE; - is standard output
      --provenance summary|full
                            in the JSON: a line for the text of each category,
                            or one for each file [summary]
      --no-provenance       leave out provenance and timings
      --sample-half NAME    sub-folder of each category to read; all:
                            everything; auto: sample where all have train and
                            sample [auto]
  -j, --threads N           threads, which never change the result; all: one
                            per processor [all]
      --memory-limit SIZE   most memory to allocate; half: half of the
                            machine's memory [half]
      --progress auto|json|none
                            progress on standard error; auto: on terminals;
                            json: an object a line [auto]
      --color auto|always|never
                            colours in tables; auto: on terminals, unless
                            NO_COLOR is set [auto]
  -q, --quiet               no progress; twice: no warnings either
  -v, --verbose             say more about what is done
  -h, --help                show this help

exit status: 0 done, 1 input, output or memory, 2 command line,
3 linear program not solved, 130 interrupted.  See bpemix-infer(1).

## overview
$ bpemix --help
usage: bpemix COMMAND [options] ...

Estimate what a BPE tokenizer was trained on.

commands:
  infer       Estimate the training mixture of a tokenizer from sample text of every category.
  count       Count pairs along the merge list and keep the counts for solve.
  solve       Estimate the mixture from traces, which may come from several machines.
  verify      Check a disclosed mixture against the merges of a tokenizer.
  explain     Tell which merges an estimate rests on, and the evidence of a merge.
  inspect     Say what was read from a tokenizer file or a trace.
  words       Count the words of samples and keep the counts for infer and count.
  chunks      Cut samples once, into chunks that serve nearly every tokenizer.
  panel       List the samples that infer uses when it is given none.
  encode      Print the token ids of every document, one line each.
  train       Train a tokenizer on a known mixture of categories.
  experiment  Train on known mixtures, infer them, and report the error.
  report      Put results side by side: verdicts, figures and tables as a page or a file.
  compare     Compare two results, or results with a known mixture.
  completion  Print a completion script for bash, zsh or fish.

bpemix COMMAND --help lists the options of a command; see also bpemix(1).

## unknown
$ bpemix help nowhere
! bpemix: nowhere: unknown command; see bpemix --help
[2]
$ bpemix completion zsh > c.zsh && bpemix completion fish > c.fish && grep -l 'infer' c.zsh c.fish
c.zsh
c.fish
$ bpemix completion tcsh
! bpemix: completion: unknown shell 'tcsh'; use bash, zsh or fish
[2]
$ bpemix help solve | head -n 1
usage: bpemix solve [options] FILE.trace ...

## version
$ bpemix --version | sed 's/ [0-9][0-9.]*/ VERSION/g'
bpemix VERSION
cJSON VERSION, GLPK VERSION, libarchive VERSION, PCRE2 VERSION (Unicode VERSION), utf8proc VERSION (Unicode VERSION), xxHash VERSION, zlib VERSION
Licence: GNU GPL version VERSION or later; there is no warranty, to the extent that the law allows.

## suggestions
$ bpemix infr; bpemix trian; bpemix xyzzy
! bpemix: infr: unknown command; did you mean 'infer'?
! bpemix: trian: unknown command; did you mean 'train'?
! bpemix: xyzzy: unknown command; see bpemix --help
[2]
$ bpemix infer --tokeniser x; bpemix infer --xyzzy
! bpemix: --tokeniser: unknown option; did you mean '--tokenizer'?
! bpemix: --xyzzy: unknown option; see bpemix infer --help
[2]
$ bpemix infer --method linear; bpemix infer --method monotne
! bpemix: --method: unknown method 'linear'; use default, lp or monotone
! bpemix: --method: unknown method 'monotne'; did you mean 'monotone'?
[2]
$ bpemix train -o t.json --mixture germn=1 german="$en" french="$en"
! bpemix: --mixture: 'germn=1' names no category; did you mean 'german'?
[2]

## progress
$ fixture tok.json
$ bpemix infer -j 1 --folds 2 --progress json -t tok.json en="$en" c="$c" 2>&1 > /dev/null |
>     sed -n '/intervals/s/:[0-9.]*}$/:SEC}/p'
{"stage":"intervals","done":0,"total":2,"unit":"folds","bound":null,"gap":null,"target":null,"elapsed_sec":SEC}
{"stage":"intervals","done":1,"total":2,"unit":"folds","bound":null,"gap":null,"target":null,"elapsed_sec":SEC}
$ bpemix infer -j 1 --progress json -t tok.json en="$en" c="$c" 2>&1 > /dev/null |
>     grep '"solving"' | sed -n '1s/.*\("target.*\),"elapsed.*/\1/p'
"target":9.9999999999999995e-07
$ bpemix train -j 1 --progress json -o t.json --vocab-size 300 en="$en" 2>&1 > /dev/null |
>     sed -n '/training/s/:[0-9.]*}$/:SEC}/p' | head -n 1
{"stage":"training","done":0,"total":44,"unit":"merges","bound":null,"gap":null,"target":null,"elapsed_sec":SEC}
$ bpemix infer -j 1 --folds 2 --progress json -q -t tok.json en="$en" c="$c" 2>&1 > /dev/null | grep -c intervals
0
[1]
$ bpemix infer -q -t tok.json en="$en" c="$c/01.c" 2>&1 > /dev/null | grep -c warning
0
[1]
$ bpemix infer -qq -t tok.json en="$en" c="$c/01.c" > /dev/null

## color
$ fixture tok.json
$ bpemix infer -qq --color always -t tok.json en="$en" c="$c" | grep -c "$(printf '\033')"
2
$ NO_COLOR= bpemix infer -qq -t tok.json en="$en" c="$c" | grep -c "$(printf '\033')"
0
[1]

## progress-in-a-log
# a line each time, where there is no terminal; no rate before there is time to tell one
$ fixture tok.json
$ bpemix infer -vv -j 1 -t tok.json en="$en" c="$c" 2>&1 > /dev/null | sed -n '/^counting/{p;q}'
counting   21 of 43 kB   48 %
$ bpemix infer -vv -j 1 -t tok.json en="$en" c="$c" 2>&1 > /dev/null | sed -n '/^solving/{s/ *[0-9:]* so far//p;q}'
solving   gap 8.5e-01 of 1.0e-06

## completion-of-zsh-and-fish
# the options of every command, as its help has them
$ bpemix completion zsh > c.zsh && bpemix completion fish > c.fish
$ for cmd in $(sed -n 's/.*__fish_use_subcommand -f -a \([a-z]*\) .*/\1/p' c.fish); do
>     bpemix $cmd --help 2> /dev/null | sed -n 's/^  \(-., \|    \)--\([a-z-]*\).*/\2/p' | sort > help
>     sed -n "s/.*seen_subcommand_from $cmd' -l \([a-z-]*\) .*/\1/p" c.fish | sort > fish
>     sed -n "/^    $cmd)/,/;;/s/^ *'\**--\([a-z-]*\).*/\1/p" c.zsh | sort > zsh
>     cmp help fish && cmp help zsh && [ $cmd = completion -o -s help ] || echo "$cmd: not the same"
> done
