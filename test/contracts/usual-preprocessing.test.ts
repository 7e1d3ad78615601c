import { describe, expect, it } from 'vitest';
import { PRESETS, type Preprocessing } from '#contracts/preprocessing.ts';
import { sameWay, usualWays } from '#contracts/usual-preprocessing.ts';

const now: Preprocessing = {
	...{ width: 32, height: 32, channels: 3, fit: 'crop', order: 'rgb', invert: false },
	normalisation: { kind: 'range', low: 0, high: 1 }
};
const [SQUARE, WIDE] = [
	{ width: 90, height: 90 },
	{ width: 90, height: 60 }
];
const own = (change: Partial<Preprocessing> = {}) => ({ title: 'own', preprocessing: { ...now, ...change } });
const titles = (...of: Parameters<typeof usualWays>) => usualWays(...of).map(({ title }) => title);

describe('the usual ways', () => {
	it('are one for each range where all fits see the same', () => {
		expect(titles(now, own(), SQUARE)).toEqual(PRESETS.map(({ title }) => title));
		const pads = usualWays({ ...now, fit: 'pad' }, own({ fit: 'pad' }), SQUARE);
		expect(pads.every(({ preprocessing }) => preprocessing.fit === 'pad')).toBe(true);
	});

	it('are one for each range and fit of another shape, each named', () => {
		const ways = usualWays(now, own(), WIDE);
		expect(ways).toHaveLength(15);
		expect(new Set(ways.map(({ title }) => title)).size).toBe(15);
		expect(ways.at(-1)).toEqual({
			title: 'BGR minus ImageNet mean, stretched',
			preprocessing: { ...now, fit: 'stretch', order: 'bgr', normalisation: PRESETS[4]!.normalisation }
		});
		expect(titles(now, own(), WIDE).slice(0, 3)).toEqual([
			'0 to 1, centre crop',
			'0 to 1, padded',
			'0 to 1, stretched'
		]);
	});

	it('hold the model’s own and the present one, where these are none of the usual', () => {
		const odd = { normalisation: { kind: 'range', low: 0, high: 7 } } as const;
		expect(titles({ ...now, ...odd }, own(), SQUARE)).toEqual(['Custom', ...PRESETS.map(({ title }) => title)]);
		expect(titles(now, own(odd), SQUARE)[0]).toBe('own');
		expect(titles({ ...now, ...odd }, own(odd), SQUARE)).toHaveLength(6);
		expect(titles({ ...now, ...odd }, own({ fit: 'pad', ...odd }), WIDE).slice(0, 2)).toEqual(['own', 'Custom']);
	});

	it('are no colours for grey pictures, nor for such with opacity', () => {
		for (const channels of [1, 4] as const)
			expect(titles({ ...now, channels }, own({ channels }), SQUARE)).toEqual(['0 to 1', '−1 to 1', '0 to 255']);
	});

	it('are the same where the model sees the same', () => {
		expect(sameWay(now, { ...now, order: 'bgr' })).toBe(false);
		expect(sameWay({ ...now, channels: 1 }, { ...now, channels: 1, order: 'bgr' })).toBe(true);
		for (const change of [
			{ fit: 'pad' },
			{ invert: true },
			{ width: 8 },
			{ height: 8 },
			own({ normalisation: PRESETS[2]!.normalisation }).preprocessing
		] as const)
			// prettier-ignore
			expect(sameWay(now, { ...now, ...change })).toBe(false);
	});
});
