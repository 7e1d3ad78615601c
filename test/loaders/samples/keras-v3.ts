import { storedCase } from '../../tools/stored-case.ts';
import type { Samples } from '../samples.ts';

/** `.keras`: a zip of a network and its weights. */
const file = (path: string) => async () => ({ [path]: await storedCase(`keras/${path}`) });

const samples: Samples = {
	cut: 'refused',
	files: {
		transformer: file('transformer.keras'),
		sequences: file('sequences.keras'),
		custom: file('custom.keras'),
		code: file('code.keras')
	}
};

export default samples;
