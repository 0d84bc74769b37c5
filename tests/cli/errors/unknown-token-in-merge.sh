printf '{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b","ab q"]}}' > t.json
bpemix inspect --json t.out t.json > /dev/null && grep -A 3 '"warnings"' t.out
