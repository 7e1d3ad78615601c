import { describe, expect, it } from 'vitest';
import { scaleRange } from '#state/look.svelte.ts';
import { npyFile } from '#state/saving.ts';
import { DEFAULT_SETTINGS, formatSettings, parseSettings, type Settings } from '#state/settings.ts';

describe('the link', () => {
	it('is empty for the defaults and carries everything else there and back', () => {
		expect(formatSettings(DEFAULT_SETTINGS)).toBe('');
		const full: Settings = {
			...DEFAULT_SETTINGS,
			model: 'https://example.org/a b/model.json?x=1&y=2',
			variant: 'epoch-01.json',
			input: 'ship.png',
			labels: 'https://example.org/labels.txt',
			view: 'feature-maps',
			layer: 'block_1/conv & pool:0',
			channel: 17,
			preprocessing: {
				size: [96, 128],
				fit: 'pad',
				order: 'bgr',
				normalisation: { kind: 'standard', mean: [0.1, 0.2, 0.3], std: [1, 2, 3] },
				invert: true
			},
			methods: ['gradient', 'grad-cam'],
			head: 2,
			target: 7,
			kind: 'difference',
			other: 3,
			seed: 99,
			channels: 'magnitude',
			parameters: { 'integrated-gradients.steps': '20', 'grad-cam.layer': 'conv/1 &x' },
			look: {
				...DEFAULT_SETTINGS.look,
				mode: 'side',
				opacity: 0.4,
				clip: 95,
				fade: false,
				grey: false,
				interpolation: 'linear',
				signedScale: 'puor',
				unsignedScale: 'magma'
			},
			viewport: { x: 0.25, y: 0.75, zoom: 4 }
		};
		// All of it differs from the defaults, so nothing comes back right by itself.
		const differs = (whole: object, plain: object): string[] =>
			Object.entries(plain).flatMap(([key, value]) => {
				const given = (whole as Record<string, unknown>)[key];
				if (value && typeof value === 'object' && key !== 'preprocessing' && key !== 'parameters')
					return differs(given as object, value as object).map((inner) => `${key}.${inner}`);
				return JSON.stringify(given) === JSON.stringify(value) ? [key] : [];
			});
		expect(differs(full, DEFAULT_SETTINGS)).toEqual([]);
		expect(parseSettings(formatSettings(full))).toEqual(full);
		expect(parseSettings('?range=-1,1').preprocessing).toEqual({ normalisation: { kind: 'range', low: -1, high: 1 } });
	});

	it.each([
		'?target=NaN&seed=-5&zoom=1,2&opacity=900&clip=5',
		'?range=1&mean=1,2&head=99999999999999',
		'?%E0%A4%A=&method=<script>,ok&view=<b>',
		'?zoom=NaN,NaN,NaN&size=0x0&kind=evil'
	])('is valid for any string: %s', (text) => {
		const s = parseSettings(text);
		expect(s.seed).toBeGreaterThanOrEqual(0);
		expect(s.look.opacity).toBeLessThanOrEqual(1);
		expect(s.look.clip).toBeGreaterThanOrEqual(90);
		expect(['logit', 'probability', 'difference']).toContain(s.kind);
		expect(s.viewport.zoom).toBeGreaterThanOrEqual(1);
		expect(JSON.stringify(s)).not.toContain('<');
	});
});

describe('files to take away', () => {
	it('npy has NumPy’s header and the numbers', async () => {
		const buffer = await npyFile(Float32Array.from([1, 2, 3, 4, 5, 6]), 2, 3).arrayBuffer();
		const view = new DataView(buffer);
		const length = view.getUint16(8, true);
		expect((10 + length) % 64).toBe(0);
		const header = new TextDecoder().decode(new Uint8Array(buffer, 10, length));
		expect(header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/);
		expect(view.getFloat32(10 + length + 20, true)).toBe(6);
	});
});

describe('colours of a map', () => {
	const stats = { min: -2, max: 5, sum: 0, magnitude: 9, tail: [1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5], invalid: 0 };
	it('are symmetric about zero where the sign counts, and end at the percentile', () => {
		expect(scaleRange(stats, true, 99)).toEqual([-4, 4]);
		expect(scaleRange({ ...stats, min: 0 }, false, 100)).toEqual([0, 5]);
		expect(scaleRange({ ...stats, min: 0, tail: stats.tail.map(() => 0) }, false, 95)).toEqual([0, 5]);
	});
});
