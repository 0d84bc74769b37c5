bpemix infer -t tok.json
