bpemix --help
