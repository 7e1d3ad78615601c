import type { DataApi } from '#contracts/data-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import type { Source } from '#contracts/source.ts';
import { readFigure } from '#maths/figures/document.ts';
import { classNamesIn, textOf } from '#loaders/class-names.ts';
import { openData } from '#loaders/open-data.ts';
import { plainTable } from '#loaders/plain-table.ts';
import { sampleMakers } from '#loaders/sample-registry.ts';
import { endings, sorted } from '#loaders/sort.ts';
import { shardsOf } from '#loaders/tfjs/model-json.ts';
import { clusterNames } from '#workers/data/cluster-names.ts';
import { Regions } from '#workers/data/map-regions.ts';
import { PointMap } from '#workers/data/map.ts';
import { pixels, sprites } from '#workers/data/pictures.ts';
import { found } from '#workers/data/search.ts';
import { sortedFiles } from '#workers/data/sorted-files.ts';
import { EMPTY, tableOf } from '#workers/data/table.ts';
import { serve, Transferred } from '#workers/rpc.ts';

/** The thread that reads data sets and knows where the points of a map are. */

let map = new PointMap(new Float32Array(0), 2);
let decisionRegions = new Regions(map.positions);

let table = EMPTY;

/** What was sorted last: an archive need not be unpacked once more to be opened. */
let unpacked: { key: string; files: Source['files'] } | null = null;

const keyOf = ({ files }: Source) =>
	JSON.stringify(files.map(({ path, blob }) => [path, blob.size, blob instanceof File ? blob.lastModified : null]));

/** With its archives unpacked, where they have just been. */
const known = (source: Source): Source =>
	unpacked && unpacked.key === keyOf(source) ? { ...source, files: unpacked.files } : source;

/** Hands the numbers over, and keeps what can be searched; texts and images are copied, which for images costs nothing. */
function sent(data: DataSet, signal: AbortSignal): Transferred<DataSet> {
	if (!signal.aborted) table = tableOf(data);
	const buffers = new Set<ArrayBufferLike>();
	if (data.rows) buffers.add(data.rows.values.buffer);
	for (const column of data.columns)
		if (column.kind !== 'text') buffers.add(column.kind === 'number' ? column.values.buffer : column.codes.buffer);
	return new Transferred(data, [...buffers] as ArrayBuffer[]);
}

const api: Parameters<typeof serve<DataApi>>[1] = {
	async sort(source, context, { signal, progress }) {
		progress({ done: 0, note: 'Looking at the files' });
		const { files, readings, nothing } = await sorted(source, context, signal);
		unpacked = { key: keyOf(source), files };
		return { files: sortedFiles(files, readings), readings, nothing };
	},
	endings,
	classNames: async (text, { progress }) => {
		progress(null);
		const found = classNamesIn(typeof text === 'string' ? text : await textOf({ path: 'names', blob: text }));
		return found?.names ?? null;
	},
	figure: async (file, { progress }) => {
		progress(null);
		return readFigure(file);
	},
	shards: async (json, { progress }) => {
		progress({ done: 0, note: 'Looking at the model' });
		return shardsOf(json);
	},

	samples: () => [...sampleMakers.values()].map(({ id, title, summary }) => ({ id, title, summary })),

	sample(id, seed, { signal }) {
		const maker = sampleMakers.get(id);
		if (!maker) throw new Error(`There is no sample set “${id}”.`);
		return sent(maker.make(seed), signal);
	},

	async open(source, reading, { signal, progress }) {
		const context = { signal, progress: (done: number, note: string) => progress({ done, note }), reading };
		return sent(await openData(known(source), context), signal);
	},

	async table(source, limits, reading, { signal, progress }) {
		const context = { signal, progress: (done: number, note: string) => progress({ done, note }), reading };
		return plainTable(await openData(known(source), context), limits);
	},

	remember(data) {
		table = tableOf(data);
	},

	async pixels(images, side, context) {
		const rows = await pixels(images, side, context);
		return new Transferred(rows, [rows.values.buffer]);
	},

	async sprites(images, context) {
		const sheet = await sprites(images, context);
		return new Transferred(sheet, [...sheet.sheets]);
	},

	putMap(positions, dimensions) {
		const { hidden } = map;
		map = new PointMap(positions, dimensions);
		decisionRegions = new Regions(positions);
		map.hidden = hidden?.length === positions.length / dimensions ? hidden : null;
	},

	hide(hidden) {
		map.hidden = hidden;
	},

	pick: (matrix, canvas, at, radius) => map.pick(matrix, canvas, at, radius),

	inside(matrix, canvas, polygon) {
		const found = map.inside(matrix, canvas, polygon);
		return new Transferred(found, [found.buffer]);
	},

	labels: (codes, categories) => map.labels(codes, categories),

	clusterNames: async (context) => {
		const named = await clusterNames(map.dimensions === 2 ? map.positions : new Float32Array(0), table, context);
		return new Transferred(named, [named.codes.buffer as ArrayBuffer]);
	},
	find: (query, { signal }) => found(table, query, signal),

	async nearField(window, width, height, { signal }) {
		const field = await decisionRegions.nearField(window, width, height, signal);
		return new Transferred(field, [field.items.buffer, field.claims.buffer]);
	},
	meshBlends: (mesh, { signal }) => decisionRegions.meshBlends(mesh, signal),
	withheld: () => decisionRegions.withheld()
};

serve<DataApi>(self as never, api);
