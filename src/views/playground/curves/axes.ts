import { ticks } from '#maths/playground/plane-view.ts';

/** Marks of an axis, in the numbers of the user's own table where there is one. */

interface AxisMark {
	value: number;
	/** Of the axis, from its low end. */
	share: number;
	/** n of value = offset + n · 10^power: short however near one looks. */
	text: string;
}

export interface AxisMarks {
	marks: readonly AxisMark[];
	offset: number;
	power: number;
}

interface Scaling {
	scale: number;
	shift: number;
}

/** Steps that the largest number of an axis may have, before its numbers are told from the middle one. */
const MAX_STEPS = 1000;

export function axisMarks({ scale, shift }: Scaling, ends: readonly [number, number], side: number): AxisMarks {
	const [low, high] = [ends[0] * scale + shift, ends[1] * scale + shift];
	const values = ticks([low, high], side < 300 ? 4 : 6);
	const step = (values[1] ?? high) - (values[0] ?? low) || 1;
	const far = Math.max(Math.abs(low), Math.abs(high)) / step > MAX_STEPS;
	const offset = far ? (values[values.length >> 1] ?? low) : 0;
	const maxAbs = Math.max(...values.map((value) => Math.abs(value - offset)), step);
	const exponent = Math.floor(Math.log10(maxAbs) + 1e-9);
	const power = exponent < -2 || exponent > 4 ? exponent : 0;
	const digits = Math.max(0, Math.min(6, power - Math.floor(Math.log10(step) + 1e-9)));
	const marks = values.map((value) => {
		const n = (value - offset) / 10 ** power;
		const text = (Math.abs(n) < 10 ** (-digits - 3) ? 0 : n).toFixed(digits).replace('-', '−');
		return { value, share: (value - low) / (high - low), text };
	});
	return { marks, offset, power };
}

const raised = (power: number) => [...String(power)].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? '⁻').join('');

/** What an axis is called, with how its numbers are to be read. */
export function axisName(name: string, { offset, power }: Omit<AxisMarks, 'marks'>): string {
	if (!offset && !power) return name;
	const digits = Number(offset.toPrecision(12));
	const start = offset ? `${String(digits).replace('-', '−')} + ` : '';
	return `${name} = ${start}n${power ? ` · 10${raised(power)}` : ''}`;
}
