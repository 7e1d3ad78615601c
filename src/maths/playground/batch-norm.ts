/** Running figures of batch normalisation: running = KEPT running + (1 - KEPT) of the batch; the variance is the biased one. */
export const KEPT = 0.9;
/** Added to variances (Keras). */
export const VARIANCE_FLOOR = 1e-3;
