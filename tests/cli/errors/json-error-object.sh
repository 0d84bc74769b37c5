bpemix infer --json - -t nowhere.json a=b
