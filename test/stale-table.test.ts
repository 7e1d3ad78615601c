import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FACETS } from '#contracts/identity.ts';
import { views } from '#views/index.ts';
import { changesOf, TABLE } from './e2e/stale-table.ts';

/** No view, and nothing that a result may depend on, is forgotten by the tests with a slow engine. */
describe('the table of what is tested with a slow engine', () => {
	it('has a row for every view, and in it a place for everything that a result may depend on', () => {
		expect(Object.keys(TABLE).sort()).toEqual([...views.keys()].sort());
		for (const [view, { cells }] of Object.entries(TABLE))
			expect(Object.keys(cells).sort(), view).toEqual([...FACETS].sort());
	});

	it('says why where nothing is tested, in words', () => {
		const reasons = Object.values(TABLE).flatMap(({ cells }) =>
			Object.values(cells).filter((cell) => typeof cell === 'string')
		);
		expect(reasons.length).toBeGreaterThan(0);
		for (const reason of reasons) {
			expect(reason).toMatch(/^\S.{20,}\.$/);
			// A test that is named is there.
			const [, title, file] = /“(.+)”, ([\w.-]+)\.$/.exec(reason) ?? [];
			if (title) expect(readFileSync(`test/e2e/${file}`, 'utf8')).toContain(title);
		}
	});

	it('names tests that there are where it is tested elsewhere', () => {
		for (const { cells } of Object.values(TABLE))
			for (const cell of Object.values(cells))
				if (typeof cell === 'object' && 'file' in cell)
					expect(readFileSync(cell.file, 'utf8')).toMatch(new RegExp(`(it|test)\\('${cell.title}'`));
	});

	it('tests another model last, and no change twice', () => {
		for (const row of Object.values(TABLE)) {
			const facets = changesOf(row).map(([facet]) => facet);
			expect(new Set(facets).size).toBe(facets.length);
			if (facets.includes('model')) expect(facets.at(-1)).toBe('model');
		}
	});
});
