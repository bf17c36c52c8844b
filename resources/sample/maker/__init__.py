"""Everything `make_sample.py` needs: plates, traffic, reading errors, crops and pictures."""
