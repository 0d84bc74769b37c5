#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Compare with independent implementations that have to be downloaded:
#
#   counts    every pair's counts, recounted over the Hugging Face library's words
#   exact     the trainer's own text leaves no slack at the list it made
#   train     bpemix train against that trainer
#   lp        the linear programs against HiGHS (scipy)
#   definition   random tokenizers and texts against all of it written out; CASES of them (2000)
#   encode    token ids against the Hugging Face library
#   spm       token ids against sentencepiece
#   onig      random patterns against Oniguruma
#   report    reports in a browser, under validators and in TeX
#   recovery  mixtures trained with the Hugging Face trainer, inferred
#
#   [BUILD=build] [CORPORA=build/corpora] [BPEMIX_TOKENIZERS=DIR] run.sh [SECTION...]
#
# What cannot be had is skipped with a reason.  Everything made goes below
# $BUILD/peers.  Takes some 20 minutes with corpora, a minute without.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${BUILD:=build}"
: "${CORPORA:=$BUILD/corpora}"
PEERS=$BUILD/peers
export PEERS BUILD CORPORA
bpemix=$BUILD/bpemix
work=$PEERS/work
mkdir -p "$work" || exit 1
: > "$PEERS/results"
sections=${*:-counts exact train lp definition encode spm onig report recovery}

say() { echo "$1 - $2" | tee -a "$PEERS/results"; }

# ok CLAIM COMMAND...: the command's last line of output is shown behind the name.
ok() {
    claim=$1
    shift
    if "$@" > "$work/out" 2> "$work/err"; then
        say ok "$claim: $(tail -n 1 "$work/out")"
    else
        say 'not ok' "$claim: $(tail -n 1 "$work/out")"
        head -n 5 "$work/err" | sed 's/^/# /'
        return 1
    fi
}

# must CLAIM COMMAND...: says something only when the command fails.
must() {
    claim=$1
    shift
    "$@" > "$work/table" 2> "$work/err" && return
    say 'not ok' "$claim: status $?: $(grep -m 1 . "$work/err")"
    return 1
}

# ---- what there is --------------------------------------------------------

hf=
hf_why=$(sh tests/peers/install_hf.sh 2>&1) && hf=1

python=
for p in python3 /usr/bin/python3; do
    [ -n "$python" ] || ! $p -c 'import scipy.optimize' 2> /dev/null || python=$p
