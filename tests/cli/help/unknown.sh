bpemix help nowhere; echo $?
bpemix completion zsh; echo $?
bpemix help solve | head -n 1
