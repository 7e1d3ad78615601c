import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importTable, importsOf, sources, violations } from './tools/architecture.ts';

const table = importTable(readFileSync('README.md', 'utf8'));

describe('the house', () => {
	it('has its table of imports in the README', () => {
		expect(table['engine']).toEqual(['contracts', 'maths']);
		expect(table['maths']).toEqual([]);
	});

	it('keeps its rooms apart', () => {
		const files = sources();
		expect(files.length).toBeGreaterThan(80);
		expect(violations(files, table)).toEqual([]);
	});

	it.each([
		['src/maths/a.ts', "import { x } from '#engine/field.ts';", 'maths may not'],
		['src/views/a.ts', "const x = await import('#engine/field.ts');", 'views may not'],
		['src/state/a.ts', "import { Session } from '#workers/compute/session.ts';", 'state may not'],
		['src/methods/a.ts', "import * as tf from '@tensorflow/tfjs-core';", 'only engine may'],
		['src/engine/Wrong.ts', '', 'kebab-case'],
		['src/state/a.svelte.ts', 'export const a = 1;', 'no runes'],
		['src/draw/long.ts', 'x\n'.repeat(401), '400 are the limit']
	])('would see a breach in %s: %s', (path, text, message) => {
		expect(violations([{ path, text }], table).join()).toContain(message);
	});

	it('lets types cross where the table says so', () => {
		const path = 'src/contracts/a.ts';
		expect(violations([{ path, text: "import type { Tensor } from '#engine/tf.ts';" }], table)).toEqual([]);
		expect(violations([{ path, text: "import { Tensor } from '#engine/tf.ts';" }], table)).toHaveLength(1);
		expect(importsOf({ path, text: "export * from './b.ts';" })).toEqual([{ target: './b.ts', types: false }]);
	});
});
