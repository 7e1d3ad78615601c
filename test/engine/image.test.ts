import { beforeAll, describe, expect, it } from 'vitest';
import { cropOf, type Fit, type Preprocessing } from '#contracts/preprocessing.ts';
import { imagePixels, normalised, normalisedTensor, pixelRange, toned } from '#engine/image.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';

/** What Node lacks of the browser's own class: plain data. */
class Pixels {
	readonly data: Uint8ClampedArray;
	readonly colorSpace = 'srgb';
	constructor(
		readonly width: number,
		readonly height: number
	) {
		this.data = new Uint8ClampedArray(4 * width * height);
	}
}

const BASE: Preprocessing = {
	width: 2,
	height: 1,
	channels: 3,
	fit: 'crop',
	order: 'rgb',
	normalisation: { kind: 'range', low: 0, high: 1 },
	invert: false
};
const IMAGENET = { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

function pixels(...colours: readonly (readonly [red: number, green: number, blue: number])[]): ImageData {
	const image = new Pixels(colours.length, 1);
	colours.forEach((colour, i) => image.data.set([...colour, 255], 4 * i));
	return image as ImageData;
}

beforeAll(async () => {
	globalThis.ImageData ??= Pixels as unknown as typeof ImageData;
	await useBackend('cpu');
});

describe('the numbers that a model gets for a pixel', () => {
	it('reach from the low to the high end of a range, 0 and 255 exactly', () => {
		for (const [low, high] of [
			[0, 1],
			[-1, 1],
			[0, 255]
		] as const) {
			const p: Preprocessing = { ...BASE, normalisation: { kind: 'range', low, high } };
			const values = normalised(pixels([0, 255, 51], [255, 0, 204]), p);
			const at = (share: number) => low + share * (high - low);
			expectClose({ data: values }, { data: [at(0), at(1), at(0.2), at(1), at(0), at(0.8)] }, { atol: 1e-6 });
			expect([values[0], values[1]]).toEqual([low, high]);
			expect(pixelRange(p)).toEqual([low, high]);
		}
	});

	it('are those of torchvision: x / 255 minus the mean, by the std, channel by channel', () => {
		const values = normalised(pixels([255, 128, 64], [0, 1, 2]), { ...BASE, normalisation: IMAGENET });
		// (x / 255 - mean) / std in float64, by hand.
		const expected = [2.2489083, 0.2051821, -0.688976, -2.1179039, -2.0182073, -1.7695861];
		expectClose({ data: values }, { data: expected }, { atol: 1e-6 });
		expectClose(
			{ data: pixelRange({ ...BASE, normalisation: IMAGENET }) },
			{ data: [-2.1179039, 2.64] },
			{ atol: 1e-6 }
		);
	});

	it('take each colour’s own statistics along when the order is blue, green, red', () => {
		const bgr: Preprocessing = { ...BASE, order: 'bgr', normalisation: IMAGENET };
		const expected = [-0.688976, 0.2051821, 2.2489083];
		expectClose({ data: normalised(pixels([255, 128, 64]), { ...bgr, width: 1 }) }, { data: expected }, { atol: 1e-6 });
		// Keras' “caffe” mode: 255 · x in BGR minus 103.939, 116.779, 123.68.
		const caffe = {
			...bgr,
			normalisation: {
				kind: 'standard',
				mean: [123.68, 116.779, 103.939].map((mean) => mean / 255),
				std: [1, 1, 1].map((std) => std / 255)
			}
		} as const;
		expectClose(
			{ data: normalised(pixels([255, 128, 64]), caffe) },
			{ data: [64 - 103.939, 128 - 116.779, 255 - 123.68] },
			{ atol: 1e-4 }
		);
	});

	it('of one channel are the grey of Rec. 601, with the first mean and std', () => {
		const grey: Preprocessing = { ...BASE, channels: 1, normalisation: { ...IMAGENET, mean: [0.5], std: [0.25] } };
		// Pillow: convert('L') of pure red, green and blue is 76, 150 and 29.
		const image = toned(pixels([255, 0, 0], [0, 255, 0], [0, 0, 255]), grey);
		expect([...image.data]).toEqual([76, 76, 76, 255, 150, 150, 150, 255, 29, 29, 29, 255]);
		const expected = [76, 150, 29].map((value) => (value / 255 - 0.5) / 0.25);
		expectClose({ data: normalised(image, grey) }, { data: expected }, { atol: 1e-6 });
	});

	it('are inverted before anything else, and opacity is not', () => {
		const image = toned(pixels([255, 0, 10]), { ...BASE, invert: true });
		expect([...image.data]).toEqual([0, 255, 245, 255]);
		expect([...toned(pixels([1, 2, 3]), BASE).data]).toEqual([1, 2, 3, 255]);
	});

	it('are the same on the way that gradients take, and can be turned back into the pixels', async () => {
		const colours = [
			[12, 200, 255],
			[0, 99, 64]
		] as const;
		const shapes = { nhwc: [null, 1, 2, 3], nchw: [null, 3, 8, 8] };
		for (const order of ['rgb', 'bgr'] as const) {
			const p: Preprocessing = { ...BASE, order, normalisation: IMAGENET };
			const image = pixels(...colours);
			const values = normalised(image, p);
			const shares = tf.tensor4d(colours.flat().map((value) => value / 255), [1, 1, 2, 3]); // prettier-ignore
			expectClose({ data: await normalisedTensor(shares, p, shapes.nhwc).data() }, { data: values }, { atol: 1e-5 });
			expect([...imagePixels(values, p, shapes.nhwc).data]).toEqual([...image.data]);
			const planar = normalisedTensor(shares, p, shapes.nchw);
			expect(planar.shape).toEqual([1, 3, 1, 2]);
			expect([...imagePixels(await planar.data(), p, shapes.nchw).data]).toEqual([...image.data]);
		}
		const grey: Preprocessing = { ...BASE, channels: 1 };
		expect([...imagePixels(Float32Array.of(0, 1), grey, [null, 1, 2, 1]).data]).toEqual([...pixels([0, 0, 0], [255, 255, 255]).data]); // prettier-ignore
	});
});

describe('the part of the image that a model sees', () => {
	const square = (fit: Fit): Preprocessing => ({ ...BASE, width: 32, height: 32, fit });
	it('is the largest in the middle when cropped, all and a border when padded, all when stretched', () => {
		expect(cropOf(400, 200, square('crop'))).toEqual({ x: 100, y: 0, width: 200, height: 200 });
		expect(cropOf(400, 200, square('pad'))).toEqual({ x: 0, y: -100, width: 400, height: 400 });
		expect(cropOf(400, 200, square('stretch'))).toEqual({ x: 0, y: 0, width: 400, height: 200 });
		expect(cropOf(60, 90, { ...square('crop'), width: 64 })).toEqual({ x: 0, y: 30, width: 60, height: 30 });
		expect(cropOf(60, 90, { ...square('pad'), width: 64 })).toEqual({ x: -60, y: 0, width: 180, height: 90 });
	});
});

describe('pictures with their opacity', () => {
	const p: Preprocessing = { ...BASE, channels: 4, order: 'bgr' };
	const image = () => {
		const one = pixels([10, 20, 30], [40, 50, 60]);
		one.data[3] = 0;
		one.data[7] = 128;
		return one;
	};

	it('have it as their fourth number, last in any order of colours, without mean or std', () => {
		const values = normalised(image(), p);
		expectClose({ data: values }, { data: [30, 20, 10, 0, 60, 50, 40, 128].map((n) => n / 255) }, { atol: 1e-6 });
		const standard = normalised(image(), { ...p, normalisation: IMAGENET });
		expectClose({ data: [standard[3]!, standard[7]!] }, { data: [0, 128 / 255] }, { atol: 1e-6 });
	});

	it('come back as they were, and on the GPU are the same numbers', async () => {
		const values = normalised(image(), p);
		const back = imagePixels(values, p, [null, 1, 2, 4]);
		expect([...back.data]).toEqual([...image().data]);
		const rgba = tf.tensor4d(
			Array.from(image().data, (n) => n / 255),
			[1, 1, 2, 4]
		);
		const tensor = normalisedTensor(rgba, p, [null, 8, 8, 4]);
		expectClose({ data: await tensor.data() }, { data: values }, { atol: 1e-6 });
		tf.dispose([rgba, tensor]);
	});

	it('have nothing inverted but their colours', () => {
		expect([...toned(image(), { ...p, invert: true }).data]).toEqual([245, 235, 225, 0, 215, 205, 195, 128]);
	});
});
