import { LabError } from '#contracts/errors.ts';
import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import type {
	Histogram,
	PictureRequest,
	SpectrumSource,
	WeightFormat,
	WeightPicture,
	WeightProgress,
	WeightReport,
	WeightStatistics
} from '#contracts/weights.ts';
import { breath } from '#engine/breath.ts';
import { report } from '#engine/device.ts';
import { toPayload } from '#engine/field.ts';
import { tensorStats } from '#engine/tensor-stats.ts';
import * as tf from '#engine/tf.ts';
import { weightFile, weightOf } from '#methods/weights/files.ts';
import { filterReport } from '#methods/weights/filters.ts';
import { initialDistributions } from '#methods/weights/initialisation.ts';
import { filterRows, gateOf, matrixOf, spectrumSource } from '#methods/weights/matrix.ts';
import { weightPicture } from '#methods/weights/picture.ts';
import { isKernel, weightShape } from '#methods/weights/shape.ts';
import { weightStatistics } from '#methods/weights/statistics.ts';
import type { Outlets } from '#workers/compute/outlets.ts';
import type { Session } from '#workers/compute/session.ts';
import { product } from '#maths/product.ts';

/** What is asked of the weights of the open model. */

/** Milliseconds between two parts of an answer; after each the worker hears what else is asked. */
const EVERY = 60;

interface Found {
	node: GraphNode;
	weight: WeightInfo;
}

function find(session: Session, name: string): Found {
	for (const node of session.model.graph.nodes) {
		const weight = node.weights.find((one) => one.name === name);
		if (weight) return { node, weight };
	}
	throw new LabError(`The model has no weight “${name}”.`);
}

/** Multiplications that comparing all filters of one kernel may take. */
const comparisons = () => (report().software ? 2e9 : 2e12);

async function statisticsOf(tensor: tf.Tensor): Promise<WeightStatistics> {
	const stats = await tensorStats(tensor);
	return weightStatistics(stats).finally(() => stats.dispose());
}

async function reportOf({ node, weight }: Found, tensor: tf.Tensor): Promise<WeightReport> {
	const statistics = await statisticsOf(tensor);
	const rows = filterRows(tensor, node, weight);
	const filters = rows ? await filterReport(rows, comparisons()).finally(() => rows.dispose()) : null;
	const { gates, view, filterAxis } = weightShape(node, weight);
	const columns = view[filterAxis === 2 ? 2 : view.length - 1] as number;
	const matrix = [columns ? product(weight.shape) / columns : 0, columns] as const;
	const distributions = initialDistributions(node, weight);
	return { name: weight.name, kernel: isKernel(weight), gates, matrix, statistics, filters, distributions };
}

export async function weightReports(
	session: Session,
	names: readonly string[],
	{ signal, progress }: Outlets
): Promise<number> {
	const byName = new Map<string, Found>();
	for (const node of session.model.graph.nodes)
		for (const weight of node.weights)
			if (!weight.missing && !byName.has(weight.name)) byName.set(weight.name, { node, weight });
	let reports: WeightReport[] = [];
	let last = performance.now();
	for (const [k, name] of names.entries()) {
		const found = byName.get(name);
		if (found) reports.push(await session.model.hold(name, (tensor) => reportOf(found, tensor)));
		if (performance.now() - last < EVERY && k < names.length - 1) continue;
		progress({ reports, done: (k + 1) / names.length } satisfies WeightProgress);
		reports = [];
		await breath(signal);
		last = performance.now();
	}
	return names.length;
}

export async function weightGates(session: Session, name: string): Promise<WeightStatistics[]> {
	const { node, weight } = find(session, name);
	const { gates } = weightShape(node, weight);
	return session.model.hold(name, async (tensor) => {
		const all: WeightStatistics[] = [];
		for (let gate = 0; gate < gates.length; gate++) {
			const part = gateOf(tensor, gate, gates.length);
			all.push(await statisticsOf(part).finally(() => part.dispose()));
		}
		return all;
	});
}

export async function weightHistograms(
	session: Session,
	names: readonly string[],
	range: readonly [low: number, high: number],
	bins: number,
	{ signal }: Outlets
): Promise<Histogram[]> {
	const [low, high] = range;
	const all: Histogram[] = [];
	let last = performance.now();
	for (const name of names) {
		find(session, name);
		const counts = await session.model.hold(name, async (tensor) => {
			const stats = await tensorStats(tensor);
			return Array.from(await stats.histogram(low, high, bins).finally(() => stats.dispose()));
		});
		all.push({ low, high, counts: counts.slice(1, -1), outside: (counts[0] as number) + (counts.at(-1) as number) });
		if (performance.now() - last < EVERY) continue;
		await breath(signal);
		last = performance.now();
	}
	return all;
}

export async function picture(session: Session, request: PictureRequest, { send }: Outlets): Promise<WeightPicture> {
	const { node, weight } = find(session, request.name);
	if (weight.shape.includes(0)) throw new LabError(`The weight “${request.name}” holds no numbers.`);
	const { field, picture } = await session.model.hold(request.name, (tensor) =>
		weightPicture(tensor, node, weight, request)
	);
	const { payload, transfer } = await toPayload(field, report().transfer).finally(() => field.dispose());
	const [height, width] = field.shape;
	send({ key: request.key, width, height, payload }, transfer);
	return picture;
}

export async function source(session: Session, name: string, gate: number | null): Promise<SpectrumSource> {
	const { node, weight } = find(session, name);
	return session.model.hold(name, (tensor) => {
		const matrix = matrixOf(tensor, node, weight, gate);
		return spectrumSource(matrix).finally(() => matrix.dispose());
	});
}

export function file(
	session: Session,
	names: readonly string[],
	format: WeightFormat,
	{ signal, progress }: Outlets
): Promise<Blob> {
	const weights = names.map((name) => weightOf(session.model, find(session, name).weight));
	return weightFile(weights, format, { signal, progress });
}
