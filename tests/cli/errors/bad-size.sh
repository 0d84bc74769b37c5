bpemix infer --max-bytes 10Q -t x a=b