done
if [ -z "$python" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get install -y -qq python3-scipy > "$PEERS/apt.log" 2>&1 &&
        /usr/bin/python3 -c 'import scipy.optimize' 2> /dev/null && python=/usr/bin/python3
fi

spm=
command -v spm_train > /dev/null && command -v spm_encode > /dev/null && spm=1
if [ -z "$spm" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get install -y -qq sentencepiece >> "$PEERS/apt.log" 2>&1
    command -v spm_train > /dev/null && spm=1
fi

real=
[ -d "$CORPORA/english/train" ] && [ -d "$CORPORA/c/train" ] && real=1
no_real="no corpora in $CORPORA, build them with make corpora"

# The real corpora where there are some, else the bundled ones.
if [ -n "$real" ]; then corpora=$CORPORA; else corpora=corpora/bundled; fi

has() { [ -d "$corpora/$1/train" ]; }

# join OUT BYTES HALF CATEGORY...: documents in order of name, about so many
# bytes of each category, every document closed by a newline.
join() {
    join_out=$1 join_bytes=$2 join_half=$3
    shift 3
    : > "$join_out"
    for join_cat; do
        has "$join_cat" || continue
        find "$corpora/$join_cat/$join_half" -type f | LC_ALL=C sort | tr '\n' '\0' |
            xargs -0 awk 1 2> /dev/null | head -c "$join_bytes" >> "$join_out"
        echo >> "$join_out"
    done
    # head may have cut a character in two
    iconv -c -f UTF-8 -t UTF-8 "$join_out" > "$join_out.tmp"
    mv "$join_out.tmp" "$join_out"
}

hf_train() { node tests/peers/hf_train.mjs "$@" > "$work/trained" 2> "$work/hf.log" || {
    say 'not ok' "the Hugging Face trainer failed: $(tail -n 1 "$work/hf.log")"; return 1; }; }

merges_of() { sed -n 's/.*"merges":\([0-9]*\).*/\1/p' "$work/trained"; }

# documents OUT.jsonl BYTES: mixed text as records of 1 to 40 lines.
documents() {
    join "$work/mixed.txt" "$2" sample english german french russian spanish c python \
        portuguese italian go rust cpp java
    node tests/peers/records.mjs 40 "$work/mixed.txt" > "$1"
}

dump=$BUILD/tests/peers/dump_trace
build_dump() {
    make -s BUILD="$BUILD" "$dump" > "$work/make.log" 2>&1 ||
        { say 'not ok' "tests/peers/dump_trace.c does not build, see $work/make.log"; return 1; }
}

# ---- the sections ---------------------------------------------------------

# counts_case NAME TOKENIZER STEPS FILE...
counts_case() {
    name=$1 tokenizer=$2 steps=$3
    shift 3
    node tests/peers/recount.mjs "$tokenizer" "$steps" "$@" 2> "$work/err" | LC_ALL=C sort \
        > "$work/theirs"
    k=0
    operands=
    for f; do operands="$operands c$k=$f" k=$((k + 1)); done
    # shellcheck disable=SC2086  # names of ours, without spaces
    must "counts: $name" $bpemix count -qq -t "$tokenizer" --text-unit line \
        -o "$work/counts.trace" $operands || return
    "$dump" "$work/counts.trace" "$steps" 2> "$work/err" | LC_ALL=C sort > "$work/ours"
    ok "counts: $name, $steps merges" node tests/peers/check.mjs lines "$work/ours" "$work/theirs"
}

counts() {
    [ -n "$hf" ] || { say skip "counts: $hf_why"; return; }
    build_dump || return
    for c in english german spanish c python; do
        cat corpora/bundled/$c/sample/* > "$work/counts-$c.txt"
    done
    cat corpora/bundled/english/train/* corpora/bundled/c/train/* corpora/bundled/german/train/* \
        > "$work/counts.txt"
    for pipeline in gpt2/none digits/none cl100k/none o200k/none falcon/none prefix/none \
        scripts/none merged-previous/none contiguous/none gpt2/nfkc gpt2/lowercase gpt2/strip; do
        hf_train --pretokenizer "${pipeline%/*}" --normalizer "${pipeline#*/}" \
            "$work/counts.json" "$work/counts.txt" || return
        counts_case "$pipeline" "$work/counts.json" 3000 "$work/counts-english.txt" \
            "$work/counts-c.txt" "$work/counts-german.txt" "$work/counts-python.txt" \
            "$work/counts-spanish.txt"
    done
    [ -n "$real" ] || { say skip "counts: real samples: $no_real"; return; }
    for c in english russian c python chinese japanese; do
        join "$work/counts-$c.txt" 400000 sample $c
    done
    join "$work/counts.txt" 400000 train english russian c python chinese japanese
    hf_train "$work/counts.json" "$work/counts.txt" || return
    counts_case 'gpt2, six real samples' "$work/counts.json" 1000 "$work"/counts-english.txt \
        "$work"/counts-russian.txt "$work"/counts-c.txt "$work"/counts-python.txt \
        "$work"/counts-chinese.txt "$work"/counts-japanese.txt
}

# The exact training text as the only category leaves no slack at any merge:
# whatever the trainer saw, we counted the same.
exact() {
    [ -n "$hf" ] || { say skip "exact: $hf_why"; return; }
    join "$work/exact.txt" 1500000 train english c russian german python
    for pre in gpt2 digits; do
        hf_train --pretokenizer $pre "$work/$pre.json" "$work/exact.txt" || return
        all=$(merges_of)
        size=$(wc -c < "$work/exact.txt")
        for how in "lp 3000" "lp $all" "monotone $all"; do
            [ "${how#* }" -le "$all" ] || continue
            rm -f "$work/exact.result"
            must "exact: $pre, $how, infer" \
                $bpemix infer -qq -t "$work/$pre.json" --text-unit line --method "${how% *}" \
                --weights none --merges "${how#* }" --json "$work/exact.result" \
                "text=$work/exact.txt" &&
                ok "exact: $pre, $size bytes, ${how#* } merges leave no slack, ${how% *}" \
                    node tests/peers/check.mjs zero "$work/exact.result" "${how#* }"
        done
    done
}

train() {
    [ -n "$hf" ] || { say skip "train: $hf_why"; return; }
    join "$work/exact.txt" 1500000 train english c russian german python
    for pre in gpt2 digits; do
        hf_train --pretokenizer $pre "$work/$pre.json" "$work/exact.txt" || return
        all=$(merges_of)
        preset=$pre
        [ $pre = digits ] && preset=starcoder
        rm -f "$work/own.json"
        must "train: $preset" $bpemix train -qq --pretokenizer $preset --text-unit line \
            --vocab-size $((all + 256)) -o "$work/own.json" "text=$work/exact.txt" &&
            ok "train: $preset, $(wc -c < "$work/exact.txt") bytes, same list as the Hugging Face trainer" \
                node tests/peers/check.mjs merges "$work/own.json" "$work/$pre.json"
    done
}

# lp_case NAME MERGES PROGRAM... with "$@" of categories set by the caller
lp_case() {
    name=$1 merges=$2 programs=$3
    shift 3
    must "lp: $name, count" $bpemix count -qq -t "$work/lp.json" -o "$work/lp.trace" "$@" || return
    "$dump" "$work/lp.trace" > "$work/lp.txt" ||
        { say 'not ok' "lp: $name, the trace cannot be dumped"; return; }
    for program in $programs; do
        must "lp: $name, $program, solve" $bpemix solve -qq --method "${program%-all}" \
            --weights none --gap 1e-9 --merges "$merges" --json "$work/lp.result" \
            "$work/lp.trace" || continue
        timeout 1500 $python tests/peers/highs.py "$work/lp.txt" "$program" 0 "$merges" \
            > "$work/highs.json" 2> "$work/err"
        case $? in
        0) ;;
        124) say skip "lp: $name, $merges merges, $program: HiGHS is not done after 1500 s"
             continue ;;
        *) say 'not ok' "lp: $name, HiGHS: $(tail -n 1 "$work/err")"
           continue ;;
        esac
        ok "lp: $name, $merges merges, $program" \
            node tests/peers/check.mjs close "$work/lp.result" "$work/highs.json" 1e-7
    done
}

