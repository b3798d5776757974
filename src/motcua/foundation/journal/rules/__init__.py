"""The journal's arithmetic: canonical form, hashes, Merkle trees, the chain, proofs. Pure."""
