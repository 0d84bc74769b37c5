printf '\177ELF\002\001\001' > t.bin
bpemix inspect t.bin
