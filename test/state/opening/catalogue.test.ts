import { afterEach, expect, it, vi } from 'vitest';
import { catalogue, CATALOGUE_CACHE } from '#state/opening/catalogue.ts';

afterEach(() => vi.unstubAllGlobals());

it('the catalogue says what its models want, and which are kept here', async () => {
	expect((await catalogue()).some(({ cached }) => cached)).toBe(false);
	const open = vi.fn(async () => ({
		match: async (url: string) => (url.includes('v2') ? new Response('') : undefined)
	}));
	vi.stubGlobal('caches', { open });
	const models = await catalogue();
	expect(open).toHaveBeenCalledWith(CATALOGUE_CACHE);
	expect(models.map(({ cached }) => cached)).toEqual([false, false, true]);
	// Parameters as Keras Applications and the makers count them, four bytes each.
	expect(models.map(({ bytes }) => bytes / 4)).toEqual([475_544, 4_253_864, 3_540_265]);
	for (const { preprocessing, url, labels } of models) {
		expect(preprocessing).toMatchObject({
			width: 224,
			height: 224,
			channels: 3,
			fit: 'crop',
			order: 'rgb',
			invert: false
		});
		expect([url, labels].every((address) => address?.startsWith('https://'))).toBe(true);
	}
	expect(models.map(({ preprocessing }) => preprocessing!.normalisation)).toEqual([
		{ kind: 'range', low: -1, high: 1 },
		{ kind: 'range', low: -1, high: 1 },
		{ kind: 'range', low: 0, high: 1 }
	]);
});

it('a browser that lets nobody look into its caches has kept nothing', async () => {
	vi.stubGlobal('caches', { open: () => Promise.reject(new Error('no')) });
	expect((await catalogue()).every(({ cached }) => !cached)).toBe(true);
});
