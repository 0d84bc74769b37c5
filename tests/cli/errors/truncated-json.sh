printf '{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"' > t.json
bpemix inspect t.json
