import type { Markish, PlotOptions } from '@observablehq/plot';
import type { ChartAxis, ChartSeries, ChartSpec } from '#contracts/chart.ts';
import { counted } from '#maths/format.ts';

/** A chart in the words of Observable Plot, in colours of the page. */

type Plot = typeof import('@observablehq/plot');

const paint = (token: string) => `var(--${token})`;

/** What a bar stands on: on a logarithmic axis half of the least count. */
const FOOT = 0.5;

function marks(plot: Plot, series: ChartSeries, log: { x: boolean; y: boolean }): Markish[] {
	const colour = paint(series.colour);
	const shown = (value: number | undefined, on: boolean) =>
		value !== undefined && Number.isFinite(value) && (!on || value > 0);
	switch (series.kind) {
		case 'bars': {
			const indices = Array.from({ length: series.y.length }, (_, i) => i).filter((i) => shown(series.y[i], log.y));
			const options = {
				x1: (i: number) => series.from[i],
				x2: (i: number) => series.to[i],
				y1: () => (log.y ? FOOT : 0),
				y2: (i: number) => series.y[i],
				fill: colour,
				insetLeft: 0.25,
				insetRight: 0.25,
				tip: true
			};
			return [plot.rectY(indices, options)];
		}
		case 'line':
		case 'dots': {
			const indices = Array.from({ length: series.x.length }, (_, i) => i).filter(
				(i) => shown(series.x[i], log.x) && shown(series.y[i], log.y)
			);
			const channels = { x: (i: number) => series.x[i], y: (i: number) => series.y[i] };
			return series.kind === 'dots'
				? [plot.dot(indices, { ...channels, r: 2, fill: colour, tip: true })]
				: [
						plot.lineY(indices, {
							...channels,
							stroke: colour,
							strokeWidth: 1.5,
							...(series.dashed ? { strokeDasharray: '5 3' } : {})
						})
					];
		}
		case 'area': {
			const indices = Array.from({ length: series.x.length }, (_, i) => i);
			const x = (i: number) => series.x[i];
			return [
				plot.areaY(indices, {
					x,
					y1: (i: number) => series.low[i],
					y2: (i: number) => series.high[i],
					fill: colour,
					fillOpacity: 0.45
				}),
				plot.lineY(indices, { x, y: (i: number) => series.high[i], stroke: colour, strokeWidth: 1 })
			];
		}
		case 'rule':
			return 'x' in series
				? [plot.ruleX([series.x], { stroke: colour, strokeDasharray: '2 2' })]
				: [plot.ruleY([series.y], { stroke: colour, strokeDasharray: '2 2' })];
	}
}

function scale({ label, kind = 'linear', domain, ticks }: ChartAxis) {
	const names = new Map(ticks?.map(({ at, label: text }) => [at, text]));
	return {
		label: label || null,
		type: kind,
		...(domain ? { domain: [...domain] } : {}),
		...(ticks
			? { ticks: ticks.map(({ at }) => at), tickFormat: (value: number) => names.get(value) ?? String(value) }
			: kind === 'log'
				? { ticks: 5, tickFormat: '~g' }
				: {})
	};
}

export function plotOptions(plot: Plot, { x, y, series }: ChartSpec, width: number, height: number): PlotOptions {
	const log = { x: x.kind === 'log', y: y.kind === 'log' };
	const heights = series.flatMap((one) => (one.kind === 'bars' ? Array.from(one.y) : []));
	const maxHeight = heights.reduce((max, value) => Math.max(max, value), 0);
	/** Large counts would not fit beside the axis. */
	const short = maxHeight >= 1e4 && y.kind !== 'log' && !y.ticks ? { tickFormat: counted } : {};
	const longest = Math.max(0, ...(y.ticks ?? []).map(({ label }) => label.length));
	return {
		width,
		height,
		marginLeft: y.ticks ? Math.min(width / 3, 16 + 6 * longest) : 52,
		marginRight: 12,
		marginBottom: 36,
		clip: true,
		style: { background: 'transparent', fontSize: '11px', fontFamily: 'inherit', overflow: 'visible' },
		x: scale(x),
		y: { ...scale(y), ...short, grid: !y.ticks },
		marks: [...series.flatMap((one) => marks(plot, one, log)), ...(y.ticks || log.y ? [] : [plot.ruleY([0])])]
	};
}
