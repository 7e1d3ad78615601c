/** Arrays of any number of axes in float64, for formulas that are written out by hand: slow, plain, independent. */

export class Nd {
	readonly data: Float64Array;

	constructor(
		readonly shape: readonly number[],
		data?: ArrayLike<number>
	) {
		this.data = data
			? Float64Array.from(data as ArrayLike<number>)
			: new Float64Array(shape.reduce((n, m) => n * m, 1));
	}

	/** Zero outside. */
	at(...index: readonly number[]): number {
		let offset = 0;
		for (const [axis, size] of this.shape.entries()) {
			const i = index[axis] as number;
			if (i < 0 || i >= size) return 0;
			offset = offset * size + i;
		}
		return this.data[offset] as number;
	}

	static of(shape: readonly number[], f: (...index: number[]) => number): Nd {
		const made = new Nd(shape);
		const index = shape.map(() => 0);
		for (let offset = 0; offset < made.data.length; offset++) {
			made.data[offset] = f(...index);
			for (let axis = shape.length - 1; axis >= 0 && ++(index[axis] as number) === shape[axis]; axis--) index[axis] = 0;
		}
		return made;
	}
}

export interface ConvolutionSettings {
	stride?: number;
	dilation?: number;
	same?: boolean;
	groups?: number;
}

/** x [b, h, w, c], kernel [kh, kw, c / groups, filters]: Keras's Conv2D. */
export function conv2d(x: Nd, kernel: Nd, { stride = 1, dilation = 1, same = false, groups = 1 }: ConvolutionSettings) {
	const [b, h, w] = x.shape as [number, number, number];
	const [kh, kw, inner, filters] = kernel.shape as [number, number, number, number];
	const extent = [(kh - 1) * dilation + 1, (kw - 1) * dilation + 1] as const;
	const size = (n: number, k: number) => (same ? Math.ceil(n / stride) : Math.floor((n - k) / stride) + 1);
	const [oh, ow] = [size(h, extent[0]), size(w, extent[1])];
	const before = (n: number, out: number, k: number) =>
		same ? Math.floor(Math.max((out - 1) * stride + k - n, 0) / 2) : 0;
	const [top, left] = [before(h, oh, extent[0]), before(w, ow, extent[1])];
	return Nd.of([b, oh, ow, filters], (n, i, j, f) => {
		const group = Math.floor(f / (filters / groups));
		let sum = 0;
		for (let di = 0; di < kh; di++)
			for (let dj = 0; dj < kw; dj++)
				for (let c = 0; c < inner; c++)
					sum +=
						x.at(n!, i! * stride - top + di * dilation, j! * stride - left + dj * dilation, group * inner + c) *
						kernel.at(di, dj, c, f!);
		return sum;
	});
}

/** x [b, h, w, c], kernel [kh, kw, c, multiplier]: channel by channel. */
export function depthwise(x: Nd, kernel: Nd, settings: ConvolutionSettings) {
	const [kh, kw, channels, multiplier] = kernel.shape as [number, number, number, number];
	const full = Nd.of([kh, kw, 1, channels * multiplier], (i, j, _, f) =>
		kernel.at(i!, j!, Math.floor(f! / multiplier), f! % multiplier)
	);
	return conv2d(x, full, { ...settings, groups: channels });
}
