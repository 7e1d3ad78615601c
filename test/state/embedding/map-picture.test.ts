import { expect, it, vi } from 'vitest';
import { POINT, type ScatterRequest } from '#contracts/scatter.ts';
import { matrixOf, WHOLE } from '#maths/scatter/camera.ts';
import { mapSvg, type MapPicture } from '#state/embedding/map-picture.ts';

const picture: MapPicture = {
	key: 'map0:',
	positions: Float32Array.of(0, 0, 0.5, 0.5, 1e6, 1e6, -0.5, 0.1),
	dimensions: 2,
	matrix: matrixOf(WHOLE, { width: 1000, height: 1000 }, 2),
	size: 4,
	opacity: 0.8,
	side: 1000,
	ink: Uint8Array.from([
		255,
		0,
		0,
		POINT.plain,
		0,
		255,
		0,
		POINT.selected,
		0,
		0,
		0,
		POINT.plain,
		1,
		2,
		3,
		POINT.hidden
	]),
	contours: false,
	decisionRegions: null,
	thumbnails: null,
	labels: [{ text: '<b>one</b>', x: 500, y: 400, path: 'M0 0L9 9Z', colour: '#123456' }],
	stage: 'rgb(1 2 3)',
	text: 'rgb(9 9 9)',
	theme: { stage: [0, 0, 0], text: [1, 1, 1], chosen: [0, 0, 1] },
	legend: { title: 'kind & more', entries: [{ text: 'a"b', colour: '#ff0000' }], bar: null, regions: [], notes: [] }
};
const never = () => Promise.reject(new Error('Nothing is drawn.'));
const svg = async (change: Partial<MapPicture>, draw: (request: ScatterRequest) => Promise<ImageBitmap> = never) =>
	(await mapSvg({ ...picture, ...change }, draw)).text();

it('an SVG has a circle per point that is shown, names as text, and the legend', async () => {
	const text = await svg({});
	// Two points and one of the legend.
	expect(text.match(/<circle/g)).toHaveLength(3);
	expect(text).toContain('fill="#00ff00"');
	expect(text).toContain('&#60;b&#62;one&#60;/b&#62;</text>');
	expect(text).toContain('kind &#38; more');
	expect(text).not.toContain('<image');
	expect(text).toContain('viewBox="0 0 1190 1000"');
});

it('a scale of numbers, the regions and what is left out stand in the legend', async () => {
	const text = await svg({
		thumbnails: { sprites: 's', tile: 32, columns: 4, perSheet: 16, count: 4, side: 20 },
		legend: {
			title: 'loss',
			entries: [],
			bar: { colours: ['#000001', '#000002'], low: '0', high: '2.5' },
			regions: [{ text: 'cat', colour: '#abcdef' }],
			notes: ['Deeper where it is surer.']
		}
	});
	for (const part of [
		'fill="#000002"',
		'0 to 2.5',
		'fill="#abcdef"',
		'>cat<',
		'Deeper where it is surer.',
		'Thumbnails are left'
	])
		expect(text).toContain(part);
});

it('what is painted behind the points is drawn without them, as one image', async () => {
	const requested: ScatterRequest[] = [];
	const draw = (request: ScatterRequest) => {
		requested.push(request);
		return Promise.resolve({ width: 2000, height: 2000 } as ImageBitmap);
	};
	class Canvas {
		getContext = () => ({ transferFromImageBitmap: () => {} });
		convertToBlob = () => Promise.resolve(new Blob(['x']));
	}
	class Reader {
		result = 'data:image/png;base64,eA==';
		onload = () => {};
		readAsDataURL = () => this.onload();
	}
	vi.stubGlobal('OffscreenCanvas', Canvas);
	vi.stubGlobal('FileReader', Reader);
	const decisionRegions = { key: 'g', colours: Uint8Array.of(1, 2, 3) };
	const text = await svg({ decisionRegions, contours: true }, draw);
	vi.unstubAllGlobals();
	expect(requested).toMatchObject([
		{ scatter: 'map0:', opacity: 0, decisionRegions, contours: true, thumbnails: null, width: 2000 }
	]);
	expect(text.indexOf('<image width="1000"')).toBeLessThan(text.indexOf('<circle'));
	expect(text).toContain('href="data:image/png;base64,eA=="');
});
