import { describe, expect, it } from 'vitest';
import type { HeadSpec, Prediction } from '#contracts/compute.ts';
import { comparePredictions, maxDifferenceInWords, type ModelPredictions } from '#state/comparison/predictions.ts';
import { countsOf, csvReport, htmlReport, markdownReport, type Report } from '#state/comparison/report.ts';
import type { KnownRow } from '#state/comparison/comparison.svelte.ts';

const row = (more: Partial<KnownRow>): KnownRow => ({
	first: 'conv',
	second: 'conv',
	type: 'Conv2D',
	state: 'same',
	found: 'name',
	differences: [],
	weights: [],
	shapes: ['8 × 8 × 4', '8 × 8 × 4'],
	distances: null,
	activation: null,
	...more
});
const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;';
const distance = { relative: 0.25, maxAbs: 0.5, cosine: 0.9, squares: [1, 16] as const, invalid: 0 };
const moved = row({
	state: 'weights',
	weights: [{ role: 'kernel', first: 'k', second: 'k', shape: [3], secondShape: [3], comparable: true }],
	distances: { row: 1, tensors: [distance], relative: 0.25 },
	activation: distance
});
const model = (title: string) => ({ title, format: 'TF.js layers model', nodes: 3, parameters: 12_345, bytes: 49_380 });
const report = (rows: readonly KnownRow[], title = 'One'): Report => ({
	first: model(title),
	second: model('Two'),
	rows,
	input: 'A four',
	predictions: null
});

describe('a report', () => {
	const hostile = report(
		[
			row({ first: HOSTILE, type: HOSTILE, state: 'removed', second: null }),
			row({
				second: HOSTILE,
				state: 'attributes',
				differences: [{ kind: 'attributes', name: HOSTILE, first: HOSTILE, second: '|\n# x' }]
			}),
			{ ...moved, first: HOSTILE }
		],
		HOSTILE
	);

	it('as a page holds no script, no handler, no address, and every name as text', () => {
		const html = htmlReport(hostile);
		expect(html).not.toMatch(/<script|<img|<iframe|<link|<a |javascript:|https?:/i);
		// The only tags are our own.
		const tags = new Set([...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, tag]) => tag!.toLowerCase()));
		const own =
			'html head meta title style body h1 h2 p table thead tr th td figure figcaption svg rect !doctype'.split(' ');
		expect([...tags].filter((tag) => !own.includes(tag))).toEqual([]);
		expect([...html.matchAll(/<[^>]*\son\w+=/gi)]).toEqual([]);
		expect(html.match(/&lt;script&gt;alert\(1\)/g)!.length).toBeGreaterThanOrEqual(6);
		expect(html).toContain("default-src 'none'");
	});

	it('as Markdown keeps names from being markup', () => {
		const text = markdownReport(hostile);
		expect(text).not.toMatch(/<script|<img/);
		const table = text.split('## What differs')[1]!;
		for (const line of table.split('\n').filter((one) => one.startsWith('|') && !one.includes('---')))
			expect(line.replace(/\\\|/g, '').split('|')).toHaveLength(10);
	});

	it('as a table has a line per row, and no cell that a spreadsheet would run', () => {
		const lines = csvReport(report([row({ first: '=HYPERLINK("x")' }), row({ first: '@a,b' }), moved]))
			.trim()
			.split('\r\n');
		expect(lines).toHaveLength(4);
		expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
		expect(lines[2]).toContain(`"'@a,b"`);
		expect(lines[3]).toContain(',0.25,0.5,0.25,0.9,');
		expect(csvReport(report([row({ first: '-cmd' })]))).toContain(`,'-cmd,`);
	});

	it('says the numbers', () => {
		const html = htmlReport(report([row({}), moved]));
		expect(html).toContain('<td>≠ weights differ</td>');
		expect(html).toContain('kernel 0.25');
		expect(html).toContain('12.3 k');
		expect(html).toContain('<rect');
		expect(countsOf([row({}), moved])).toMatchObject({ same: 1, weights: 1, added: 0 });
	});
});

