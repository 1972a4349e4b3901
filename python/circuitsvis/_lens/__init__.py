"""The logit lens: the next-token distribution that the model's output head gives to every stage of the residual stream."""
