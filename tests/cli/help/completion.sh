bpemix completion bash > c.bash && bash -n c.bash && grep -c 'complete -F' c.bash
# what is offered for the last of these words
cat > offer.bash <<'B'
. ./c.bash
offer() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _bpemix 2> /dev/null
    echo "$*: ${COMPREPLY[*]}"
}
offer bpemix in
offer bpemix completion ''
offer bpemix solve --me
offer bpemix solve --method ''
offer bpemix solve --method = ''
offer bpemix solve --method =
offer bpemix solve --method = l
offer bpemix infer --merges a
offer bpemix infer --pretokenizer deepseek-
offer bpemix infer english = cor
B
bash offer.bash
