printf '{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b",{"x":1}]}}' > t.json
bpemix inspect t.json
