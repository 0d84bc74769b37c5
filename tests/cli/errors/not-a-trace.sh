bpemix solve "$top/README.md" 2>&1 | sed "s|$top/||"
