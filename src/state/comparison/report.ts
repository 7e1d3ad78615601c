import type { RowState } from '#contracts/comparison.ts';
import { csv } from '#maths/csv.ts';
import { counted, formatted, percent, sized } from '#maths/format.ts';
import type { ListedPrediction, ComparedPredictions } from '#state/comparison/predictions.ts';
import type { KnownRow } from '#state/comparison/comparison.svelte.ts';

/** A comparison as a file to keep or send: a page without scripts, Markdown, or a table. Names are from files: hostile. */

export interface ReportModel {
	title: string;
	format: string;
	nodes: number;
	parameters: number;
	bytes: number;
}

export interface Report {
	first: ReportModel;
	second: ReportModel;
	rows: readonly KnownRow[];
	/** What the input is called. */
	input: string;
	predictions: ComparedPredictions | null;
}

const STATE_WORDS: Readonly<Record<RowState, string>> = {
	same: 'same',
	added: 'added',
	removed: 'removed',
	shape: 'shape differs',
	attributes: 'settings differ',
	inputs: 'rewired',
	weights: 'weights differ'
};
const STATES = Object.keys(STATE_WORDS) as RowState[];
/** Marks that do not depend on colour. */
const MARKS: Readonly<Record<RowState, string>> = {
	same: '=',
	added: '+',
	removed: '−',
	shape: '⇲',
	attributes: '⚙',
	inputs: '⇄',
	weights: '≠'
};

export function countsOf(rows: readonly KnownRow[]): Record<RowState, number> {
	const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<RowState, number>;
	for (const { state } of rows) counts[state]++;
	return counts;
}

const number = (value: number | undefined) => (value === undefined ? '' : formatted(value));
/** `kernel 0.12; bias 0.3`: relative distances of the tensors. */
function tensorText({ weights, distances }: KnownRow): string {
	const comparable = weights.filter(({ comparable: can }) => can);
	return (distances?.tensors ?? [])
		.map(({ relative }, k) => `${comparable[k]?.role ?? ''} ${formatted(relative)}`)
		.join('; ');
}
const differenceText = ({ differences }: KnownRow) =>
	differences.map(({ name, first, second }) => `${name}: ${first || 'none'} → ${second || 'none'}`).join('; ');

// A table

export function csvReport({ rows }: Report): string {
	const head = [
		'state',
		'operator',
		'first',
		'second',
		'first shape',
		'second shape',
		'found by',
		'weight distance',
		'largest weight difference',
		'output distance',
		'output cosine',
		'tensors',
		'differences'
	];
	const lines = rows.map((row) => [
		STATE_WORDS[row.state],
		row.type,
		row.first ?? '',
		row.second ?? '',
		...row.shapes,
		row.found ?? '',
		row.distances?.relative ?? null,
		row.distances ? Math.max(...row.distances.tensors.map(({ maxAbs }) => maxAbs)) : null,
		row.activation?.relative ?? null,
		row.activation?.cosine ?? null,
		tensorText(row),
		differenceText(row)
	]);
	return csv([head, ...lines]);
}

// Markdown

/** Text that stays text in a table cell. */
const cell = (text: string) =>
	text
		.replace(/[\r\n]+/g, ' ')
		.replace(/[\\`*_{}[\]()#!|~<>&]/g, (c) =>
			c === '<' ? '&lt;' : c === '>' ? '&gt;' : c === '&' ? '&amp;' : `\\${c}`
		);
const table = (lines: readonly (readonly string[])[]) =>
	lines.map((cells, i) => `| ${cells.join(' | ')} |${i ? '' : `\n|${cells.map(() => ' --- ').join('|')}|`}`).join('\n');

function modelLines({ first, second }: Report): string[][] {
	return [
		['', 'First', 'Second'],
		['Model', first.title, second.title],
		['Format', first.format, second.format],
		['Nodes', String(first.nodes), String(second.nodes)],
		['Parameters', counted(first.parameters), counted(second.parameters)],
		['Weights', sized(first.bytes), sized(second.bytes)]
	];
}

const answerText = ({ name, share, score }: ListedPrediction) =>
	`${name} ${share === null ? formatted(score) : percent(share)}`;

function verdict({ predictions }: Report): string {
	if (predictions?.flips === undefined || predictions.flips === null) return '';
	return predictions.flips ? 'The prediction changes.' : 'Both make the same prediction.';
}

const ROW_HEAD = ['', 'First', 'Second', 'Operator', 'Shapes', 'Weights', 'Outputs', 'What differs'];
function rowCells(row: KnownRow): string[] {
	const [a, b] = row.shapes;
	return [
		`${MARKS[row.state]} ${STATE_WORDS[row.state]}`,
		row.first ?? '',
		row.second ?? '',
		row.type,
		a === b || !b ? a : a ? `${a} → ${b}` : b,
		number(row.distances?.relative),
		number(row.activation?.relative),
		[differenceText(row), tensorText(row)].filter(Boolean).join('; ')
	];
}

const NOTE =
	'Distances are |a − b| / |a| in the Euclidean norm, over all tensors of a node; of outputs, on the input named here.';

export function markdownReport(report: Report): string {
	const { rows, input, predictions } = report;
	const counts = countsOf(rows);
	const changed = rows.filter(({ state }) => state !== 'same');
	const parts = [
		`# ${cell(report.first.title)} and ${cell(report.second.title)}`,
		table(modelLines(report).map((cells) => cells.map(cell))),
		STATES.map((state) => `${counts[state]} ${STATE_WORDS[state]}`).join(', ') + '.',
		...(predictions
			? [
					`## On “${cell(input)}”`,
					verdict(report),
					table([
						['First', 'Second'],
						...Array.from({ length: Math.max(predictions.first.length, predictions.second.length) }, (_, k) =>
							[predictions.first[k], predictions.second[k]].map((prediction) =>
								prediction ? cell(answerText(prediction)) : ''
							)
						)
					])
				]
			: []),
		'## What differs',
		NOTE,
		changed.length ? table([ROW_HEAD, ...changed.map((row) => rowCells(row).map(cell))]) : 'Nothing.'
	];
	return parts.filter(Boolean).join('\n\n') + '\n';
}

