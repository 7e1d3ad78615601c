import type { OutputKind } from '#contracts/output.ts';
import { isVector } from '#methods/outputs/facts.ts';

/** One of many. */
const kind: OutputKind = {
	id: 'classes',
	title: 'Classes',
	order: 1,
	match(facts) {
		const { head, labels } = facts;
		if (!isVector(facts) || head.units < 2) return null;
		if (head.activation === 'softmax') return { sure: 0.9, reason: 'it ends in softmax' };
		if (head.kind === 'classes' && labels?.length === head.units)
			return { sure: 0.9, reason: 'there are as many class names' };
		if (head.kind === 'classes') return { sure: 0.6, reason: 'scores without softmax, which the lab adds' };
		return { sure: 0.05, reason: 'yours' };
	}
};

export default kind;