const head = (units: number, kind: HeadSpec['kind'] = 'classes'): HeadSpec => ({
	output: 'out',
	title: 'Output',
	scores: 'out',
	activation: kind === 'classes' ? 'softmax' : kind === 'value' ? 'none' : 'sigmoid',
	kind,
	units
});
const predicted = (probabilities: readonly number[]): Prediction => ({
	output: 'out',
	scores: Float32Array.from(probabilities),
	probabilities: Float32Array.from(probabilities),
	beyond: 0,
	order: Int32Array.from([...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!))
});
const says = (
	probabilities: readonly number[],
	labels: readonly string[] | null = null,
	kind: HeadSpec['kind'] = 'classes'
): ModelPredictions => ({ heads: [head(probabilities.length, kind)], predictions: [predicted(probabilities)], labels });

describe('two predictions', () => {
	it('flip when the best class is another', () => {
		const found = comparePredictions(says([0.75, 0.2, 0.05], ['x', 'y', 'z']), says([0.3, 0.6, 0.1]), 0)!;
		expect(found.flips).toBe(true);
		expect(found.second[0]).toMatchObject({ name: 'y', length: 0.6000000238418579 });
		expect(found.maxDifference!.name).toBe('x');
		expect(comparePredictions(says([0.7, 0.3]), says([0.6, 0.4]), 0)!.flips).toBe(false);
	});

	it('claim no difference that their own digits deny', () => {
		const compared = (one: number, two: number, kind: HeadSpec['kind'] = 'classes') =>
			maxDifferenceInWords(comparePredictions(says([one, 0], ['3', '5'], kind), says([two, 0], ['3', '5'], kind), 0)!);
		expect(compared(0.75, 0.3)).toBe('Largest difference: 3, 75.0 % and 30.0 %.');
		expect(compared(0.9999, 0.9996)).toBe('Largest difference: 3, 99.99 % and 99.96 %.');
		expect(compared(0.999999, 0.99999)).toBe('Largest difference: 3, 100.000 % and 99.999 %.');
		expect(compared(0.5, 0.5 + 2 ** -23)).toBe('The outputs agree within 1.2e−5 %.');
		expect(compared(0.25, 0.25)).toBe('Both outputs are equal.');
		expect(compared(-1.2345, -1.2349, 'value')).toBe('Largest difference: output 0, −1.2345 and −1.2349.');
	});

	it('are of other things when no class has the same name, or nameless ones differ in number', () => {
		expect(comparePredictions(says([0.7, 0.3], ['4', '9']), says([0.7, 0.3], ['cat', 'dog']), 0)).toMatchObject({
			flips: null,
			maxDifference: null
		});
		expect(comparePredictions(says([0.7, 0.3]), says([0.7, 0.2, 0.1]), 0)!.flips).toBeNull();
		expect(
			comparePredictions(says([0.3, 0.7], ['cat', 'dog']), says([0.1, 0.2, 0.7], ['cow', 'cat', 'dog']), 0)!.flips
		).toBe(false);
	});

	it('of labels flip when one passes the half', () => {
		expect(comparePredictions(says([0.6, 0.6], null, 'labels'), says([0.9, 0.4], null, 'labels'), 0)!.flips).toBe(true);
		expect(comparePredictions(says([0.6], null, 'binary'), says([0.9], null, 'binary'), 0)!.flips).toBe(false);
	});

	it('of numbers do not flip, and there are none of another kind', () => {
		const found = comparePredictions(says([3, -4], null, 'value'), says([3, 5], null, 'value'), 0)!;
		expect(found).toMatchObject({ flips: null, maxDifference: { name: 'output 1', first: -4, second: 5 } });
		expect(comparePredictions(says([0.5, 0.5]), says([1], null, 'value'), 0)).toBeNull();
	});
});
