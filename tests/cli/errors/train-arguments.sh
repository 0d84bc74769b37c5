t() { bpemix train -q -o tok.json "$@"; echo $?; }
t --vocab-size 256 en="$top/corpora/bundled/english/train"
t --mixture en=0.5,c=0.2,en=0.3 en="$top/corpora/bundled/english/train" c="$top/corpora/bundled/c/train"
echo text | t en=-
mkfifo pipe
t en=pipe
ls tok.json 2> /dev/null
