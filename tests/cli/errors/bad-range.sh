bpemix infer --merges 30:10 -t x a=b
