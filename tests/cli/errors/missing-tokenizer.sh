bpemix inspect nowhere.json
