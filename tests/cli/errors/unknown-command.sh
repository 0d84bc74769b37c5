bpemix guess