// A page

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => ENTITIES[c] as string);

const STYLE = `
:root{color-scheme:light dark;--line:light-dark(#d8dce2,#2d333b);--muted:light-dark(#555e6b,#a0a9b5)}
body{margin:2rem auto;max-width:1100px;padding:0 1rem;font:14px/1.45 system-ui,sans-serif;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:3px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere}
td:first-child{white-space:nowrap}p,figcaption{color:var(--muted)}svg{width:100%;height:120px;color:light-dark(#0b5fb0,#6db3f8)}figure{margin:1rem 0}
.same{opacity:.65}.added td:first-child{border-left:4px solid light-dark(#00745a,#3fc79a)}.removed td:first-child{border-left:4px solid light-dark(#b84a00,#ff8f4d)}
.shape td:first-child{border-left:4px solid light-dark(#9c3f77,#e79bc6)}.attributes td:first-child{border-left:4px solid light-dark(#8a6100,#f0b429)}
.inputs td:first-child{border-left:4px solid light-dark(#0b7285,#66d9e8)}.weights td:first-child{border-left:4px solid light-dark(#0b5fb0,#6db3f8)}`;

const htmlTable = (lines: readonly (readonly string[])[], classes: readonly string[] = []) =>
	`<table>${lines
		.map((cells, i) =>
			i
				? `<tr${classes[i - 1] ? ` class="${classes[i - 1]}"` : ''}>${cells.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`
				: `<thead><tr>${cells.map((text) => `<th scope="col">${escaped(text)}</th>`).join('')}</tr></thead>`
		)
		.join('\n')}</table>`;

/** Bars of the weights' distances over depth. */
function strip(rows: readonly KnownRow[]): string {
	const weighed = rows.filter(({ distances }) => distances && Number.isFinite(distances.relative));
	const maxRelative = weighed.reduce((max, { distances }) => Math.max(max, distances?.relative ?? 0), 0);
	if (!maxRelative) return '';
	const width = 1000 / weighed.length;
	const bars = weighed.map(({ first, distances }, k) => {
		const height = (118 * (distances?.relative ?? 0)) / maxRelative;
		return `<rect x="${(k * width + width * 0.1).toFixed(2)}" y="${(120 - height).toFixed(2)}" width="${(width * 0.8).toFixed(2)}" height="${height.toFixed(2)}" fill="currentColor"><title>${escaped(first ?? '')}: ${number(distances?.relative)}</title></rect>`;
	});
	return `<figure><svg viewBox="0 0 1000 120" preserveAspectRatio="none" role="img" aria-label="Distance of the weights over depth">${bars.join('')}</svg><figcaption>Distance of the weights, from the input to the output; the highest is ${formatted(maxRelative)}.</figcaption></figure>`;
}

/** One file without scripts or addresses; everything from the models is escaped, and a policy forbids the rest. */
export function htmlReport(report: Report): string {
	const { first, second, rows, input, predictions } = report;
	const counts = countsOf(rows);
	const title = `${escaped(first.title)} and ${escaped(second.title)}`;
	const shown = predictions
		? `<h2>On “${escaped(input)}”</h2>\n<p>${verdict(report)}</p>\n${htmlTable([
				['First', 'Second'],
				...Array.from({ length: Math.max(predictions.first.length, predictions.second.length) }, (_, k) =>
					[predictions.first[k], predictions.second[k]].map((prediction) => (prediction ? answerText(prediction) : ''))
				)
			])}`
		: '';
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head><body>
<h1>${title}</h1>
${htmlTable(modelLines(report))}
<p>${STATES.map((state) => `${counts[state]} ${STATE_WORDS[state]}`).join(', ')}.</p>
${shown}
<h2>Layer by layer</h2>
<p>${NOTE}</p>
${strip(rows)}
${htmlTable(
	[ROW_HEAD, ...rows.map(rowCells)],
	rows.map(({ state }) => state)
)}
</body></html>
`;
}
