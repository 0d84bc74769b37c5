bpemix infer --frobnicate
