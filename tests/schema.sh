#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# schema.sh - the result document keeps to examples/result.schema.json.
#
# First the validator itself: each keyword must be able to fail, and unknown
# keywords must be refused.  Then documents written by bpemix, and damaged
# copies of them that must not pass.
#
# usage: tests/schema.sh    from the top of the source tree; BUILD=dir for
# another build folder than build.  Prints "ok - ..." or "not ok - ...".
set -u
top=$(pwd)
build=${BUILD:-build}
case $build in /*) ;; *) build=$top/$build ;; esac
check=$build/tests/schema_check
schema=$top/examples/result.schema.json
passed=0 failed=0 skipped=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

ok() { passed=$((passed + 1)); echo "ok - $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok - $1"; }

# validate EXIT-STATUS NAME SCHEMA-FILE DOCUMENT-FILE
validate() {
    "$check" "$3" "$4" > "$tmp/said" 2>&1
    got=$?
    if [ $got = "$1" ]; then
        ok "$2"
    else
        not_ok "$2 (exit status $got, not $1)"
        sed 's/^/    /' "$tmp/said"
    fi
}

# try EXIT-STATUS SCHEMA DOCUMENT
try() {
    printf '%s\n' "$2" > "$tmp/s.json"
    printf '%s\n' "$3" > "$tmp/d.json"
    validate "$1" "validator: $2 on $3" "$tmp/s.json" "$tmp/d.json"
}

if [ ! -x "$check" ]; then
    not_ok "$check is not built"
    echo "$passed passed, $failed failed, $skipped skipped"
    exit 1
fi

try 0 '{}' '[1, {"a": null}]'
for t in null boolean number integer string array object; do
    for d in null true 1.5 2 '"s"' '[]' '{}'; do
        case $t:$d in
        null:null|boolean:true|number:1.5|number:2|integer:2|string:'"s"'|array:'[]'|object:'{}')
            try 0 "{\"type\": \"$t\"}" "$d" ;;
        *) try 1 "{\"type\": \"$t\"}" "$d" ;;
        esac
    done
done
try 0 '{"type": ["string", "null"]}' null
try 1 '{"type": ["string", "null"]}' 3
try 0 '{"const": "1.0"}' '"1.0"'
try 1 '{"const": "1.0"}' '"1.1"'
try 0 '{"const": {"a": [1, 2]}}' '{"a": [1, 2.0]}'
try 1 '{"const": {"a": [1, 2]}}' '{"a": [1]}'
try 1 '{"const": {"a": 1}}' '{"a": 1, "b": 1}'
try 0 '{"enum": ["lp", null]}' null
try 1 '{"enum": ["lp", null]}' '"LP"'
try 0 '{"minimum": 0, "maximum": 1}' 1
try 1 '{"minimum": 0, "maximum": 1}' 1.0000001
try 1 '{"minimum": 0, "maximum": 1}' -1e-9
try 1 '{"exclusiveMinimum": 0}' 0
try 1 '{"exclusiveMaximum": 0}' 0
try 0 '{"minimum": 5}' '"text is not bounded"'
try 1 '{"minLength": 2}' '"ä"'
try 0 '{"minLength": 2}' '"äö"'
try 1 '{"minItems": 1}' '[]'
try 1 '{"maxItems": 1}' '[1, 2]'
try 1 '{"items": false}' '[1]'
try 0 '{"items": {"type": "integer"}}' '[1, 2]'
try 1 '{"items": {"type": "integer"}}' '[1, "2"]'
try 0 '{"properties": {"a": {"type": "null"}}, "required": ["a"]}' '{"a": null, "b": 1}'
try 1 '{"properties": {"a": {"type": "null"}}, "required": ["a"]}' '{"b": 1}'
try 1 '{"properties": {"a": {"type": "null"}}}' '{"a": 1}'
try 1 '{"properties": {"a": {}}, "additionalProperties": false}' '{"b": 1}'
try 0 '{"additionalProperties": {"type": "number"}}' '{"b": 1}'
try 1 '{"additionalProperties": {"type": "number"}}' '{"b": "1"}'
try 0 '{"$ref": "#/$defs/x", "$defs": {"x": {"type": "null"}}}' null
try 1 '{"$ref": "#/$defs/x", "$defs": {"x": {"type": "null"}}}' 0
try 1 '{"$ref": "#/$defs/x", "$defs": {"x": {"type": "null"}}, "minimum": 3}' 2
try 0 '{"items": {"$ref": "#"}, "type": "array"}' '[[], [[]]]'
try 1 '{"items": {"$ref": "#"}, "type": "array"}' '[[], [1]]'
try 1 '{"$ref": "#"}' 1
for s in '{"pattern": "^a"}' '{"anyOf": [{}]}' '{"Type": "null"}' \
    '{"properties": {"never": {"format": "date"}}}' '{"$defs": {"unused": {"oneOf": []}}}' \
    '{"items": {"uniqueItems": true}}' '{"additionalProperties": {"not": {}}}' \
    '{"type": "float"}' '{"type": []}' '{"required": "a"}' '{"required": ["a"]}' \
    '{"enum": []}' '{"minimum": "0"}' '{"minItems": -1}' '{"$ref": "#/$defs/x"}' \
    '{"$ref": "other.json"}' '{"properties": []}' '{"properties": {"a": true}}' \
    '{"title": 1}' 'true' '[]'; do
    try 2 "$s" '{}'
done
try 1 '{}' '{"a": 1, "a": 2}'
try 1 '{}' '{"a": 1'
printf '{}' > "$tmp/s.json"
validate 1 'validator: a document that is not there' "$tmp/s.json" "$tmp/none.json"

# ---- names of formats, which no small example has all of ----

sed -n '/^const char \*bmx_format_name/,/^}/p' src/tokenizer/tokenizer.c |
    grep -o '= "[^"]*"' | cut -d '"' -f 2 > "$tmp/formats"
[ -s "$tmp/formats" ] || not_ok 'names of formats cannot be found in src/tokenizer/tokenizer.c'
while read -r format; do
    if sed -n '/"format": {/,/}/p' "$schema" | grep -q "\"$format\""; then
        ok "format $format"
    else
        not_ok "format $format is missing from the schema"
    fi
done < "$tmp/formats"

# ---- documents that are kept: valid, and the same when they are read and written again ----

if "$check" "$schema" "$top"/examples/published/results/*/*.json > "$tmp/said" 2>&1; then
    ok 'results of the study'
