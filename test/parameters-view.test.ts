import { describe, expect, it } from 'vitest';
import type { ChartSeries } from '#contracts/chart.ts';
import type { FilterReport, WeightEntry, WeightReport } from '#contracts/weights.ts';
import { moveBy, zoomBy } from '#maths/camera.ts';
import { scaleColours, scales } from '#maths/colour.ts';
import { tensorStats } from '#engine/tensor-stats.ts';
import * as tf from '#engine/tf.ts';
import { weightStatistics } from '#methods/weights/statistics.ts';
import { histogramChart, normsChart, ridgeChart, spectrumChart, togetherChart } from '#views/parameters/charts.ts';
import { inkOn } from '#maths/ink.ts';
import {
	bounded,
	cellAt,
	fitted,
	inSight,
	LEGIBLE,
	positionOfCell,
	stageHeight,
	steered
} from '#views/parameters/matrix-window.ts';
import { byFilter, spread } from '#views/parameters/scaling.ts';
import { sortedRows } from '#views/parameters/table.ts';
import { useBackend } from './tools/backends.ts';
import { someValues } from './tools/weights-reference.ts';

describe('the window on a matrix', () => {
	const stage = { rows: 1000, columns: 8, width: 700, height: stageHeight(1000, 8, 700) };

	it('shows all, then grows until numbers fit, keeping what is under the pointer', () => {
		expect(stage.height).toBe(420);
		expect(stageHeight(4, 12, 700)).toBe(233);
		expect(stageHeight(1, 2000, 700)).toBe(26);
		let window = fitted(stage);
		expect(inSight(window, stage)).toEqual({ rows: [0, 1000], columns: [0, 8] });
		for (let i = 0; i < 12; i++) {
			const before = cellAt(window, stage, 200, 300);
			window = steered(window, stage, zoomBy(1.5, [200, 300]));
			const after = cellAt(window, stage, 200, 300);
			expect(after.y).toBeCloseTo(before.y, 6);
			expect(after.x).toBeCloseTo(before.x, 6);
		}
		expect(window.h).toBeGreaterThanOrEqual(LEGIBLE.h);
		expect(window.w).toBe(700 / 8);
		const position = positionOfCell(window, stage, 3, 700);
		const back = cellAt(window, stage, position.left, position.top);
		expect([back.x, back.y].map((x) => Number(x.toFixed(9)))).toEqual([3, 700]);
	});

	it('never leaves the matrix', () => {
		const close = steered(fitted(stage), stage, zoomBy(100, [0, 0]));
		const far = steered(close, stage, moveBy(-1e6, -1e6));
		expect(inSight(far, stage).rows[1]).toBe(1000);
		expect(cellAt(far, stage, 700, 420).y).toBeCloseTo(1000, 6);
		expect(bounded({ x: -5, y: -5, w: 0, h: 0 }, stage)).toEqual(fitted(stage));
	});
});

describe('colours', () => {
	it('print numbers that can be read on every colour of every scale', () => {
		const luminance = (hex: string) => {
			const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
				const share = parseInt(hex.slice(at, at + 2), 16) / 255;
				return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * r + 0.7152 * g + 0.0722 * b;
		};
		for (const { id } of scales) {
			const colours = scaleColours(id, 65);
			colours.forEach((hex, i) => {
				const background = luminance(hex) + 0.05;
				const contrast = inkOn(colours, i / 64) === 'dark' ? background / 0.05 : 1.05 / background;
				expect(contrast, `${id} ${i}`).toBeGreaterThan(4.5);
			});
		}
	});

	it('reach evenly about zero where there is a sign', () => {
		expect(spread(-2, 5)).toEqual([-5, 5]);
		expect(spread(1, 5)).toEqual([1, 5]);
		expect(spread(NaN, 5)).toEqual([-1, 1]);
		const cells = { width: 1, height: 1, columns: 3, shown: 6, count: 6 };
		expect(Array.from(byFilter({ filters: 3, cells } as never))).toEqual([0, 3, 1, 4, 2, 5]);
	});
});