# Four parts side by side, each from seeds of its own.
definition() {
    [ -n "$python" ] || { say skip 'definition: no python3 with scipy'; return; }
    build_dump || return
    each=$(( (${CASES:-2000} + 3) / 4 ))
    for k in 0 1 2 3; do
        mkdir -p "$work/definition$k"
        $python tests/peers/end_to_end.py "$bpemix" "$dump" "$work/definition$k" $each \
            $((1 + k * each)) > "$work/definition$k/out" 2> "$work/definition$k/err" &
    done
    wait
    for k in 0 1 2 3; do
        if grep -q ' 0 failed$' "$work/definition$k/out"; then
            say ok "definition: counts and programs, $(cat "$work/definition$k/out")"
        else
            say 'not ok' "definition: $(cat "$work/definition$k/out")"
            head -n 5 "$work/definition$k/err" | sed 's/^/# /'
        fi
    done
}

lp() {
    [ -n "$python" ] || { say skip 'lp: no python3 with scipy'; return; }
    [ -n "$hf" ] || { say skip "lp: $hf_why"; return; }
    build_dump || return
    b=corpora/bundled
    find $b/english/train $b/french/train $b/c/train -type f | LC_ALL=C sort |
        xargs cat > "$work/lp.text"
    hf_train "$work/lp.json" "$work/lp.text" || return
    set -- english=$b/english/sample french=$b/french/sample c=$b/c/sample \
        python=$b/python/sample spanish=$b/spanish/sample german=$b/german/sample
    lp_case 'bundled samples' 150 'lp-all lp monotone' "$@"
    lp_case 'bundled samples' 300 'lp-all lp monotone' "$@"
    lp_case 'bundled samples' 1000 'monotone' "$@"
    [ -n "$real" ] || { say skip "lp: real samples: $no_real"; return; }
    # About three minutes of HiGHS for the 1000 merges.
    for group in 'english french german spanish' 'c english python'; do
        # shellcheck disable=SC2086  # a list
        join "$work/lp.text" 2500000 train $group
        hf_train "$work/lp.json" "$work/lp.text" || return
        set --
        for c in $group; do
            has "$c" && set -- "$@" "$c=$corpora/$c/sample"
        done
        lp_case "real samples ($group)" 150 'lp monotone' "$@"
        lp_case "real samples ($group)" 300 'lp monotone' "$@"
        case $group in
        *french*) lp_case "real samples ($group)" 1000 'lp monotone' "$@" ;;
        *) lp_case "real samples ($group)" 1000 monotone "$@" ;;
        esac
        lp_case "real samples ($group)" 10000 monotone "$@"
    done
}

