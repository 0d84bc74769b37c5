bpemix infer --unit tokens -t x a=b
