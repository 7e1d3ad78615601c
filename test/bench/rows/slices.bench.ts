import { expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { labelsOf } from '../../tools/labels-of.ts';
import { row } from '../measure.ts';
import { digitSlices } from '../../tools/digit-slices.ts';

it('a slice through three digits, 512 × 512: only where the boundary crosses, against every pixel', async () => {
	await startEngine(null);
	const { field } = await digitSlices([4, 9, 7]);
	const side = 512;
	const some = await field(side, true);
	const all = await field(side, false);
	const labels = [some, all].map(({ report, values }) => labelsOf(values, report.count, side * side));
	const wrong = labels[0]!.reduce((sum, label, i) => sum + Number(label !== labels[1]![i]), 0) / side ** 2;
	const worst = some.values.reduce((max, value, i) => Math.max(max, Math.abs(value - all.values[i]!)), 0);
	const describe = ({ report }: typeof some) =>
		`${report.evaluated.toLocaleString('en')} evaluations, ${(report.milliseconds / 1000).toFixed(1)} s`;
	const percent = (share: number) => `${(100 * share).toFixed(3)} %`;
	row(
		'a slice of digits 512 × 512 refined where the boundary crosses',
		`${describe(some)}; wrong ${percent(wrong)} (stated ≤ ${percent(some.report.bound)}), largest error of a probability ${worst.toFixed(3)}`,
		`every pixel ${describe(all)}`,
		all.report.evaluated / some.report.evaluated
	);
	expect(all.report.evaluated).toBe(side * side);
	expect(all.report.evaluated / some.report.evaluated).toBeGreaterThan(5);
	expect(wrong).toBeLessThanOrEqual(some.report.bound);
	expect(some.report.bound).toBeLessThan(0.01);
}, 1_200_000);