else
    not_ok 'results of the study'
    sed 's/^/    /' "$tmp/said"
fi

# ---- documents of the program ----

# run NAME COMMAND...: it must succeed
run() {
    name=$1
    shift
    if "$@" > "$tmp/out" 2> "$tmp/err"; then
        ok "$name"
    else
        not_ok "$name (exit status $?)"
        sed 's/^/    /' "$tmp/err"
        return 1
    fi
}

# other NAME DOCUMENT: it fits examples/NAME.schema.json, and not with a key too many or one less
other() {
    validate 0 "document of $1" "$top/examples/$1.schema.json" "$2"
    sed 's/"schema_version"/"surprise": 1, "schema_version"/' "$2" > "$tmp/damaged.json"
    validate 1 "document of $1 with an unknown key" "$top/examples/$1.schema.json" "$tmp/damaged.json"
    sed '/"schema_version"/d' "$2" > "$tmp/damaged.json"
    validate 1 "document of $1 without version" "$top/examples/$1.schema.json" "$tmp/damaged.json"
}

# damage NAME SED-SCRIPT: the changed copy of result.json must not pass
damage() {
    sed "$2" "$tmp/result.json" > "$tmp/damaged.json"
    if cmp -s "$tmp/result.json" "$tmp/damaged.json"; then
        not_ok "damaged result: $1 (the copy is not damaged)"
    else
        validate 1 "damaged result: $1" "$schema" "$tmp/damaged.json"
    fi
}

