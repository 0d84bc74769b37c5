printf '{"model":{"type":"Unigram","vocab":[["a",0]]}}' > t.json
bpemix inspect t.json
