/** A chart as a Plotly figure: `Plotly.newPlot(div, figure)`, or `plotly.io.from_json(text)`, opens it as it is. */

interface Axis {
	label: string;
	kind?: 'linear' | 'log';
	domain?: readonly [number, number];
	ticks?: readonly { at: number; label: string }[];
}
type Values = ArrayLike<number>;
type Series = { name: string; colour: string } & (
	| { kind: 'bars'; from: Values; to: Values; y: Values }
	| { kind: 'line'; x: Values; y: Values; dashed?: boolean }
	| { kind: 'dots'; x: Values; y: Values }
	| { kind: 'area'; x: Values; low: Values; high: Values }
	| { kind: 'rule'; x: number }
	| { kind: 'rule'; y: number }
);
interface Chart {
	title: string;
	x: Axis;
	y: Axis;
	series: readonly Series[];
}

export interface PlotlyFigure {
	data: Record<string, unknown>[];
	layout: Record<string, unknown>;
}

const COLOURS: Readonly<Record<string, string>> = {
	accent: '#0b5fb0',
	muted: '#555e6b',
	warning: '#b26a00',
	error: '#a3201c',
	text: '#16191d',
	bar: '#7fb0de'
};
const colour = (token: string) => COLOURS[token] ?? '#0b5fb0';

/** JSON knows neither NaN nor infinity; Plotly leaves a gap at null. */
const plain = (values: Values) => Array.from(values, (value) => (Number.isFinite(value) ? value : null));

function axis({ label, kind = 'linear', domain, ticks }: Axis): Record<string, unknown> {
	const ends = domain && (kind === 'log' ? domain.map((value) => Math.log10(Math.max(1e-300, value))) : [...domain]);
	return {
		title: { text: label },
		type: kind,
		...(ends ? { range: ends } : {}),
		...(ticks ? { tickvals: ticks.map(({ at }) => at), ticktext: ticks.map(({ label: text }) => text) } : {})
	};
}

function traces(series: Series): Record<string, unknown>[] {
	const { name } = series;
	const paint = colour(series.colour);
	switch (series.kind) {
		case 'bars': {
			const from = Array.from(series.from);
			const width = from.map((low, i) => (series.to[i] as number) - low);
			const x = from.map((low, i) => low + (width[i] as number) / 2);
			return [{ type: 'bar', name, x: plain(x), width: plain(width), y: plain(series.y), marker: { color: paint } }];
		}
		case 'line': {
			const line = { color: paint, width: 1.5, dash: series.dashed ? 'dash' : 'solid' };
			return [{ type: 'scatter', mode: 'lines', name, x: plain(series.x), y: plain(series.y), line }];
		}
		case 'dots':
			return [
				{ type: 'scatter', mode: 'markers', name, x: plain(series.x), y: plain(series.y), marker: { color: paint } }
			];
		case 'area': {
			const base = { type: 'scatter', mode: 'lines', x: plain(series.x) };
			return [
				{ ...base, y: plain(series.low), line: { width: 0 }, hoverinfo: 'skip', showlegend: false },
				{ ...base, name, y: plain(series.high), fill: 'tonexty', line: { color: paint, width: 1 } }
			];
		}
		case 'rule':
			return [];
	}
}

function shapes(series: readonly Series[]): Record<string, unknown>[] {
	return series.flatMap((one) => {
		if (one.kind !== 'rule') return [];
		const line = { color: colour(one.colour), width: 1, dash: 'dot' };
		return 'x' in one
			? [{ type: 'line', xref: 'x', x0: one.x, x1: one.x, yref: 'paper', y0: 0, y1: 1, line }]
			: [{ type: 'line', yref: 'y', y0: one.y, y1: one.y, xref: 'paper', x0: 0, x1: 1, line }];
	});
}

export function plotlyFigure({ title, x, y, series }: Chart): PlotlyFigure {
	return {
		data: series.flatMap(traces),
		layout: {
			title: { text: title },
			xaxis: axis(x),
			yaxis: axis(y),
			bargap: 0,
			template: { layout: { paper_bgcolor: 'white', plot_bgcolor: 'white' } },
			shapes: shapes(series)
		}
	};
}
