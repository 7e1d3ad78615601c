import { boundSizes } from '#engine/gradients/bounds.ts';
import { mendCasts } from '#engine/gradients/casts.ts';
import { mendComparisons } from '#engine/gradients/comparisons.ts';
import { mendConvolutions } from '#engine/gradients/convolution.ts';
import { mendFailures } from '#engine/gradients/failures.ts';
import { mendIndexing } from '#engine/gradients/indexing.ts';
import { mendPooling } from '#engine/gradients/pooling.ts';
import { mendProducts } from '#engine/gradients/products.ts';
import { mendStridedSlice } from '#engine/kernels/strided-slice.ts';
import { refuse } from '#engine/gradients/refusals.ts';
import { mendResizing } from '#engine/gradients/resize.ts';

let installed = false;

/** Mends tfjs's gradients, once; and refuses what cannot be mended, for every backend that is there by now. */
export function installGradients(): void {
	if (!installed)
		for (const mend of [
			mendConvolutions,
			mendPooling,
			mendResizing,
			mendIndexing,
			mendProducts,
			mendComparisons,
			mendCasts,
			mendFailures
		])
			mend();
	installed = true;
	mendStridedSlice();
	refuse();
	boundSizes();
}
