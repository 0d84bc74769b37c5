bpemix completion bash > c.bash && bash -n c.bash && grep -c 'complete -F' c.bash
