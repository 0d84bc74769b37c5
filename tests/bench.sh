#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Figures of speed and memory: a table on standard output, and the same as
# $BUILD/bench.json.  Called by `make bench` with BUILD and CORPORA.
#
#   BENCH_QUICK=1       smaller texts, fewer instances: under three minutes
#   BENCH_BIG=1         the larger made-up instances too, up to 116 categories;
#                       with BENCH_QUICK a gigabyte for the memory of counting
#   BENCH_ONLY="a b"    sections: counting chunks split peers training trials replay solving
#                       growth memory loading
#   BPEMIX_TOKENIZERS   folder of published tokenizers; sections use them if set
#   PANEL               folder of real text, as for tests/lab/run.sh: trials are of its
#                       languages where the corpora of `make corpora` are missing, growth of all
#                       its categories
#
# Machines differ and are shared, so most figures are ratios of commands that
# ran in turn (bench/run_timed.c).  Where the corpora of `make corpora` are
# missing, the bundled ones are repeated: good enough to compare commands, far
# too few distinct words to say anything about memory.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}" "${CORPORA:=$BUILD/corpora}"
quick=${BENCH_QUICK:+1}
only=${BENCH_ONLY:-counting chunks split peers training trials replay solving growth memory loading}
published=${BPEMIX_TOKENIZERS:-}
dir=$BUILD/bench
bin=$BUILD/tests/bench
bpemix=$BUILD/bpemix
PEERS=${PEERS:-$BUILD/peers}
export BUILD PEERS
mkdir -p "$dir" || exit 1
rm -f "$dir"/*.jsonl "$dir"/skipped
: > "$dir/skipped"
failed=

# ---- helpers ----------------------------------------------------------------

section() { # NAME TITLE: do the section? starts it if so
    case " $only " in *" $1 "*) ;; *) return 1 ;; esac
    json=$dir/$1.jsonl
    : > "$json"
    current=$1
    printf '== %s\n\n' "$2"
}

skip() { # WHAT WHY
    printf '  skipped: %s: %s\n\n' "$1" "$2"
    printf '%s: %s: %s\n' "$current" "$1" "$2" >> "$dir/skipped"
}

timed() { # arguments of run_timed
    "$bin/run_timed" --json "$json" "$@" || { failed=1; echo "  FAILED"; echo; }
}

note() { # a line of JSON
    printf '%s\n' "$1" >> "$json"
}

size() { wc -c < "$1" | tr -d ' '; }

# text OUT BYTES FOLDER...: at least so many bytes of the folders' documents,
# again and again when they are fewer, each time in another order.
text() {
    out=$1 want=$2
    shift 2
    [ -s "$out" ] && return
    find "$@" -type f -size +0 | sort > "$out.all"
    xargs -d '\n' stat -c '%s %n' < "$out.all" > "$out.sizes"
    have=0 round=0
    : > "$out.part"
    while [ "$have" -lt "$want" ]; do
        round=$((round + 1))
        awk -v seed=$round 'BEGIN { srand(seed) } { printf "%.9f %s\n", rand(), $0 }' "$out.sizes" |
            sort | awk -v left=$((want - have)) '{
                bytes = $2; sub(/^[^ ]* [^ ]* /, ""); print; if ((left -= bytes) <= 0) exit }' |
            tr '\n' '\0' | xargs -0 cat >> "$out.part"
        have=$(size "$out.part")
    done
    rm -f "$out.all" "$out.sizes"
    mv "$out.part" "$out"
}

folders() { # HALF CATEGORY...: NAME=FOLDER for bpemix
    half=$1
    shift
    for c in "$@"; do
        printf '%s=%s/%s/%s ' "$c" "$root" "$c" "$half"
    done
}

# ---- what there is ------------------------------------------------------------

have_corpora=
natural=
for c in $(sed -n 's/^\([a-z]*\) *lang .*/\1/p' corpora/sources.list); do
    [ -d "$CORPORA/$c/sample" ] && natural="$natural $c"
done
program=
for c in $(sed -n 's/^\([a-z]*\) *code .*/\1/p' corpora/sources.list); do
    [ -d "$CORPORA/$c/sample" ] && program="$program $c"
