/** Which shares the cells of a row have in those of a longer or shorter one: rules of ONNX's Resize. */

export interface Sampling {
	/** Length of the new row by that of the old one, as it was asked for. */
	scale: number;
	method: 'nearest' | 'bilinear' | 'cubic';
	transform: 'half_pixel' | 'half_pixel_symmetric' | 'pytorch_half_pixel' | 'align_corners' | 'asymmetric';
	nearest: 'round_prefer_floor' | 'round_prefer_ceil' | 'floor' | 'ceil';
	/** Of a cubic kernel: how much it overshoots (Keys 1981). */
	cubic: number;
	/** Cells outside have no share, rather than that of the edge. */
	excludeOutside: boolean;
}

/** Where the middle of a new cell lies among the old ones. */
function source(at: number, length: number, out: number, { scale, transform }: Sampling): number {
	switch (transform) {
		case 'align_corners':
			// Corners of the row that was asked for, which may be longer by a part of a cell.
			return out > 1 ? (at * (length - 1)) / (length * scale - 1) : 0;
		case 'asymmetric':
			return at / scale;
		case 'pytorch_half_pixel':
			return out > 1 ? (at + 0.5) / scale - 0.5 : 0;
		case 'half_pixel_symmetric': {
			const adjustment = out / (length * scale);
			const centre = length / 2;
			return centre * (1 - adjustment) + (at + 0.5) / scale - 0.5;
		}
		case 'half_pixel':
			return (at + 0.5) / scale - 0.5;
	}
}

function cell(x: number, rule: Sampling['nearest']): number {
	if (rule === 'floor') return Math.floor(x);
	if (rule === 'ceil') return Math.ceil(x);
	return rule === 'round_prefer_floor' ? Math.ceil(x - 0.5) : Math.floor(x + 0.5);
}

/** Of the four cells around a point that lies `part` behind the second. */
function cubic(part: number, a: number): number[] {
	const near = (t: number) => ((a + 2) * t - (a + 3)) * t * t + 1;
	const far = (t: number) => ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
	return [far(part + 1), near(part), near(1 - part), far(2 - part)];
}

/** [out, length], row by row. */
export function resampling(length: number, out: number, sampling: Sampling): Float32Array {
	const shares = new Float32Array(out * length);
	const { method, nearest, cubic: a, excludeOutside } = sampling;
	for (let at = 0; at < out; at++) {
		const x = source(at, length, out, sampling);
		const first = Math.floor(x);
		const part = x - first;
		const [from, weights] =
			method === 'nearest'
				? [cell(x, nearest), [1]]
				: method === 'cubic'
					? [first - 1, cubic(part, a)]
					: [first, [1 - part, part]];
		const inside = weights.map((weight, k) => (excludeOutside && (from + k < 0 || from + k >= length) ? 0 : weight));
		const sum = excludeOutside ? inside.reduce((total, weight) => total + weight, 0) : 1;
		inside.forEach((weight, k) => {
			const to = at * length + Math.min(length - 1, Math.max(0, from + k));
			shares[to] = (shares[to] as number) + weight / sum;
		});
	}
	return shares;
}
