import { expect, it } from 'vitest';
import { few, MAX_OFFERED } from '#maths/few.ts';

it('of a long list the first are offered, and the chosen one wherever it is, once', () => {
	const all = Array.from({ length: MAX_OFFERED + 5 }, (_, i) => i);
	const chosen = (one: number) => (i: number) => i === one;
	expect(few(all, chosen(-1))).toEqual(all.slice(0, MAX_OFFERED));
	expect(few(all, chosen(7))).toEqual(all.slice(0, MAX_OFFERED));
	expect(few(all, chosen(MAX_OFFERED + 3))).toEqual([...all.slice(0, MAX_OFFERED), MAX_OFFERED + 3]);
	expect(few(all.slice(0, MAX_OFFERED), chosen(7))).toHaveLength(MAX_OFFERED);
});
