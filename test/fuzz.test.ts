import { expect, it } from 'vitest';
import { DEFECTS, fuzz } from './fuzz/run.js';

it('no broken file hangs, crashes or is taken for a sound one, and none is met with an error that is not for people', async () => {
	const results = await fuzz({ seed: 1, count: 60 });
	expect(new Set(results.map(({ format }) => format)).size).toBeGreaterThan(8);
	// Not all are refused: what is broken must reach the readers.
	expect(results.filter(({ kind }) => kind === 'ok').length).toBeGreaterThan(results.length / 10);
	expect(results.filter(({ kind }) => DEFECTS.includes(kind))).toEqual([]);
}, 300_000);