done
if [ -d "$CORPORA/english/sample" ] && [ "$(printf '%s' "$natural" | wc -w)" -ge 2 ]; then
    have_corpora=1 texts=real
    root=$CORPORA
else
    root=corpora/bundled texts=bundled
    natural='english german french spanish'
    program='c python'
fi
mb=1000000
big=$((100 * mb)) small=$((20 * mb)) runs=9 thread_runs=25 peer_runs=3 replays=3 seconds=0.5
words=1000000 lp_limit=30 lengths=1000,3000,10000,30000
if [ "$quick" ]; then
    big=$((30 * mb)) small=$((10 * mb)) runs=3 thread_runs=3 peer_runs=1 replays=1 seconds=0.1
    words=300000 lp_limit=5 lengths=1000,3000
fi

first() { # N WORD...
    n=$1
    shift
    printf '%s\n' "$@" | head -n "$n" | tr '\n' ' '
}
all_natural=
for c in $natural; do
    all_natural="$all_natural $root/$c"
done

english=$dir/english-$texts-$quick.txt mixed=$dir/mixed-$texts-$quick.txt
english_small=$dir/english-small-$texts-$quick.txt mixed_small=$dir/mixed-small-$texts-$quick.txt
# shellcheck disable=SC2086
{
    text "$english" $big "$root/english"
    text "$mixed" $big $all_natural
    text "$english_small" $small "$root/english"
    text "$mixed_small" $small $all_natural
}

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
printf 'bpemix %s, %s, %s processors, %s, %s\n' "$($bpemix --version | awk '{ print $2; exit }')" \
    "$(uname -sm)" "$(nproc)" "$processor" \
    "load $(cut -d ' ' -f 1 /proc/loadavg)"
if [ "$have_corpora" ]; then
    printf 'texts: %s (%s natural languages, %s programming languages)\n\n' "$CORPORA" \
        "$(printf '%s' "$natural" | wc -w)" "$(printf '%s' "$program" | wc -w)"
else
    printf 'texts: the bundled ones, repeated; for real ones run: make corpora\n\n'
    echo "all: real corpora: not in $CORPORA" >> "$dir/skipped"
fi

# The tokenizer of most sections: 30000 merges of GPT-2's kind, trained on the
# texts at hand (those of the bundled ones do not allow so many).
tokenizer=$dir/tokenizer-$texts.json
presets=$dir/tokenizer-bundled.json # quick to load; counting words needs no merges
train() { # arguments of bpemix train
    "$bpemix" train -q "$@" > "$dir/train.txt" || exit 1
}
# shellcheck disable=SC2046
[ -s "$presets" ] || train --vocab-size 1256 -o "$presets" \
    $(root=corpora/bundled; folders train english german french spanish c python)
# shellcheck disable=SC2046,SC2086
[ -s "$tokenizer" ] || train --vocab-size 30256 --train-bytes 30M -o "$tokenizer" \
    $(folders train $(first 10 $natural)) $(folders train $(first 5 $program))

# ---- counting -------------------------------------------------------------------

