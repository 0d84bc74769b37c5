# halves of several folders would be those of the first
mkdir -p g/a1/train g/a1/sample g/a2/train g/a2/sample
bpemix experiment 'a=g/a*' b=g/a1