describe('charts and rows', () => {
	it('count what the law would: as many numbers as there are', async () => {
		await useBackend('cpu');
		const s = await weightStatistics(await tensorStats(tf.tensor1d(someValues(20_000, 4))));
		const distribution = { id: 'a', title: 'A', kind: 'uniform', std: 0.1, known: false } as const;
		const { series } = histogramChart('w', s, distribution, false);
		const bars = series.find(({ kind }) => kind === 'bars')! as Extract<(typeof series)[number], { kind: 'bars' }>;
		expect(Array.from(bars.y).reduce((a, b) => a + b)).toBe(20_000);
		const line = series.find(({ kind }) => kind === 'line')! as Extract<(typeof series)[number], { kind: 'line' }>;
		const width = (bars.to[0] as number) - (bars.from[0] as number);
		let area = 0;
		for (let i = 1; i < line.x.length; i++)
			area += ((line.x[i]! - line.x[i - 1]!) * (line.y[i]! + line.y[i - 1]!)) / 2 / width;
		expect(area / 20_000).toBeCloseTo(1, 3);
		expect(histogramChart('w', s, null, true).y.kind).toBe('log');
		const same = await weightStatistics(await tensorStats(tf.ones([5000])));
		expect(histogramChart('w', same, distribution, false).series.map(({ kind }) => kind)).toEqual(['bars', 'rule']);
	});

	it('stack ridges from the first at the top, and add them up', () => {
		const histogram = (counts: number[]) => ({ low: 0, high: 2, counts, outside: 0 });
		const shared = { names: ['a', 'b'], low: 0, high: 2, all: [histogram([1, 3]), histogram([4, 0])] };
		const { series, y } = ridgeChart(shared, 'all');
		expect(y.ticks).toEqual([
			{ at: 1, label: 'a' },
			{ at: 0, label: 'b' }
		]);
		expect(series).toMatchObject([{ low: [1, 1] }, { low: [0, 0] }]);
		expect(togetherChart(shared, 'sum', false).series).toMatchObject([{ y: [5, 3], from: [0, 1], to: [1, 2] }]);
		const spectrum = {
			rows: 3,
			columns: 3,
			kind: 'exact',
			values: Float64Array.of(100, 1, 1e-12),
			floor: 1e-6,
			effectiveRank: 1.05,
			stableRank: 1,
			condition: Infinity
		} as const;
		const chart = spectrumChart('w', spectrum);
		expect(chart.y.kind).toBe('log');
		expect(chart.series.map(({ name }) => name)).toEqual(['σ', 'effective rank', 'not distinguishable from zero']);
	});

	it('draws a few filters as bars and many as a line from the largest to the least', () => {
		const norms = (n: number) => ({ norms: Float32Array.from({ length: n }, (_, i) => i) }) as FilterReport;
		expect(normsChart('w', norms(3)).series).toMatchObject([
			{ kind: 'bars', from: [0.5, 1.5, 2.5], y: { 0: 2, 2: 0 } }
		]);
		const [line] = normsChart('w', norms(30_000)).series as [Extract<ChartSeries, { kind: 'line' }>];
		expect(line.x.length).toBe(257);
		expect([line.x[0], line.x[256], line.y[0], line.y[256]]).toEqual([1, 30_000, 29_999, 0]);
	});

	it('sort by a figure, what is not known last either way', () => {
		const row = (index: number, mean?: number) => ({
			entry: { index, name: `w${index}` } as WeightEntry,
			report: (mean === undefined ? undefined : { statistics: { mean } }) as WeightReport | undefined,
			flags: 0
		});
		const rows = [row(0, 2), row(1), row(2, NaN), row(3, 5), row(4, -1)];
		const order = (sort: string) => sortedRows(rows, sort).map(({ entry }) => entry.index);
		expect(order('mean-down')).toEqual([3, 0, 4, 1, 2]);
		expect(order('mean')).toEqual([4, 0, 3, 1, 2]);
		expect(order('nonsense')).toEqual([0, 1, 2, 3, 4]);
	});
});
