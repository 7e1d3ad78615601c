import { rgb } from 'd3-color';
import { describe, expect, it } from 'vitest';
import type { DataSet } from '#contracts/data-set.ts';
import {
	categoryColours,
	classBackground,
	classColour,
	classHex,
	classPaint,
	classTexture,
	OTHERS
} from '#maths/class-colours.ts';
import { classesOf } from '#maths/class-names.ts';
import { colouringOf } from '#views/embedding/map/colouring.ts';
import { pointBytes, pointColour } from '#views/playground/boundary/colouring.ts';

/** What eyes without long or medium cones see, as matrices of linear light (Machado et al. 2009, severity 1). */
const EYES = {
	all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
	protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
	deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881]
} as const;

/** CIELAB under D65. */
function lab(colour: readonly number[], eyes: readonly number[]): number[] {
	const light = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
	const [r, g, b] = [0, 1, 2].map((row) => light.reduce((sum, v, i) => sum + v * eyes[3 * row + i]!, 0)) as [
		number,
		number,
		number
	];
	const root = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
	const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
	const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
	const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
	return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe('colours of classes', () => {
	it('are told apart, the first ten, by all eyes, and seen on light and on dark', () => {
		const ten = Array.from({ length: 10 }, (_, k) => classColour(k));
		for (const [who, eyes] of Object.entries(EYES))
			for (let i = 0; i < 10; i++)
				for (let j = 0; j < i; j++) {
					const [a, b] = [lab(ten[i]!, eyes), lab(ten[j]!, eyes)];
					expect(Math.hypot(...a.map((v, k) => v - b[k]!)), `${i} and ${j}, ${who}`).toBeGreaterThan(17);
				}
		for (const colour of ten) {
			const [light = 0] = lab(colour, EYES.all);
			expect(light).toBeGreaterThan(30);
			expect(light).toBeLessThan(86);
		}
		expect([classHex(0), classHex(1)]).toEqual(['#e08214', '#7b6bb0']);
	});

	it('are never repeated, and textured beyond the tenth', () => {
		const all = Array.from({ length: 1024 }, (_, k) => classPaint(k));
		expect(new Set(all.map(String)).size).toBe(1024);
		expect(all.slice(0, 10).every(([, , , texture]) => texture === 0)).toBe(true);
		expect(all.slice(10).every(([, , , texture]) => texture >= 1 && texture <= 3)).toBe(true);
		expect([9, 10, 19, 20, 30, 39, 40].map(classTexture)).toEqual([0, 1, 1, 2, 3, 3, 1]);
		for (let k = 0; k < 1024; k += 37) {
			const { r, g, b } = rgb(classHex(k));
			expect(classColour(k)).toEqual([r, g, b]);
		}
		expect([classColour(-1), classTexture(-1), classBackground(-1)]).toEqual([OTHERS, 0, 'rgb(150 150 150)']);
		expect(classBackground(12)).toMatch(/^radial-gradient\(.*, rgb\(\d+ \d+ \d+\)$/);
		expect(new Set([3, 13, 23, 33].map((k) => classBackground(k).split('(')[0])).size).toBe(4);
	});

	it('are those of the class that a category means, in any order; others follow after', () => {
		expect(categoryColours(3)).toEqual([0, 1, 2].map(classHex));
		const means = classesOf(['ship', 'unheard of', 'cat', 'nor this'], ['cat', 'dog', 'ship'], 3);
		expect(categoryColours(4, means)).toEqual([2, 3, 0, 4].map(classHex));
	});

	it('are the same in the playground and on maps of data, by label and by prediction', () => {
		const codes = Int32Array.of(0, 1, 1);
		const label = { name: 'kind', kind: 'category', codes, categories: ['ship', 'cat'] } as const;
		const known = {
			data: { columns: [label] } as unknown as DataSet,
			predictions: { units: Int32Array.of(2, 0, 1), classes: 3 } as never,
			...{ truth: null, quality: null, scale: [], nameOf: String },
			meaning: () => classesOf(label.categories, ['cat', 'dog', 'ship'], 3)
		};
		const coloursOf = (id: string) => {
			const colouring = colouringOf(id, known);
			return colouring.kind === 'category' ? colouring.colours : [];
		};
		expect(coloursOf('column:kind')).toEqual([classHex(2), classHex(0)]);
		expect(coloursOf('prediction')).toEqual([0, 1, 2].map(classHex));
		for (const k of [0, 1, 2, 11]) {
			expect(pointBytes({ classes: 12 }, k)).toEqual(classColour(k));
			expect(pointColour({ classes: 12 }, k)).toBe(classHex(k));
		}
	});
});
