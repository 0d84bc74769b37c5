bpemix
