import { zipSync } from 'fflate';
import type { Samples } from '../samples.ts';

/** One pixel. */
export const PNG = Uint8Array.from(
	atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
	(letter) => letter.charCodeAt(0)
);

const tree = { 'set/cat/2.png': PNG, 'set/cat/10.png': PNG, 'set/dog/1.png': PNG };

const samples: Samples = {
	cut: 'shorter',
	files: {
		folders: () => tree,
		zip: () => ({ 'set.zip': zipSync({ ...tree, 'set/readme.txt': new TextEncoder().encode('words') }) as Uint8Array<ArrayBuffer> }) // prettier-ignore
	}
};

export default samples;
