"""The models' side of scoring: the encoder, the heads on disk, training and evaluation."""
