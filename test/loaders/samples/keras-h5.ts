import type { Samples } from '../samples.ts';
import { storedCase } from '../../tools/stored-case.ts';

/** HDF5 as Keras 1 and 2 write it, and weights alone. */
const file = (path: string) => async () => ({ [path]: await storedCase(`keras/${path}`) });

const samples: Samples = {
	cut: 'refused',
	files: {
		functional: file('functional.h5'),
		newest: file('newest.h5'),
		old: file('sequential-1.h5'),
		weights: file('weights-2.h5'),
		numbered: file('weights-3.weights.h5')
	}
};

export default samples;