if section counting 'Counting words, one thread'; then
    utf8=$(locale -a 2> /dev/null | grep -i -m 1 '^C\.utf-*8$')
    for t in english mixed; do
        [ $t = english ] && file=$english || file=$mixed
        words() { # PATTERN UNIT THREADS [TEXT [OUT]]
            echo "$bpemix words -qq -j $3 -t $presets --pretokenizer $1 --text-unit $2 -o $dir/${5:-out}.words x=${4:-$file}"
        }
        # shellcheck disable=SC2046
        timed --runs $runs --memory 200 --bytes "$(size "$file")" --title "$t text" \
            --goal 'cpu(wc -w, C)/cpu(words, gpt2) >= 1' \
            ${utf8:+--goal} ${utf8:+"cpu(wc -w, UTF-8)/cpu(words, gpt2) >= 1"} \
            -- 'words, gpt2' $(words gpt2 line 1) \
            -- 'words, cl100k' $(words cl100k document 1) \
            -- 'words, o200k' $(words o200k document 1) \
            -- 'wc -w, C' env LC_ALL=C wc -w "$file" \
            ${utf8:+--} ${utf8:+"wc -w, UTF-8"} ${utf8:+env} ${utf8:+LC_ALL=$utf8} ${utf8:+wc} \
            ${utf8:+-w} ${utf8:+"$file"}
        if [ "$(nproc)" -ge 2 ]; then
            # Three times the text, of other documents as far as there are any: starting,
            # and making the file last on the disk, take 0.03 s that no thread can share.
            # The control, twice the work by two processes that share nothing, shows what
            # the machine lets two threads gain at the moment: memory and neighbours take
            # their part.  Each of its processes is one thread beside a busy processor, as
            # the two threads are, so that neighbours touch both sides of the last goal.
            large=$dir/$t-large-$texts-$quick.txt
            [ $t = english ] && from=$root/english || from=$all_natural
            # shellcheck disable=SC2086
            text "$large" $((3 * big)) $from
            one=$(words gpt2 line 1 "$large")
            # shellcheck disable=SC2046,SC2086
            timed --runs $thread_runs --memory 400 --title "$t text, three times as much, threads" \
                --goal 'wall(words -j 1)/wall(control: two processes with -j 1) >= 0.9' \
                --goal 'wall(words -j 1)/wall(words -j 2) >= 1.8' \
                --goal 'least wall(words -j 1)/wall(words -j 2) >= 1.8' \
                --goal 'wall(control: two processes with -j 1)/wall(words -j 2) >= 1.8' \
                -- 'words -j 1' $one -- 'words -j 2' $(words gpt2 line 2 "$large") \
                -- 'control: two processes with -j 1' \
                sh -c "$one & $(words gpt2 line 1 "$large" second) && wait \$!"
        else
            skip 'two threads' 'one processor'
        fi
    done
    if [ "$(nproc)" -ge 2 ]; then
        # the samples as they are: a folder of small files for each category
        # shellcheck disable=SC2046,SC2086
        set -- $(folders sample $natural $program)
        each() { # THREADS CATEGORY...
            j=$1
            shift
            echo "$bpemix words -qq -j $j -t $presets --pretokenizer gpt2 -o $dir/each $*"
        }
        # shellcheck disable=SC2046
        timed --runs $runs --memory 200 \
            --title "$# categories, $(for c in "$@"; do find "${c#*=}" -type f; done | wc -l) files, threads" \
            -- 'words -j 1' $(each 1 "$@") -- 'words -j 2' $(each 2 "$@")
    fi
fi

# ---- chunks -----------------------------------------------------------------------

if section chunks 'Chunks: text cut once for all tokenizers, one thread'; then
    all_program=
    for c in $program; do
        all_program="$all_program $root/$c"
    done
    code=$dir/code-$texts-$quick.txt
    # shellcheck disable=SC2086
    text "$code" $big $all_program
    words() { # PRESET
        echo "$bpemix words -qq -j 1 -t $presets --pretokenizer $1 -o $dir/out.words x=$file"
    }
    for t in english mixed code; do
        case $t in english) file=$english ;; mixed) file=$mixed ;; *) file=$code ;; esac
        # shellcheck disable=SC2046
        timed --runs $runs --memory 600 --bytes "$(size "$file")" --title "$t text" \
            --goal 'cpu(words)/cpu(chunks) >= 1' --goal 'cpu(words, o200k)/cpu(chunks) >= 1' \
            --goal 'cpu(words, SentencePiece)/cpu(chunks) >= 1' \
            -- words $(words gpt2) -- 'words, o200k' $(words o200k) \
            -- 'words, SentencePiece' $(words sentencepiece) \
            -- chunks "$bpemix" chunks -qq -j 1 -o "$dir/$t.chunks" "x=$file" \
            -- 'chunks, a sample' "$bpemix" chunks -qq -j 1 --top 15000 --tail 5000 -o "$dir/$t-sample.chunks" "x=$file"
    done
    # one more tokenizer, when the text was cut for another: a gigabyte, or less of it in haste
    want=$((quick ? big : 5 * big))
    for t in english mixed; do
        [ $t = english ] && from=$root/english || from=$all_natural
        # shellcheck disable=SC2086
        text "$dir/$t-half-$texts-$quick.txt" $want $from
    done
    half=$dir/english-half-$texts-$quick.txt other=$dir/mixed-half-$texts-$quick.txt
    "$bpemix" chunks -qq -o "$dir/all.chunks" "english=$half" "mixed=$other" || failed=1
    "$bpemix" chunks -qq -o "$dir/some.chunks" --top 15000 --tail 5000 "english=$half" "mixed=$other" || failed=1
    infer() { # SAMPLES...
        echo "$bpemix infer -qq -j 1 -t $tokenizer -m 3000 --ranges no $*"
    }
    # shellcheck disable=SC2046
    timed --runs 3 --memory 2000 --bytes $(($(size "$half") + $(size "$other"))) \
        --title 'infer, two categories, 3,000 merges: from text and from its chunks' \
        --goal 'cpu(text)/cpu(chunks) >= 10' --goal 'cpu(text)/cpu(a sample of chunks) >= 10' \
        -- text $(infer "english=$half" "mixed=$other") -- chunks $(infer "$dir/all.chunks") \
        -- 'a sample of chunks' $(infer "$dir/some.chunks")
    printf '  %s bytes of text, %s of chunks, %s of a sample of them\n\n' \
        $(($(size "$half") + $(size "$other"))) "$(size "$dir/all.chunks")" "$(size "$dir/some.chunks")"
