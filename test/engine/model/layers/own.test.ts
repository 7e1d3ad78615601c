import { describe, expect, it } from 'vitest';
import type { Shape } from '#contracts/graph.ts';
import { ownLayer } from '#engine/model/layers/own.ts';
import type { JsonObject } from '#maths/json.ts';

const own = (className: string, config: JsonObject, ...shapes: Shape[]) =>
	ownLayer({ className, path: 'm/l', config, shapes });
const cut = (top: number, bottom: number, left: number, right: number) => ({
	type: 'Crop2D',
	attributes: { cropping: [[top, bottom], [left, right]] } // prettier-ignore
});
const resized = (h: number, w: number, method = 'bilinear') => ({
	type: 'Resize',
	attributes: { size: [h, w], method }
});

describe('layers that TF.js does not know', () => {
	it.each<[string, JsonObject, Shape, object[], Shape]>([
		['CenterCrop', { height: 4, width: 2 }, [null, 6, 4, 3], [cut(1, 1, 1, 1)], [null, 4, 2, 3]],
		// The odd cell stays at the end.
		['CenterCrop', { height: 3, width: 4 }, [2, 6, 4, null], [cut(1, 2, 0, 0)], [2, 3, 4, null]],
		['CenterCrop', { height: 6, width: 4 }, [null, 6, 4, 3], [], [null, 6, 4, 3]],
		['CenterCrop', { height: 6, width: 1 }, [null, 6, 4, 3], [cut(0, 0, 1, 2)], [null, 6, 1, 3]],
		// Larger than what goes in: the largest middle of that aspect, then resized.
		['CenterCrop', { height: 8, width: 4 }, [null, 6, 4, 3], [cut(0, 0, 0, 1), resized(8, 4)], [null, 8, 4, 3]],
		['CenterCrop', { height: 3, width: 8 }, [null, 6, 4, 3], [cut(2, 3, 0, 0), resized(3, 8)], [null, 3, 8, 3]],
		['RandomCrop', { height: 3, width: 2 }, [null, 6, 4, 3], [resized(3, 2)], [null, 3, 2, 3]],
		['RandomCrop', { height: 2, width: 2 }, [null, 6, 4, 3], [cut(1, 1, 0, 0), resized(2, 2)], [null, 2, 2, 3]],
		['RandomCrop', { height: 4, width: 4 }, [null, 6, 4, 3], [cut(1, 1, 0, 0)], [null, 4, 4, 3]],
		['Resizing', { height: 3, width: 5 }, [null, 6, 4, 3], [resized(3, 5)], [null, 3, 5, 3]],
		['Resizing', { height: 6, width: 5 }, [null, 6, 4, 3], [resized(6, 5)], [null, 6, 5, 3]],
		['Resizing', { height: 6, width: 4 }, [null, 6, 4, 3], [], [null, 6, 4, 3]],
		[
			'Resizing',
			{ height: 3, width: 5, interpolation: 'nearest' },
			[null, 6, 4, 3],
			[resized(3, 5, 'nearest')],
			[null, 3, 5, 3]
		],
		[
			'Resizing',
			{
				height: 2,
				width: 2,
				interpolation: 'nearest',
				crop_to_aspect_ratio: true,
				pad_to_aspect_ratio: false,
				antialias: false
			},
			[null, 6, 4, 3],
			[cut(1, 1, 0, 0), resized(2, 2, 'nearest')],
			[null, 2, 2, 3]
		],
		['Resizing', { height: 16_384, width: 1 }, [null, 6, 4, 3], [resized(16_384, 1)], [null, 16_384, 1, 3]]
	])('%s %j of %j', (className, config, shape, stages, to) =>
		expect(own(className, config, shape)).toEqual({ stages, shape: to })
	);

	it.each<[string, JsonObject, Shape, string]>([
		['CenterCrop', { height: 4, width: 2 }, [null, 6, 4], 'does not take what it is given: [?, 6, 4]'],
		['CenterCrop', { height: 4, width: 2 }, [null, null, 4, 3], 'does not take what it is given: [?, ?, 4, 3]'],
		['Resizing', { height: 4, width: 2 }, [null, 6, null, 3], 'does not take what it is given: [?, 6, ?, 3]'],
		['CenterCrop', { height: 0, width: 2 }, [null, 6, 4, 3], 'does not say its height and width'],
		['CenterCrop', { height: 2 }, [null, 6, 4, 3], 'does not say its height and width'],
		['Resizing', { height: 2.5, width: 2 }, [null, 6, 4, 3], 'does not say its height and width'],
		['Resizing', { height: 2, width: 16_385 }, [null, 6, 4, 3], 'does not say its height and width'],
		[
			'Resizing',
			{ height: 2, width: 2, interpolation: 'lanczos3' },
			[null, 6, 4, 3],
			'resizes by "lanczos3", which is not'
		],
		[
			'Resizing',
			{ height: 2, width: 2, pad_to_aspect_ratio: true },
			[null, 6, 4, 3],
			'resizes with padding or antialiasing'
		],
		['Resizing', { height: 2, width: 2, antialias: true }, [null, 6, 4, 3], 'resizes with padding or antialiasing']
	])('%s %j of %j is refused', (className, config, shape, what) =>
		expect(() => own(className, config, shape)).toThrow(`The layer "m/l" (${className}) ${what}`)
	);

	const stage = (type: string, attributes: object) => [{ type, attributes }];
	const pad = (before: number, after: number) => stage('Pad', { paddings: [[0, 0], [before, after], [0, 0]] }); // prettier-ignore
	const crop = (before: number, after: number) => stage('Crop1D', { cropping: [before, after] });
	it.each<[string, JsonObject, Shape, object[], Shape]>([
		['Identity', {}, [null, 6, 4], [], [null, 6, 4]],
		['ZeroPadding1D', {}, [null, 5, 3], pad(1, 1), [null, 7, 3]],
		['ZeroPadding1D', { padding: 2 }, [2, 5, 3], pad(2, 2), [2, 9, 3]],
		['ZeroPadding1D', { padding: [0, 3] }, [null, 5, 3], pad(0, 3), [null, 8, 3]],
		['ZeroPadding1D', { padding: [0, 3] }, [null, null, 3], pad(0, 3), [null, null, 3]],
		['Cropping1D', {}, [null, 5, 3], crop(1, 1), [null, 3, 3]],
		['Cropping1D', { cropping: [3, 1] }, [null, 5, 3], crop(3, 1), [null, 1, 3]],
		['Cropping1D', { cropping: [0, 2] }, [null, 5, null], crop(0, 2), [null, 3, null]],
		['Cropping1D', { cropping: 4 }, [null, null, 3], crop(4, 4), [null, null, 3]],
		['UpSampling1D', {}, [null, 5, 3], stage('Upsample1D', { size: 2 }), [null, 10, 3]],
		['UpSampling1D', { size: 3 }, [null, 5, 3], stage('Upsample1D', { size: 3 }), [null, 15, 3]],
		['UpSampling1D', { size: 3 }, [null, null, 3], stage('Upsample1D', { size: 3 }), [null, null, 3]],
		['UnitNormalization', {}, [null, 5], stage('UnitNormalization', { axes: [-1] }), [null, 5]],
		['UnitNormalization', { axis: [1, 2] }, [null, 5, 3], stage('UnitNormalization', { axes: [1, 2] }), [null, 5, 3]],
		[
			'GlobalAveragePooling3D',
			{},
			[null, 2, 3, 4, 5],
			stage('GlobalAveragePool', { axes: [1, 2, 3], keepDims: false }),
			[null, 5]
		],
		[
			'GlobalMaxPooling3D',
			{ keepdims: true, data_format: 'channels_last' },
			[null, 2, 3, 4, 5],
			stage('GlobalMaxPool', { axes: [1, 2, 3], keepDims: true }),
			[null, 1, 1, 1, 5]
		],
		[
			'GlobalMaxPooling3D',
			{ data_format: 'channels_first' },
			[null, 2, 3, 4, 5],
			stage('GlobalMaxPool', { axes: [2, 3, 4], keepDims: false }),
			[null, 2]
		]
	])('%s %j of %j', (className, config, shape, stages, to) =>
		expect(own(className, config, shape)).toEqual({ stages, shape: to })
	);

	it.each<[string, JsonObject, Shape, string]>([
		['ZeroPadding1D', {}, [null, 5], 'does not take what it is given: [?, 5]'],
		['UpSampling1D', {}, [null, 5, 3, 1], 'does not take what it is given: [?, 5, 3, 1]'],
		['Cropping1D', { cropping: [3, 2] }, [null, 5, 3], 'leaves nothing of [?, 5, 3]'],
		['GlobalMaxPooling3D', {}, [null, 5, 3, 1], 'does not take what it is given: [?, 5, 3, 1]'],
		['CenterCrop', { height: 2, width: 2 }, [null, 6], 'does not take what it is given: [?, 6]']
	])('%s %j of %j is refused', (className, config, shape, what) =>
		expect(() => own(className, config, shape)).toThrow(`The layer "m/l" (${className}) ${what}`)
	);

	it('those take one input, too', () => {
		expect(() => own('Identity', {}, [null, 6], [null, 6])).toThrow('wants one input');
		expect(() => own('UpSampling1D', {})).toThrow('wants one input');
	});

	it('what alters images only in training hands them on, one at a time', () => {
		for (const name of ['RandomFlip', 'RandomHeight', 'RandAugment', 'Dropout', 'SpatialDropout3D', 'GaussianNoise'])
			expect(own(name, {}, [null, 6, 4, 3])).toEqual({ stages: [], shape: [null, 6, 4, 3] });
		expect(() => own('Dropout', {}, [null, 6], [null, 6])).toThrow('wants one input');
		expect(() => own('RandomFlip', {})).toThrow('wants one input');
		for (const name of ['Dense', 'RandomNothing', 'Dropout4D', 'constructor'])
			expect(own(name, {}, [null, 6])).toBeNull();
	});
});
