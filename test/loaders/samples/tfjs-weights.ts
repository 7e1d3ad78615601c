import type { Samples } from '../samples.ts';
import { filesOf } from './tfjs-layers.ts';

const samples: Samples = {
	cut: 'refused',
	files: {
		bag: () =>
			filesOf({ modelTopology: null }, [
				['block/conv/kernel', [3, 3, 1, 2]],
				['block/conv/bias', [2]],
				['fc/kernel', [2, 3], { dtype: 'uint8', scale: 0.1, min: -1 }]
			])
	}
};

export default samples;
