import type { OutputKind } from '#contracts/output.ts';
import { isVector } from '#methods/outputs/facts.ts';

/** Each yes or no by itself. */
const kind: OutputKind = {
	id: 'labels',
	title: 'Labels (multi-label)',
	order: 2,
	match(facts) {
		const { head } = facts;
		if (!isVector(facts)) return null;
		if (head.activation === 'sigmoid')
			return { sure: 0.9, reason: head.units > 1 ? 'each has a sigmoid of its own' : 'one sigmoid: yes or no' };
		return { sure: 0.04, reason: 'yours' };
	}
};

export default kind;
