import type { OutputKind } from '#contracts/output.ts';
import { isVector } from '#methods/outputs/facts.ts';

/** Numbers that stand for themselves. */
const kind: OutputKind = {
	id: 'values',
	title: 'Values (regression)',
	order: 3,
	match(facts) {
		const { head } = facts;
		if (!isVector(facts)) return null;
		if (head.kind === 'value' && head.units === 1) return { sure: 0.9, reason: 'one number without an activation' };
		if (head.kind === 'value') return { sure: 0.6, reason: 'numbers that are no scores' };
		return { sure: 0.03, reason: 'yours' };
	}
};

export default kind;
