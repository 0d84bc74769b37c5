# The size of a training text, read from the ties of the merge list it made, is
# right within a factor of three, even where it is only 40 KB.
b=$top/corpora/bundled
try() {
    bpemix train -q -o t.json --vocab-size "$1" x="$2" > /dev/null
    bpemix count -q -t t.json --text-unit line -o t.trace x="$2"
    pairs=$(bpemix inspect t.trace | awk '$1 == "x" { print $NF }')
    bpemix inspect -q --json t.insp t.json > /dev/null
    awk -v pairs="$pairs" -v name="${2#"$b"/}" '
        /"sample_pairs"/ { gsub(/[^0-9.e+]/, "", $2); estimate = $2 + 0 }
        END { print name, (estimate > pairs / 3 && estimate < 3 * pairs) ? "close" : estimate "/" pairs }' t.insp
}
try 3256 "$b/english"
try 3256 "$b/c"
try 3256 "$b/python"
try 2756 "$b/spanish"
