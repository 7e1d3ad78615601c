import { storedCase } from '../../tools/stored-case.ts';
import type { Samples } from '../samples.ts';

/** As PyTorch wrote them: test/loaders/recipes/pytorch.py. */
const file = (name: string) => async () => ({ [name]: await storedCase(`weights/${name}`) });

const samples: Samples = {
	cut: 'refused',
	files: {
		'state dict': file('state-dict.pt'),
		'protocol 4': file('protocol-4.pt'),
		legacy: file('legacy.pth'),
		checkpoint: file('checkpoint.ckpt'),
		module: file('module.pt'),
		views: file('views.pt'),
		'legacy views': file('views-legacy.pt')
	}
};

export default samples;
