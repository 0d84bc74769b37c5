bpemix infer a=b