# encode_case NAME TOKENIZER DOCUMENTS.jsonl
encode_case() {
    if ! node tests/peers/hf_encode.mjs --jsonl text "$2" "$3" > "$work/theirs" 2> "$work/err"; then
        say skip "encode: $1: the library refuses it: $(grep -m 1 Error "$work/err")"
    elif ! $bpemix encode -qq -t "$2" "$3" > "$work/ours" 2> "$work/err"; then
        say 'not ok' "encode: $1: $(head -n 1 "$work/err")"
    else
        ok "encode: $1" node tests/peers/check.mjs ids "$work/ours" "$work/theirs"
    fi
}

# All steps of normalizing and splitting, added tokens with all their flags, unknown tokens, marks
# of subwords.  Where the library ends the process, the rest of 25 is not made.
random_added() {
    differ=
    n=0
    rm -rf "$work/random"
    for batch in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        node tests/peers/random_added.mjs $batch 25 "$work/random/$batch" > "$work/out" 2> "$work/err"
        for ids in "$work/random/$batch"/*.ids; do
            [ -f "$ids" ] || continue
            $bpemix encode -qq -t "${ids%.ids}.json" "${ids%.ids}.jsonl" 2> "$work/err" |
                cmp -s - "$ids" || differ="$differ $batch/$(basename "$ids" .ids)"
            n=$((n + 1))
        done
    done
    if [ -z "$differ" ] && [ $n -ge 300 ]; then say ok "encode: $n random tokenizers"
    else say 'not ok' "encode: of $n random tokenizers in $work/random:$differ"; fi
}

encode() {
    [ -n "$hf" ] || { say skip "encode: $hf_why"; return; }
    random_added
    documents "$work/large.jsonl" 400000
    size=$(wc -c < "$work/mixed.txt")
    documents "$work/small.jsonl" 50000
    join "$work/encode.txt" 200000 train english german french russian spanish c python
    for pre in gpt2 digits cl100k o200k; do
        hf_train --pretokenizer $pre "$work/encode.json" "$work/encode.txt" || return
        encode_case "$pre, $size bytes" "$work/encode.json" "$work/large.jsonl"
    done
    for pre in prefix falcon bert whitespace whitespacesplit scripts metaspace metaspace-first \
        delimiter removed merged-previous merged-next contiguous inverted; do
        hf_train --pretokenizer $pre "$work/encode.json" "$work/encode.txt" || return
        encode_case "pre-tokenizer $pre" "$work/encode.json" "$work/small.jsonl"
    done
    for norm in nfc nfd nfkc nfkd lowercase nmt strip accents bert replace replace-regex prepend; do
        hf_train --normalizer $norm "$work/encode.json" "$work/encode.txt" || return
        encode_case "normalizer $norm" "$work/encode.json" "$work/small.jsonl"
    done
    [ -n "${BPEMIX_TOKENIZERS:-}" ] ||
        { say skip 'encode: published tokenizers: BPEMIX_TOKENIZERS is not set'; return; }
    for f in "$BPEMIX_TOKENIZERS"/*/tokenizer.json "$BPEMIX_TOKENIZERS"/*/tokenizer.json.gz; do
        [ -f "$f" ] || continue
        name=$(basename "$(dirname "$f")")
        case $f in
        *.gz) gzip -dc "$f" > "$work/published.json" ;;
        *) cp "$f" "$work/published.json" ;;
        esac
        encode_case "published $name, $size bytes" "$work/published.json" "$work/large.jsonl"
    done
}

# spm_case NAME OPTIONS...
spm_case() {
    name=$1
    shift
    spm_train --model_type=bpe --minloglevel=2 --input="$work/spm.txt" --model_prefix="$work/spm" \
        --vocab_size=6000 --hard_vocab_limit=false "$@" > "$work/spm.log" 2>&1 ||
        { say 'not ok' "spm: $name: spm_train fails, see $work/spm.log"; return 1; }
    spm_encode --model="$work/spm.model" --output_format=id "$work/lines.txt" > "$work/theirs" \
        2> "$work/err" || { say 'not ok' "spm: $name: spm_encode: $(head -n 1 "$work/err")"; return 1; }
    $bpemix encode -qq -t "$work/spm.model" "$work/lines.jsonl" > "$work/ours" 2> "$work/err" ||
        { say 'not ok' "spm: $name: $(head -n 1 "$work/err")"; return 1; }
    ok "spm: $name" node tests/peers/check.mjs ids "$work/ours" "$work/theirs"
}

# The exact training text again.  In "aaa" we count two pairs (a, a), and so
# does sentencepiece from 0.1.99 on; versions before count one.  The model does
# not say which made it, so violations by pairs of equal halves are expected.
spm_exact() {
    must "spm: $1, infer" $bpemix infer -qq -t "$work/spm.model" --method lp --weights none \
        --merges all --json "$work/spm.result" "text=$work/spm.txt" &&
        ok "spm: $1, the training text leaves no slack but that of runs" \
            node tests/peers/check.mjs runs "$work/spm.result" 0.02
}

# The same pieces in the same order, from the same text.  A list is taken that ends while
# counts are high: the trainer looks at its 1000 most frequent pairs alone, and which of many
# equal ones are among them is chance.
spm_list() {
    name=$1 size=$2
    shift 2
    spm_train --model_type=bpe --minloglevel=2 --input="$work/spm.txt" --model_prefix="$work/spm" \
        --vocab_size="$size" --normalization_rule_name=identity > "$work/spm.log" 2>&1 ||
        { say 'not ok' "spm: $name: spm_train fails, see $work/spm.log"; return 1; }
    cut -f 1 "$work/spm.vocab" > "$work/theirs"
    must "spm: $name, train" $bpemix train -qq "$@" --vocab-size "$size" -o "$work/own.model" \
        "text=$work/spm.txt" || return
    perl tests/peers/spm_pieces.pl "$work/own.model" > "$work/ours"
    ok "spm: $name" sh -c 'cmp "$1" "$2" && echo "$(wc -l < "$1") pieces"' - "$work/theirs" "$work/ours"
}

# The translated patterns under PCRE2, and the originals under their own engine.  (\R with a
# star is left out: Oniguruma 6.9.8 finds nothing with \R* where \R finds a newline.)
onig() {
    header=/usr/include/oniguruma.h
    if [ ! -e $header ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        apt-get install -y -qq libonig-dev >> "$PEERS/apt.log" 2>&1
    fi
    [ -e $header ] || { say skip 'onig: no libonig (Debian package libonig-dev)'; return; }
    must 'onig is built' cc -std=c11 -D_GNU_SOURCE -O1 -Isrc -Iinclude -o "$work/onig" \
        tests/peers/onig.c "$BUILD/libbpemix.a" \
        $(pkg-config --libs libpcre2-8 libcjson libutf8proc libarchive zlib libmd libxxhash) \
        -lglpk -lonig -lm -lpthread || return
    ok 'onig: random patterns on random texts' "$work/onig" 60000
}

spm() {
    [ -n "$spm" ] || { say skip 'spm: no spm_train and spm_encode (Debian package sentencepiece)'; return; }
    command -v node > /dev/null || { say skip 'spm: no node'; return; }
    join "$work/raw.txt" 300000 train english german french russian spanish c python
    # Longer lines are skipped by the trainer.
    LC_ALL=C awk 'length($0) < 4000' "$work/raw.txt" | tr -d '\000\r' > "$work/spm.txt"
    join "$work/raw.txt" 150000 sample english german french russian spanish c python
    # No NUL, no carriage return: spm_encode reads lines of text.
    tr -d '\000\r' < "$work/raw.txt" | grep -a . > "$work/lines.txt"
    node tests/peers/records.mjs 1 "$work/lines.txt" > "$work/lines.jsonl"
    spm_case 'defaults (nmt_nfkc)' && spm_exact defaults
    spm_case 'byte fallback' --byte_fallback
    # As far as the bundled text decides: behind that many pairs have the same low count, and
    # spm_train looks at some of the most frequent ones alone (they differ from piece 2649 on).
    spm_list 'bpemix train learns the same list' 2500 --pretokenizer sentencepiece
    spm_list 'the same by the rules of a model' 2500 --pretokenizer "$work/spm.model"
    spm_case 'identity' --normalization_rule_name=identity
    spm_case 'as Llama: identity, byte fallback, split digits, all spaces kept' \
        --normalization_rule_name=identity --byte_fallback --split_digits \
        --remove_extra_whitespaces=false --allow_whitespace_only_pieces &&
        spm_exact 'as Llama'
    spm_case 'nfkc_cf, no dummy prefix' --normalization_rule_name=nfkc_cf --add_dummy_prefix=false
    spm_case 'user-defined symbols' '--user_defined_symbols=for,the ,0,1,2,3,4,5,6,7,8,9,xyz'
    spm_case 'whitespace as suffix' --treat_whitespace_as_suffix
    spm_case 'no splitting by script or number' --split_by_unicode_script=false \
        --split_by_number=false
    spm_case 'low coverage' --character_coverage=0.98 && spm_exact 'low coverage'
    spm_case 'low coverage, byte fallback' --character_coverage=0.98 --byte_fallback
    spm_case 'no splitting by whitespace' --split_by_whitespace=false
}

report() { tests/peers/report.sh | tee -a "$PEERS/results"; }

recovery() {
    [ -n "$hf" ] || { say skip "recovery: $hf_why"; return; }
    [ -n "$real" ] || { say skip "recovery: $no_real"; return; }
    set --
    code= languages=
    for c in c cpp python go rust; do has $c && code=$code,$c; done
    for c in english german french russian spanish; do has $c && languages=$languages,$c; done
    case $code in *,*,*) set -- "$@" "code=${code#,}" ;; esac
    case $languages in *,*,*) set -- "$@" "languages=${languages#,}" ;; esac
    [ $# -gt 0 ] || { say skip 'recovery: too few categories in the corpora'; return; }
    python3 tests/peers/recovery.py --corpora "$CORPORA" --bpemix "$bpemix" \
        --work "$work/recovery" --json "$PEERS/recovery.json" \
        --variant 'lp-1000:--method lp --weights none --merges 1000' \
        --variant 'unweighted:--weights none' "$@" 2> "$work/err" |
        tee "$work/out"
    grep -E '^(not )?ok' "$work/out" >> "$PEERS/results"
    [ -s "$work/out" ] || say 'not ok' "recovery: $(tail -n 1 "$work/err")"
}

for s in $sections; do
    case $s in
    counts | exact | train | lp | definition | encode | spm | onig | report | recovery) $s ;;
    *) echo "run.sh: no section '$s'" >&2; exit 2 ;;
    esac
done

passed=$(grep -c '^ok' "$PEERS/results")
failed=$(grep -c '^not ok' "$PEERS/results")
skipped=$(grep -c '^skip' "$PEERS/results")
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
