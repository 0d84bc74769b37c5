bpemix infer --json - -t nowhere.json a=b
bpemix infer --method none --json - -t nowhere.json a=b
