import type { AlgebraApi } from '#contracts/weights.ts';
import { spectrumOf } from '#methods/weights/spectrum.ts';
import { serve, Transferred } from '#workers/rpc.ts';

/** The thread of long decompositions. It does not listen while it works: who has no patience ends it. */
serve<AlgebraApi>(self as never, {
	spectrum(source) {
		const spectrum = spectrumOf(source);
		return new Transferred(spectrum, [spectrum.values.buffer]);
	}
});
