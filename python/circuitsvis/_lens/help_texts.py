"""What a logit lens figure says about itself with help=True."""

HELP = (
    "Each row is the residual stream at one stage of the model, the embedding at the bottom and the last layer on top; each column is a "
    "position. A cell shows the token that the model's final norm and unembedding would predict from that stage: what the model would "
    "say if the remaining layers did nothing. Colors show the probability of that token, or what the switch above names.",
    "0_pre is the stream before the first block, 3_pre before block 3 (after block 2), 3_mid between its attention and MLP, final_post "
    "after the last block. The row below the columns has the tokens of the text, the row above them the target: the token that follows.",
    "Rank 1 is the likeliest token. The entropy is that of the cell's distribution, and KL is the divergence of the last layer's "
    "distribution from the cell's, D_KL(final || layer): 0 where the layer predicts what the model does. Both are in nats.",
    "Hover a cell, or move to it with the arrow keys, to see its likeliest tokens; click or Enter pins it, Esc releases it. The chart "
    "shows the target of that column through all stages.",
)

OF_FUNCTION = (
    "All rows but final_post were read by a function that was passed as lens=, final_post by the model's own final norm and "
    "unembedding."
)