PATH=$build:$PATH
bundled=$top/corpora/bundled
if run 'train a tokenizer' bpemix train --quiet --json "$tmp/train.json" --vocab-size 600 --output "$tmp/tokenizer.json" \
        --mixture english=0.5,french=0.3,c=0.2 "english=$bundled/english/train" \
        "french=$bundled/french/train" "c=$bundled/c/train"; then
    other train "$tmp/train.json"
    run 'inspect' bpemix inspect --json "$tmp/inspect.json" "$tmp/tokenizer.json" &&
        other inspect "$tmp/inspect.json"
    run 'report' bpemix report --output "$tmp/report.json" "$top/tests/fixtures/report/whole.json" &&
        other report "$tmp/report.json"
    run 'report of an experiment' bpemix report --experiment --output "$tmp/report.json" \
        "$top/tests/fixtures/report/experiment.json" &&
        other report "$tmp/report.json"
    run 'experiment' bpemix experiment --quiet --quiet --simulate --trials 2 --vocab-size 356 --train-bytes 1M \
            --max-bytes 100k --folds 2 --omit 1 --methods monotone,uniform,verify,tee --mixture c=1,english=1 \
            --corpus "$bundled" --json "$tmp/trials.json" && other experiment "$tmp/trials.json"
    run 'experiment over several values' bpemix experiment --quiet --quiet --simulate --trials 1 --vocab-size 356 \
            --train-bytes 1M --max-bytes 100k --folds none,2 --categories 3,all --omit-share drawn,0.1 \
            --corpus "$bundled" --json "$tmp/sweep.json" && other experiment "$tmp/sweep.json"
    printf 'c\tcode\npython\tcode\nenglish\tEnglish\n' > "$tmp/groups.tsv"
    run 'experiment with groups' bpemix experiment --quiet --quiet --simulate --trials 2 --vocab-size 356 \
            --train-bytes 1M --max-bytes 100k --folds 2 --methods monotone,tee --groups "$tmp/groups.tsv" \
            --corpus "$bundled" --json "$tmp/groups.json" && other experiment "$tmp/groups.json"
    run 'encode' bpemix encode --tokenizer "$tmp/tokenizer.json" --json "$tmp/encode.json" \
            "$bundled"/english/sample/*1* && other encode "$tmp/encode.json"
    run 'panel' bpemix panel --json "$tmp/panel.json" && other panel "$tmp/panel.json"
    run 'verify' bpemix verify --quiet --exact --claim "$tmp/train.json" --tokenizer "$tmp/tokenizer.json" \
            --json "$tmp/verify.json" "english=$bundled/english/sample" "french=$bundled/french/sample" \
            "c=$bundled/c/sample" && other verify "$tmp/verify.json"
    for o in '' --category=c --merge=in; do
        run "explain $o" bpemix explain --quiet ${o:+"$o"} --tokenizer "$tmp/tokenizer.json" --json "$tmp/explain.json" \
            "english=$bundled/english/sample" "french=$bundled/french/sample" "c=$bundled/c/sample" &&
            other explain "$tmp/explain.json"
    done
    set -- --quiet --tokenizer "$tmp/tokenizer.json" "english=$bundled/english/sample" \
        "french=$bundled/french/sample" "c=$bundled/c/sample"
    run 'infer' bpemix infer --json "$tmp/result.json" "$@" &&
        validate 0 'result of infer' "$schema" "$tmp/result.json"
    run 'infer --no-provenance' bpemix infer --no-provenance --json "$tmp/bare.json" "$@" &&
        validate 0 'result of infer --no-provenance' "$schema" "$tmp/bare.json"
    for o in --method=lp --method=monotone --weights=none --weights=quarter --merges=50 \
        --merges=20:200 --merges=all --time-limit=0.001 --folds=2; do
        run "infer $o" bpemix infer "$o" --json "$tmp/other.json" "$@" &&
            validate 0 "result of infer $o" "$schema" "$tmp/other.json"
    done
    # German alone: merges that the samples do not have, large slack
    run 'infer, wrong categories' bpemix infer --quiet --tokenizer "$tmp/tokenizer.json" \
        --json "$tmp/wrong.json" "german=$bundled/german/sample" &&
        validate 0 'result of infer, wrong categories' "$schema" "$tmp/wrong.json"
    shift 3
    run 'count' bpemix count --quiet --tokenizer "$tmp/tokenizer.json" \
        --output "$tmp/counts.trace" "$@" &&
        run 'solve' bpemix solve --quiet --json "$tmp/solved.json" "$tmp/counts.trace" &&
        validate 0 'result of solve' "$schema" "$tmp/solved.json"

    damage 'another schema_version' 's/"schema_version": [0-9]*/"schema_version": 999/'
    damage 'no schema_version' '/"schema_version"/d'
    damage 'an unknown key' 's/"schema_version"/"surprise": 1, "schema_version"/'
    damage 'a share above 1' 's/"share_bytes": [0-9.e-]*/"share_bytes": 1.5/'
    damage 'a negative share' 's/"share_pairs": [0-9.e-]*/"share_pairs": -0.5/'
    damage 'a share that is text' 's/"share_bytes": \([0-9.e-]*\)/"share_bytes": "\1"/'
    damage 'a category without a name' '/"name"/d'
    damage 'an interval that is text' 's/"low_bytes": null/"low_bytes": "0.1"/'
    damage 'no folds' '/"folds"/d'
    damage 'no slack' '/"slack_merges"/d'
    damage 'another status' 's/"status": "[a-z]*"/"status": "perfect"/'
    damage 'a fractional count' 's/"sample_bytes": \([0-9]*\)/"sample_bytes": \1.5/'
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
