import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { DEFECTS, fuzz } from '../fuzz/run.js';

/**
 * `npm run fuzz [-- --seed 1 --count 2000 --format csv --case 7]`: how every loader takes broken files. With a case, only
 * that one, and its files are put into a folder to be looked at.
 */

const { values } = parseArgs({
	options: {
		seed: { type: 'string', default: '1' },
		count: { type: 'string', default: '2000' },
		format: { type: 'string', multiple: true },
		case: { type: 'string' },
		processes: { type: 'string', default: '2' }
	}
});
const single = values.case !== undefined;
const folder = join('node_modules', '.cache', 'vitrine-fuzz', 'case');
const started = Date.now();
let shown = 0;
const results = await fuzz({
	seed: Number(values.seed),
	count: Number(values.count),
	processes: single ? 1 : Number(values.processes),
	...(values.format ? { formats: values.format } : {}),
	...(single ? { only: Number(values.case), folder } : {}),
	more(done) {
		if (Math.floor(20 * done) > shown) process.stderr.write(`${5 * (shown = Math.floor(20 * done))} % `);
	}
});
if (single) {
	for (const { format, kind, detail, milliseconds } of results)
		console.log(`\n${format}: ${kind} after ${milliseconds} ms\n${detail}`);
	console.log(`Its files are in ${folder}.`);
}

const KINDS = ['ok', 'refused', ...DEFECTS];
console.log(`\n| format | ${KINDS.join(' | ')} | slowest |\n|---|${'---|'.repeat(KINDS.length + 1)}`);
for (const format of new Set(results.map((result) => result.format))) {
	const own = results.filter((result) => result.format === format);
	const counts = KINDS.map((kind) => own.filter((result) => result.kind === kind).length);
	console.log(`| ${format} | ${counts.join(' | ')} | ${Math.max(...own.map((result) => result.milliseconds))} ms |`);
}
/** One line per kind of defect, with a case of it. @param {string} detail */
const first = (detail) => {
	const lines = detail.split('\n').map((line) => line.trim());
	return [lines[0], ...lines.filter((line) => line.startsWith('at ')).slice(0, 2)].join(' ').slice(0, 260);
};
/** @type {Map<string, number[]>} */
const kinds = new Map();
for (const { format, kind, detail, index } of results)
	if (DEFECTS.includes(kind)) {
		const key = `${format}: ${kind}: ${first(detail)}`;
		kinds.set(key, [...(kinds.get(key) ?? []), index]);
	}
for (const [key, cases] of [...kinds].sort((a, b) => b[1].length - a[1].length))
	console.log(`${cases.length} × ${key} (case ${cases.slice(0, 3).join(', ')})`);
console.log(`${results.length} files in ${Math.round((Date.now() - started) / 1000)} s, seed ${values.seed}`);
process.exit(kinds.size ? 1 : 0);
