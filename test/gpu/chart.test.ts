import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import type { ChartSpec } from '#contracts/chart.ts';
import { plotlyFigure } from '#maths/plotly-figure.ts';
import Chart from '#widgets/Chart.svelte';

/** Every kind of series, with what charts trip over: a NaN, a zero on a logarithmic axis, names like markup. */
const spec: ChartSpec = {
	title: 'A <b>chart</b>',
	x: { label: 'weight', domain: [0, 3] },
	y: { label: 'count', kind: 'log', ticks: [{ at: 1, label: 'one' }] },
	series: [
		{ kind: 'bars', name: 'bars', colour: 'accent', from: [0, 1, 2], to: [1, 2, 3], y: Uint32Array.of(4, 0, 9) },
		{ kind: 'line', name: 'line', colour: 'warning', x: [0, 1], y: [1, NaN], dashed: true },
		{ kind: 'dots', name: 'dots', colour: 'muted', x: [0, 1], y: [1, 2] },
		{ kind: 'area', name: 'area', colour: 'bar', x: [0, 1, 2], low: [1, 1, 1], high: [2, 3, 2] },
		{ kind: 'rule', name: 'at', colour: 'error', x: 1.5 },
		{ kind: 'rule', name: 'level', colour: 'text', y: 2 }
	]
};

it('makes figures that Plotly finds nothing wrong with, and draws', async () => {
	const { default: Plotly } = await import('plotly.js-basic-dist-min');
	const figure = JSON.parse(JSON.stringify(plotlyFigure(spec))) as ReturnType<typeof plotlyFigure>;
	expect(Plotly.validate(figure.data, figure.layout)).toBe(undefined);
	// The check does see what is wrong.
	expect(Plotly.validate([{ type: 'bar', colour: 'red' }], {})).not.toBe(undefined);
	expect(figure.data.map(({ type }) => type)).toEqual(['bar', 'scatter', 'scatter', 'scatter', 'scatter']);
	expect(figure.data[0]).toMatchObject({ x: [0.5, 1.5, 2.5], width: [1, 1, 1], y: [4, 0, 9] });
	expect(figure.data[1]).toMatchObject({ y: [1, null] });
	const div = document.createElement('div');
	document.body.append(div);
	await Plotly.newPlot(div, figure.data, figure.layout);
	expect(div.querySelectorAll('.bars .point').length).toBeGreaterThan(0);
	expect(div.querySelectorAll('.shapelayer path')).toHaveLength(2);
	div.remove();
});

it('is drawn with a name, and saved as a picture, a drawing and a figure', async () => {
	document.documentElement.style.setProperty('--accent', 'rgb(1, 2, 3)');
	const saved: [string, Blob][] = [];
	const onsave = (blob: Blob, ending: string) => void saved.push([ending, blob]);
	const screen = await render(Chart, { spec, summary: 'Three bars', onsave });
	await expect.element(screen.getByRole('img', { name: 'A <b>chart</b>. Three bars' })).toBeVisible();
	await expect.poll(() => document.querySelectorAll('svg [aria-label="rect"] rect').length).toBe(2);
	for (const name of ['SVG drawing', 'PNG picture', 'Plotly figure (JSON)']) {
		await screen.getByRole('button', { name: /^Save the chart/ }).click();
		const before = saved.length;
		(document.querySelector('[role="menu"]') as HTMLElement | null)?.focus();
		await screen.getByRole('menuitem', { name }).click();
		await expect.poll(() => saved.length).toBe(before + 1);
	}
	const [svg, png, json] = saved as [[string, Blob], [string, Blob], [string, Blob]];
	expect([svg[0], png[0], json[0]]).toEqual(['svg', 'png', 'plotly.json']);
	const text = await svg[1].text();
	const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
	expect(parsed.querySelector('parsererror')).toBe(null);
	expect(parsed.querySelector('title')?.textContent).toContain('A <b>chart</b>');
	expect(text).toContain('rgb(1, 2, 3)');
	expect(text).not.toContain('var(--accent)');
	const picture = await createImageBitmap(png[1]);
	expect(picture.width).toBeGreaterThan(100);
	expect(JSON.parse(await json[1].text())).toEqual(JSON.parse(JSON.stringify(plotlyFigure(spec))));
});
