import { describe, expect, it } from 'vitest';
import { scaleRange } from '#state/attribution/colour-range.ts';
import { npyFile } from '#state/attribution/map-file.ts';
import { DEFAULT_SETTINGS, formatSettings, isBare, parseSettings, type Settings } from '#state/lab/settings.ts';

describe('the link', () => {
	it('is empty for the defaults and carries everything else there and back', () => {
		expect(formatSettings(DEFAULT_SETTINGS)).toBe('');
		const full: Settings = {
			...DEFAULT_SETTINGS,
			model: 'https://example.org/a b/model.json?x=1&y=2',
			variant: 'epoch-01.json',
			input: 'ship.png',
			more: [
				{ input: 'cat.png', preprocessing: {} },
				{ input: null, preprocessing: {} },
				{
					input: 'https://example.org/a.png',
					preprocessing: {
						size: [8, 9],
						fit: 'stretch',
						normalisation: { kind: 'range', low: -1, high: 1 },
						invert: false
					}
				}
			],
			explained: 'block & "depth":0',
			labels: 'https://example.org/labels.txt',
			view: 'feature-maps',
			panes: 'h60.feature-maps.v.structure.figures',
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
			display: {
				...DEFAULT_SETTINGS.display,
				mode: 'side',
				opacity: 0.4,
				clip: 95,
				opacityByValue: false,
				grey: false,
				interpolation: 'linear',
				signedScale: 'puor',
				unsignedScale: 'magma'
			},
			viewport: { x: 0.25, y: 0.75, zoom: 4 },
			beside: {
				pinned: true,
				of: {
					...DEFAULT_SETTINGS,
					model: 'digits',
					variant: 'untrained.json',
					input: 'a b&c.png',
					target: 4,
					layer: 'x'
				}
			}
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

	it('says of the second lab what a link says of the first, with a word before it', () => {
		const text = '?model=photos&beside.model=digits&beside.variant=untrained.json';
		const { beside, parameters } = parseSettings(text);
		expect(parameters).toEqual({});
		expect(beside).toEqual({
			pinned: false,
			of: { ...DEFAULT_SETTINGS, model: 'digits', variant: 'untrained.json' }
		});
		expect(formatSettings(parseSettings(text))).toBe(text);
		expect(parseSettings('?beside.pinned=1').beside).toEqual({ pinned: true, of: DEFAULT_SETTINGS });
		expect(parseSettings('?beside=1&besides.model=a').beside).toBeNull();
		// There is no third.
		expect(parseSettings(`?${'beside.'.repeat(9)}model=a`).beside).toEqual({ pinned: false, of: DEFAULT_SETTINGS });
	});

	it('speaks of the second picture by its number, and of none that is not there', () => {
		expect(formatSettings(parseSettings('?input=ship.png&input2=cat.png&fit3=pad'))).toBe(
			'?input=ship.png&input2=cat.png&fit3=pad'
		);
		expect(parseSettings('?input=ship.png&input1=a&input17=b&input2=').more).toEqual([]);
	});

	it.each([
		'?target=NaN&seed=-5&zoom=1,2&opacity=900&clip=5',
		'?range=1&mean=1,2&head=99999999999999',
		'?%E0%A4%A=&method=<script>,ok&view=<b>',
		'?zoom=NaN,NaN,NaN&size=0x0&kind=evil'
	])('is valid for any string: %s', (text) => {
		const s = parseSettings(text);
		expect(s.seed).toBeGreaterThanOrEqual(0);
		expect(s.display.opacity).toBeLessThanOrEqual(1);
		expect(s.display.clip).toBeGreaterThanOrEqual(90);
		expect(['logit', 'probability', 'difference']).toContain(s.kind);
		expect(s.viewport.zoom).toBeGreaterThanOrEqual(1);
		expect(JSON.stringify(s)).not.toContain('<');
	});
});

describe('what a link may say', () => {
	const of = (text: string) => parseSettings(text);
	it.each<[string, unknown, (text: string) => unknown]>([
		['opacity=-1', 0, (t) => of(t).display.opacity],
		['opacity=0', 0, (t) => of(t).display.opacity],
		['opacity=101', 1, (t) => of(t).display.opacity],
		['opacity=33', 0.33, (t) => of(t).display.opacity],
		['opacity=3.3', 0.85, (t) => of(t).display.opacity],
		['clip=89', 90, (t) => of(t).display.clip],
		['clip=101', 100, (t) => of(t).display.clip],
		['fade=1', true, (t) => of(t).display.opacityByValue],
		['fade=0', false, (t) => of(t).display.opacityByValue],
		['grey=1', true, (t) => of(t).display.grey],
		['grey=0', false, (t) => of(t).display.grey],
		['signed=a', 'rdbu', (t) => of(t).display.signedScale],
		['signed=ab', 'ab', (t) => of(t).display.signedScale],
		[`unsigned=${'a'.repeat(20)}`, 'a'.repeat(20), (t) => of(t).display.unsignedScale],
		[`unsigned=${'a'.repeat(21)}`, 'viridis', (t) => of(t).display.unsignedScale],
		['channel=-1', 0, (t) => of(t).channel],
		['channel=1000001', 1e6, (t) => of(t).channel],
		['channel=999999999999', 1e6, (t) => of(t).channel],
		['channel=9999999999999', 0, (t) => of(t).channel],
		['head=-2', -1, (t) => of(t).head],
		['head=1001', 1000, (t) => of(t).head],
		['target=-5', -1, (t) => of(t).target],
		['target=x', -1, (t) => of(t).target],
		['target=1000001', 1e6, (t) => of(t).target],
		['other=-1', 0, (t) => of(t).other],
		['other=x', 0, (t) => of(t).other],
		['other=1000001', 1e6, (t) => of(t).other],
		['', null, (t) => of(t).target],
		['', null, (t) => of(t).other],
		['input16=a.png&input17=b.png', 'a.png', (t) => of(t).more.at(-1)?.input],
		['input16=a.png', 15, (t) => of(t).more.length],
		['seed=-1', 0, (t) => of(t).seed],
		['seed=2147483648', 2147483647, (t) => of(t).seed],
		['zoom=-1,2,0.5', { x: 0, y: 1, zoom: 1 }, (t) => of(t).viewport],
		['zoom=2,-1,65', { x: 1, y: 0, zoom: 64 }, (t) => of(t).viewport],
		['zoom=0.1,,2', { x: 0.5, y: 0.5, zoom: 1 }, (t) => of(t).viewport],
		['size=0x5', {}, (t) => of(t).preprocessing],
		['size=5x0', {}, (t) => of(t).preprocessing],
		['size=12345x5', {}, (t) => of(t).preprocessing],
		['fit=x', { fit: 'crop' }, (t) => of(t).preprocessing],
		['fit=stretch', { fit: 'stretch' }, (t) => of(t).preprocessing],
		['order=x', { order: 'rgb' }, (t) => of(t).preprocessing],
		['invert=0', { invert: false }, (t) => of(t).preprocessing],
		['mean=1&std=2', { normalisation: { kind: 'standard', mean: [1], std: [2] } }, (t) => of(t).preprocessing],
		['mean=1,2&std=2', {}, (t) => of(t).preprocessing],
		['mean=1&std=0', {}, (t) => of(t).preprocessing],
		['mean=1', {}, (t) => of(t).preprocessing],
		['std=1', {}, (t) => of(t).preprocessing],
		['mean=1&std=1&range=0,2', { normalisation: { kind: 'range', low: 0, high: 2 } }, (t) => of(t).preprocessing],
		[`view=${'v'.repeat(40)}`, 'v'.repeat(40), (t) => of(t).view],
		[`view=${'v'.repeat(41)}`, '', (t) => of(t).view],
		[`panes=${'h.a.'.repeat(50)}`, 'h.a.'.repeat(50), (t) => of(t).panes],
		[`panes=${'h.a.'.repeat(50)}b`, '', (t) => of(t).panes],
		['panes=h60.A.b', '', (t) => of(t).panes],
		['panes=h(a,b)', '', (t) => of(t).panes],
		['method=', [], (t) => of(t).methods],
		[`method=a,${'b'.repeat(60)},${'c'.repeat(61)}`, ['a', 'b'.repeat(60)], (t) => of(t).methods],
		[`model=${'m'.repeat(3999)}`, 'm'.repeat(3999), (t) => of(t).model],
		[`model=${'m'.repeat(4000)}`, null, (t) => of(t).model],
		['model=', null, (t) => of(t).model],
		[`a.b=${'x'.repeat(499)}&c.d=${'x'.repeat(500)}&e=1`, { 'a.b': 'x'.repeat(499) }, (t) => of(t).parameters]
	])('%s', (text, value, read) => expect(read(`?${text}`)).toEqual(value));

	it('is written only where it differs', () => {
		const d = DEFAULT_SETTINGS;
		const link = (change: Partial<Settings>) => formatSettings({ ...d, ...change });
		expect(link({ display: { ...d.display, opacityByValue: false } })).toBe('?fade=0');
		expect(link({ display: { ...d.display, opacity: 0.333 } })).toBe('?opacity=33');
		expect(link({ viewport: { x: 1 / 3, y: 0.5, zoom: 2 } })).toBe('?zoom=0.3333%2C0.5%2C2');
		expect(link({ viewport: { x: 0.1, y: 0.1, zoom: 1 } })).toBe('');
		expect(link({ preprocessing: { invert: false } })).toBe('?invert=0');
		expect(link({ preprocessing: { invert: true } })).toBe('?invert=1');
		expect(link({ methods: [] })).toBe('?method=');
		expect(link({ target: 0, other: 0 })).toBe('?target=0&other=0');
		expect(link({ preprocessing: { normalisation: { kind: 'range', low: -1, high: 1 } } })).toBe('?range=-1%2C1');
	});
});

describe('an address that says nothing', () => {
	it.each(['', '?', '?utm_source=x', '?zoom=0,0,1', '?view=<b>'])('is “%s”', (search) => {
		expect(isBare(search)).toBe(true);
	});
	it.each(['?view=structure', '?model=digits', '?input=ship.png', '?seed=2', '?playground.data=spirals'])(
		'is not “%s”',
		(search) => expect(isBare(search)).toBe(false)
	);
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
