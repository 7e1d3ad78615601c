import { describe, expect, it } from 'vitest';
import { plotlyFigure } from '#maths/plotly-figure.ts';

const figure = plotlyFigure({
	title: 'Weights',
	x: { label: 'value', domain: [-1, 2] },
	y: { label: 'count', kind: 'log', domain: [0, 100], ticks: [{ at: 1, label: 'one' }] },
	series: [
		{ kind: 'bars', name: 'all', colour: 'bar', from: [0, 1], to: [1, 4], y: [5, NaN] },
		{ kind: 'line', name: 'law', colour: 'accent', x: [0, 1], y: [2, Infinity] },
		{ kind: 'line', name: 'cut', colour: 'error', x: [0], y: [2], dashed: true },
		{ kind: 'dots', name: 'points', colour: 'none such', x: [3], y: [4] },
		{ kind: 'area', name: 'range', colour: 'muted', x: [0, 1], low: [1, 2], high: [3, 4] },
		{ kind: 'rule', name: 'mean', colour: 'text', x: 0.5 },
		{ kind: 'rule', name: 'most', colour: 'warning', y: 7 }
	]
});

describe('a chart as a Plotly figure', () => {
	it('draws bars about their middles, gaps where there is no number, an area between two lines', () =>
		expect(figure.data).toEqual([
			{ type: 'bar', name: 'all', x: [0.5, 2.5], width: [1, 3], y: [5, null], marker: { color: '#7fb0de' } },
			{
				type: 'scatter',
				mode: 'lines',
				name: 'law',
				x: [0, 1],
				y: [2, null],
				line: { color: '#0b5fb0', width: 1.5, dash: 'solid' }
			},
			{
				type: 'scatter',
				mode: 'lines',
				name: 'cut',
				x: [0],
				y: [2],
				line: { color: '#a3201c', width: 1.5, dash: 'dash' }
			},
			{ type: 'scatter', mode: 'markers', name: 'points', x: [3], y: [4], marker: { color: '#0b5fb0' } },
			{
				type: 'scatter',
				mode: 'lines',
				x: [0, 1],
				y: [1, 2],
				line: { width: 0 },
				hoverinfo: 'skip',
				showlegend: false
			},
			{
				type: 'scatter',
				mode: 'lines',
				x: [0, 1],
				name: 'range',
				y: [3, 4],
				fill: 'tonexty',
				line: { color: '#555e6b', width: 1 }
			}
		]));

	it('has axes in powers of ten, and rules from end to end', () => {
		expect(figure.layout['title']).toEqual({ text: 'Weights' });
		expect(figure.layout['xaxis']).toEqual({ title: { text: 'value' }, type: 'linear', range: [-1, 2] });
		expect(figure.layout['yaxis']).toEqual({
			title: { text: 'count' },
			type: 'log',
			range: [-300, 2],
			tickvals: [1],
			ticktext: ['one']
		});
		expect(figure.layout['bargap']).toBe(0);
		const line = { width: 1, dash: 'dot' };
		expect(figure.layout['shapes']).toEqual([
			{ type: 'line', xref: 'x', x0: 0.5, x1: 0.5, yref: 'paper', y0: 0, y1: 1, line: { ...line, color: '#16191d' } },
			{ type: 'line', yref: 'y', y0: 7, y1: 7, xref: 'paper', x0: 0, x1: 1, line: { ...line, color: '#b26a00' } }
		]);
	});
});
