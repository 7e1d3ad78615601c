import { expect, it } from 'vitest';
import { scaleColours, scales } from '#maths/colour.ts';
import { DisplayState } from '#state/lab/display.svelte.ts';

const draw = {
	scales: (n: number) => Promise.resolve(scales.map((scale) => ({ ...scale, colours: scaleColours(scale.id, n) })))
};

it('has the colours of the thread that draws, down to the ends and the middle', async () => {
	const display = new DisplayState();
	expect([display.scales, display.scaleColours('rdbu', 3)]).toEqual([[], []]);
	await display.load(draw);
	for (const { id } of scales)
		for (const n of [1, 2, 3, 9, 65]) expect(display.scaleColours(id, n)).toEqual(scaleColours(id, n));
	expect(display.scaleColours('rdbu', 24)).toHaveLength(24);
	expect(display.scaleColours('none such', 2)).toEqual(scaleColours('viridis', 2));
});

it('takes no scale of a link that there is not, or of the other kind', async () => {
	const display = new DisplayState();
	display.settings = { ...display.settings, signedScale: 'viridis', unsignedScale: 'nosuch' };
	await display.load(draw);
	expect(display.settings).toMatchObject({ signedScale: 'rdbu', unsignedScale: 'viridis' });
	display.settings = { ...display.settings, signedScale: 'puor', unsignedScale: 'greys' };
	await display.load(draw);
	expect(display.settings).toMatchObject({ signedScale: 'puor', unsignedScale: 'greys' });
});
