bpemix infer --help