fi

if section split 'Splitting alone: scanner, PCRE2 with JIT, PCRE2 interpreter (MB per CPU second)'; then
    if [ -x "$bin/bench_split" ]; then
        small_text() { # NAME FOLDER...
            out=$dir/$1
            shift
            text "$out" $((4 * mb)) "$@"
        }
        # shellcheck disable=SC2086
        {
            small_text english-4.txt "$root/english"
            small_text mixed-4.txt $all_natural
            small_text c-4.txt "$root/c"
        }
        "$bin/bench_split" --json --seconds $seconds "$dir/english-4.txt" \
            "$dir/mixed-4.txt" "$dir/c-4.txt" >> "$json" || failed=1
        awk -F '[,:"{}]+' '
            $3 == "split" || /"bench":"split"/ {
                for (i = 1; i < NF; i++) {
                    if ($i == "text") text = $(i + 1)
                    if ($i == "pattern") pattern = $(i + 1)
                    if ($i == "engine") engine = $(i + 1)
                    if ($i == "mb_per_cpu_sec") rate[engine] = $(i + 1)
                }
                if (engine == "interpreter") {
                    if (!rows++) printf "  %-24s %-10s %8s %8s %8s %8s\n", "text", "pattern",
                                        "scanner", "jit", "interp.", "x jit"
                    sub(/.*\//, "", text)
                    x = rate["scanner"] / rate["jit"]
                    printf "  %-24s %-10s %8.0f %8.0f %8.0f %8.1f\n", text, pattern, rate["scanner"],
                           rate["jit"], rate["interpreter"], x
                    if (pattern == "gpt2" || pattern == "cl100k" || pattern == "o200k")
                        if (!low || x < low) low = x
                }
            }
            END { printf "  goal scanner/jit >= 3 for gpt2, cl100k and o200k: lowest %.1f, %s\n\n", low,
                         (low >= 3 ? "met" : "MISSED") }' "$json"
    else
        skip 'splitting' 'bench_split is not there'
    fi
fi

# ---- beside the Hugging Face library ---------------------------------------------

hf_ready() { # is the library there, or can it be had?
    [ -z "${hf:-}" ] || { [ "$hf" = yes ]; return; }
    hf=no
    why=$(sh tests/peers/install_hf.sh 2>&1 > /dev/null) && hf=yes
    [ "$hf" = yes ] || skip 'Hugging Face tokenizers' "${why:-not available}"
    [ "$hf" = yes ]
}

if section peers 'Beside the Hugging Face library, the same text, CPU seconds'; then
    if hf_ready; then
        for t in english mixed; do
            [ $t = english ] && file=$english_small || file=$mixed_small
            [ $t = mixed ] && [ "$quick" ] && continue
            count="$bpemix count -qq -j 1 -t $tokenizer -o $dir/out.trace x=$file"
            # shellcheck disable=SC2086
            timed --runs $peer_runs --bytes "$(size "$file")" \
                --title "$t text: counting words (and all pairs at all merges) beside training" \
                --goal 'cpu(HF train)/cpu(words) >= 40' \
                -- words "$bpemix" words -q -j 1 -t "$presets" --pretokenizer gpt2 --text-unit line -o "$dir/out.words" "x=$file" \
                -- 'count (words, replay, trace)' $count \
                -- 'bpemix train' "$bpemix" train -qq -j 1 --vocab-size 30000 -o "$dir/out.json" "x=$file" \
                -- 'HF train' node tests/peers/hf_train.mjs "$dir/hf.json" "$file"
        done
        text "$dir/encode.txt" $((2 * mb)) "$root/english"
        timed --runs $runs --bytes "$(size "$dir/encode.txt")" --title 'encoding 2 MB of English to ids' \
            -- 'bpemix encode' "$bpemix" encode -qq -t "$tokenizer" "$dir/encode.txt" \
            -- 'HF encode' node tests/peers/hf_encode.mjs "$tokenizer" "$dir/encode.txt"
    fi
fi

# ---- training and trials -------------------------------------------------------------

# CPU seconds of a command, and of what it starts.
cpu_of() {
    { "$@" > /dev/null; times; } |
        awk 'END { n = split($1 " " $2, t, /[ms ]+/); print 60 * t[1] + t[2] + 60 * t[3] + t[4] }'
}

# CPU seconds of a trial: from runs of one and of more, without what it takes to read the text.
trial_cost() { # options and categories
    # shellcheck disable=SC2086
    set -- "$(cpu_of $x --trials 1 "$@")" "$(cpu_of $x --trials $((1 + more)) "$@")"
    awk -v a="$1" -v b="$2" -v more=$more 'BEGIN { print (b - a) / more }'
}

if section training 'Training 30,000 merges, one thread, pre-tokenization included'; then
    set --
    # shellcheck disable=SC2046,SC2086
    for c in $(first 5 $natural); do set -- "$@" "$root/$c"; done
    learned=$dir/learned-$texts.txt
    text "$learned" $((30 * mb)) "$@"
    if [ -d "$PEERS/node_modules" ] && command -v node > /dev/null; then
        # Beside the peaks of both trainers those of processes that have done the rest: node, started
        # and with the library loaded, and the words, counted.
        echo a > "$dir/little.txt"
        timed --runs $runs --title 'words and merges of 30 MB in five languages' \
            --goal 'cpu(HF train)/cpu(bpemix train) >= 10' --goal 'peak(HF train)/peak(bpemix train) >= 10' \
            -- 'bpemix train' "$bpemix" train -q -j 1 --vocab-size 30256 --train-bytes 1G \
               -o "$dir/own.json" text="$learned" \
            -- 'HF train' node tests/peers/hf_train.mjs "$dir/hf.json" "$learned" \
            -- 'bpemix words' "$bpemix" words -qq -j 1 -t "$presets" --pretokenizer gpt2 --text-unit line \
               -o "$dir/out.words" x="$learned" \
            -- 'HF train, of one letter' node tests/peers/hf_train.mjs "$dir/hf-little.json" "$dir/little.txt"
    else
        skip 'Hugging Face trainer' 'make check-peers installs it'
    fi
fi

if section trials 'Simulated trials of 10 GB and samples of 1 GB, one thread, 30,000 merges'; then
    from=$root names="$natural $program" more=2 sizes='5 10'
    [ -z "$quick" ] || more=1 sizes=5
    if [ -z "$have_corpora" ] && [ -d "${PANEL:-}" ]; then # its largest languages
        from=$PANEL names='russian japanese german french ukrainian portuguese chinese polish thai swedish'
    fi
    for n in $sizes; do
        set --
        for c in $names; do [ $# -ge "$n" ] || [ ! -d "$from/$c" ] || set -- "$@" "$c=$from/$c"; done
        [ $# -ge "$n" ] || { skip "$n categories" 'not enough of them'; continue; }
        x="$bpemix experiment -q -j 1 --simulate --train-bytes 10G --base-bytes 4M --vocab-size 30256"
        # shellcheck disable=SC2086
        read=$(cpu_of $x --trials 1 --max-bytes 1G "$@") all=$(trial_cost --max-bytes 1G "$@")
        trained=$(trial_cost --max-bytes 1M --methods tc "$@")
        replayed=$(trial_cost --max-bytes 1G --methods tc "$@")
        goal=$((n == 5 ? 1000 : 350))
        awk -v read="$read" -v t="$all" -v a="$trained" -v b="$replayed" -v n="$n" -v goal=$goal 'BEGIN {
            printf "  %d categories: %.2f CPU seconds a trial, and %.1f to read the text\n", n, t, read - t
            printf "  drawing and training %.2f, samples and replay %.2f, solving and ranges %.2f\n", a, b - a, t - b
            printf "  goal trials an hour >= %d: %.0f, %s\n\n", goal, 3600 / t, (3600 / t >= goal ? "met" : "MISSED") }'
        note "{\"categories\":$n,\"cpu_sec\":$all,\"cpu_sec_training\":$trained,\"cpu_sec_without_solving\":$replayed}"
    done
fi

# ---- replay -----------------------------------------------------------------------

if section replay 'Replay of a whole merge list over a million distinct words, one thread'; then
    list=$tokenizer
    [ -z "$published" ] || list=$published/gpt-2/tokenizer.json.gz
    for categories in 1 5; do
        i=0
        while [ $((i += 1)) -le $replays ]; do
            "$bin/bench_replay" -t "$list" -o "$json" $words $categories > "$dir/replay.txt" ||
                failed=1
            if [ $i = 1 ]; then
                sed 's/^/  /' "$dir/replay.txt"
            else
                sed -n '2s/^/  /p' "$dir/replay.txt"
            fi
        done
        sed -n 's/.*"words":\([0-9]*\),.*"categories":'$categories',.*"cpu_sec":\([0-9.]*\),.*/\2 \1/p' "$json" | sort -n |
            awk '{ a[NR] = $1 * 1000000 / $2 }
                 END { m = a[int((NR + 1) / 2)]
                       printf "  goal CPU seconds for a million words < 2: %.2f, %s\n\n", m, (m < 2 ? "met" : "MISSED") }'
    done
fi

# ---- solving -----------------------------------------------------------------------

# instance NAME "CATEGORIES": a trace of their samples under a tokenizer that
# was trained on their training halves, about equal shares.
instance() {
    trace=$dir/$1-$texts.trace
    if [ ! -s "$trace" ]; then
        # shellcheck disable=SC2046,SC2086
        train --vocab-size $((have_corpora ? 30256 : 1256)) -o "$dir/$1.json" $(folders train $2)
        "$bpemix" count -q -t "$dir/$1.json" -o "$trace" $(folders sample $2) || failed=1
    fi
    instances="$instances $1=$trace"
}

if section solving 'Solving, one thread: both methods, certified gap, CPU seconds of the solution alone'; then
    instances=
    five='english german french spanish russian' ten='english german russian chinese japanese c cpp python rust ruby'
    if [ "$have_corpora" ]; then
        instance languages5 "$(for c in $five; do [ -d "$root/$c" ] && echo "$c"; done | tr '\n' ' ')"
        [ "$quick" ] || {
            instance mixed10 "$(for c in $ten; do [ -d "$root/$c" ] && echo "$c"; done | tr '\n' ' ')"
            # shellcheck disable=SC2086
            instance languages30 "$(first 30 $natural)"
        }
        if [ -n "$published" ] && [ ! "$quick" ]; then
            trace=$dir/gpt-2.trace
            # shellcheck disable=SC2046,SC2086
            [ -s "$trace" ] || "$bpemix" count -q -t "$published/gpt-2/tokenizer.json.gz" -o "$trace" \
                $(folders sample $ten) || failed=1
            instances="$instances gpt-2-list=$trace"
        fi
    else
        instance bundled6 "$natural $program"
    fi
    # shellcheck disable=SC2086
    "$bin/bench_trace" --json "$json" --time-limit 60 --lp-limit $lp_limit \
        --merges $lengths $instances || failed=1
    echo
    if [ -x "$bin/bench_solve" ] && [ ! "$quick" ]; then
        # shellcheck disable=SC2086
        "$bin/bench_solve" ${BENCH_BIG:+--full} --json "$json" > "$dir/solve.txt" || failed=1
        sed 's/^/  /' "$dir/solve.txt"
        echo
    fi
fi

# ---- growth -------------------------------------------------------------------------

# pieces OUT EXT FOLDER: the documents of a folder as files of 100 kB, whole lines.
pieces() {
    find "$3" -type f | sort | tr '\n' '\0' | xargs -0 cat |
        awk -v out="$1" -v ext="$2" '
            { file = sprintf("%s-%04d.%s", out, k, ext); print > file }
            (have += length($0) + 1) >= 100000 { close(file); have = 0; k++ }
            END { if (have) system("rm -f " file) }' # what is left is too short
}

# some N: as many of all pieces, evenly, as arguments NAME=FILE.
some() {
    find "$cut" -type f | sort | awk -v n="$1" '
        { file[NR] = $0 }
        END { for (i = 0; i < n; i++) {
                  f = name = file[1 + int(i * NR / n)]
                  sub(/.*\//, "", name); sub(/[.][^.]*$/, "", name); print name "=" f } }'
}

if section growth 'Solving hundreds of categories: pieces of text of 100 kB, 3,000 merges'; then
    cut=$dir/pieces ext=txt from=$root list=$tokenizer counts='500 1000 2000'
    [ -z "${PANEL:-}" ] || { from=$PANEL ext=jsonl; }
    [ -z "$published" ] || list=$published/o200k/o200k_base.tiktoken.gz
    [ -z "$quick" ] || counts='500 1000'
    rm -rf "$cut"
    mkdir -p "$cut" || exit 1
    for c in "$from"/*/; do
        c=${c%/}
        [ -n "${PANEL:-}" ] || [ ! -d "$c/sample" ] || { pieces "$cut/${c##*/}" $ext "$c/sample"; continue; }
        pieces "$cut/${c##*/}" $ext "$c"
    done
    set --
    last=
    for n in $counts; do
        if [ "$(find "$cut" -type f | wc -l)" -lt "$n" ]; then
            skip "$n categories" 'too little text: set PANEL or make corpora'
            continue
        fi
        # shellcheck disable=SC2046
        "$bpemix" count -qq -t "$list" -o "$dir/growth-$n.trace" $(some "$n") || failed=1
        [ -z "$last" ] || set -- "$@" --goal "cpu($n categories)/cpu($last categories) <= 4"
        last=$n
    done
    if [ "$last" ]; then
        [ "$last" != 2000 ] || set -- "$@" --goal 'cpu(2000 categories) <= 60'
        for n in $counts; do
            [ ! -s "$dir/growth-$n.trace" ] || set -- "$@" -- "$n categories" "$bpemix" solve -qq \
                -j 1 -m 3000 --ranges no "$dir/growth-$n.trace"
        done
        timed --runs 1 --title 'solving, without weights and with' "$@"
    fi
    rm -rf "$cut" "$dir"/growth-*.trace
fi

# ---- memory -------------------------------------------------------------------------

if section memory 'Memory: one category, through a pipe'; then
    total=1000
    [ "$quick" ] && [ -z "${BENCH_BIG:-}" ] && total=100
    rounds=$(((total * mb + big - 1) / big))
    # shellcheck disable=SC2086
    if [ $total = 1000 ]; then
        text "$dir/all.txt" $((500 * mb)) $all_natural
        feed=$dir/all.txt rounds=2
    else
        feed=$mixed
    fi
    files=
    while [ $rounds -gt 0 ]; do
        files="$files $feed" rounds=$((rounds - 1))
    done
    bytes=$(($(size "$feed") * $(printf '%s' "$files" | wc -w)))
    timed --runs 1 --bytes $bytes --title "$((bytes / mb)) MB of text in all natural languages as one category" \
        --goal 'peak(words -j 1) <= 400' --goal 'peak(words -j 2) <= 400' --goal 'peak(count -j 2) <= 400' \
        -- 'words -j 1' sh -c "cat $files | $bpemix words -qq -j 1 -t $tokenizer -o $dir/out.words x=-" \
        -- 'words -j 2' sh -c "cat $files | $bpemix words -qq -j 2 -t $tokenizer -o $dir/out.words x=-" \
        -- 'count -j 2' sh -c "cat $files | $bpemix count -qq -j 2 -t $tokenizer -o $dir/out.trace x=-"
    files=
    n=$((bytes / $(size "$english")))
    while [ $n -gt 0 ]; do
        files="$files $english" n=$((n - 1))
    done
    bytes=$(($(size "$english") * $(printf '%s' "$files" | wc -w)))
    timed --runs 1 --bytes $bytes --title "$((bytes / mb)) MB of English" \
        --goal 'peak(count -j 2) <= 400' \
        -- 'count -j 2' sh -c "cat $files | $bpemix count -qq -j 2 -t $tokenizer -o $dir/out.trace x=-"
fi

# ---- loading ---------------------------------------------------------------------------

load() { # NAME FILE [LIMIT]
    sec=$("$bin/bench_load" "$2") || { failed=1; return; }
    verdict=
    [ -z "${3:-}" ] || verdict=$(awk -v s="$sec" -v m="$3" 'BEGIN {
        printf "goal < %s: %s", m, (s < m ? "met" : "MISSED") }')
    printf '  %-34s %8.3f  %s\n' "$1" "$sec" "$verdict"
    note "{\"bench\":\"load\",\"file\":\"$1\",\"cpu_sec\":$sec}"
}

if section loading 'Loading a tokenizer, CPU seconds, median of 5'; then
    load "${tokenizer##*/}" "$tokenizer"
    plain=$tokenizer
    if [ -n "$published" ]; then
        plain=$dir/gpt-2.json
        gunzip -c "$published/gpt-2/tokenizer.json.gz" > "$plain"
        load 'GPT-2 tokenizer.json' "$plain" 0.2
        load 'cl100k ranks' "$published/cl100k/cl100k_base.tiktoken.gz"
        load 'o200k ranks' "$published/o200k/o200k_base.tiktoken.gz" 1
    else
        skip 'published tokenizers' 'BPEMIX_TOKENIZERS is not set'
    fi
    if hf_ready; then
        sec=$(node tests/bench/peer_hf_load.mjs "$plain") || failed=1
        printf '  %-34s %8.3f\n\n' "HF library, ${plain##*/}" "$sec"
        note "{\"bench\":\"load\",\"library\":\"tokenizers (npm)\",\"file\":\"${plain##*/}\",\"cpu_sec\":$sec}"
    fi
fi

# ---- one document -------------------------------------------------------------------------

quoted() { sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&"/' | paste -s -d , -; }
{
    printf '{\n"schema_version":1,\n"version":"%s",\n"system":"%s",\n"processor":"%s",\n"processors":%s,\n"corpora":%s,\n"quick":%s,\n' \
        "$($bpemix --version | awk '{ print $2; exit }')" "$(uname -srm)" "$processor" "$(nproc)" \
        "$([ "$have_corpora" ] && echo true || echo false)" "$([ "$quick" ] && echo true || echo false)"
    printf '"skipped":[%s]' "$(quoted < "$dir/skipped")"
    for s in $only; do
        [ -f "$dir/$s.jsonl" ] || continue
        printf ',\n"%s":[\n%s\n]' "$s" "$(sed '$!s/$/,/' "$dir/$s.jsonl")"
    done
    printf '\n}\n'
} > "$BUILD/bench.json.part" && mv "$BUILD/bench.json.part" "$BUILD/bench.json"
echo "details: $BUILD/bench.json"
[ -z "$failed" ]
