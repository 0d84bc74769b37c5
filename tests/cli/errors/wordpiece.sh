printf '{"model":{"type":"WordPiece","vocab":{}}}' > t.json
bpemix inspect t.json
