import { describe, expect, it } from 'vitest';
import type { OpenedModel } from '#contracts/compute.ts';
import type { Find } from '#state/opening/model-sources.ts';
import { OWN_FILES, type ModelState } from '#state/opening/model.svelte.ts';
import { ontoOpen } from '#state/opening/onto.ts';

const file = (path: string) => ({ path, blob: new Blob([path]) });
const source = { name: 'net', files: [file('model.json')], onto: [file('old.pt')] };
const state = (heads: number, change: object = {}) =>
	({
		opened: { title: 'Net', heads: Array.from({ length: heads }) } as unknown as OpenedModel,
		origin: { ...OWN_FILES, name: 'digits', variant: 'untrained', link: 'digits', labels: ['a'] },
		source,
		inputShape: [8, 8, 1],
		...change
	}) as unknown as ModelState;

describe('weights for the open model', () => {
	it('come in the place of those that were put onto it before, and it is a model of one’s own then', async () => {
		const put = ontoOpen(state(1), [file('new.pt')])!;
		expect(put.title).toBe('Put them onto “Net”');
		const [found, origin, begin] = await put.find(...([] as unknown as Parameters<Find>));
		expect(found.files).toBe(source.files);
		expect(found.onto?.map(({ path }) => path)).toEqual(['new.pt']);
		expect(origin).toMatchObject({ name: null, variant: '', card: null, labels: ['a'] });
		expect(origin.link).toMatch(/^own\/[0-9a-f]{8}$/);
		expect(begin).toEqual({ shape: [8, 8, 1] });
	});
	it('are not offered where none runs', () => {
		expect(ontoOpen(state(0), [])).toBeNull();
		expect(ontoOpen(state(1, { opened: null }), [])).toBeNull();
		expect(ontoOpen(state(1, { source: null }), [])).toBeNull();
	});
});
