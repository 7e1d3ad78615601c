import type { Graph, GraphNode, WeightInfo } from '#contracts/graph.ts';
import { fileShape, parseReference } from '#contracts/graph.ts';
import type { NodeCost, NodeTimes, StructureSummary } from '#contracts/structure.ts';
import { csv } from '#maths/csv.ts';
import { product } from '#maths/product.ts';

/** The table that `model.summary()` prints, with what else each layer costs. */

export interface SummaryRow {
	id: string;
	type: string;
	/** As it reads: `112 × 112 × 32`. */
	shape: string;
	/** Numbers in it, for sorting. */
	size: number;
	parameters: number;
	/** Null where it is not counted. */
	macs: number | null;
	/** Bytes of the output. */
	memory: number;
	/** Milliseconds; null while not measured. */
	time: number | null;
	from: readonly string[];
}

export interface Totals {
	parameters: number;
	trainable: number;
	/** Running means and variances, and what the file says is frozen. */
	frozen: number;
	macs: number;
	/** Operators that `macs` leaves out. */
	uncounted: readonly string[];
	memory: number;
}

/** Without the batch, in the file's order. */
export const shapeText = (node: Pick<GraphNode, 'shape' | 'axes' | 'unknown'>): string =>
	fileShape(node)
		.slice(1)
		.map((n) => n ?? '?')
		.join(' × ') || (node.unknown ? 'unknown' : 'scalar');

const isFrozen = ({ trainable, role }: WeightInfo) => trainable === false || role === 'mean' || role === 'variance';

export function summaryRows({ nodes }: Graph, costs: StructureSummary['costs'], times: NodeTimes | null): SummaryRow[] {
	const ids = new Set(nodes.map(({ id }) => id));
	return nodes.map((node) => {
		const cost = costs[node.id] as NodeCost;
		return {
			id: node.id,
			type: node.type,
			shape: shapeText(node),
			size: cost.activation / 4,
			parameters: cost.parameters,
			macs: cost.macs,
			memory: cost.activation,
			time: times?.milliseconds[node.id] ?? null,
			from: node.inputs.map((reference) => (ids.has(reference) ? reference : parseReference(reference)[0]))
		};
	});
}

export function totals({ nodes }: Graph, rows: readonly SummaryRow[]): Totals {
	const weights = new Map(nodes.flatMap((node) => node.weights.map((weight) => [weight.name, weight] as const)));
	const sizeOf = (list: readonly WeightInfo[]) => list.reduce((sum, { shape }) => sum + product(shape), 0);
	const all = [...weights.values()];
	const frozen = sizeOf(all.filter(isFrozen));
	const parameters = sizeOf(all);
	return {
		parameters,
		frozen,
		trainable: parameters - frozen,
		macs: rows.reduce((sum, row) => sum + (row.macs ?? 0), 0),
		uncounted: [...new Set(rows.filter(({ macs }) => macs === null).map(({ type }) => type))],
		memory: rows.reduce((sum, row) => sum + row.memory, 0)
	};
}

const COLUMNS: readonly [string, (row: SummaryRow) => string | number][] = [
	['Layer', ({ id }) => id],
	['Type', ({ type }) => type],
	['Output shape', ({ shape }) => shape],
	['Parameters', ({ parameters }) => parameters],
	['Multiply-adds', ({ macs }) => macs ?? ''],
	['Memory (bytes)', ({ memory }) => memory],
	['Time (ms)', ({ time }) => time ?? ''],
	['Connected to', ({ from }) => from.join('; ')]
];

export const summaryCsv = (rows: readonly SummaryRow[]): string =>
	csv([COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, of]) => of(row)))]);

export function summaryMarkdown(rows: readonly SummaryRow[], total: Totals): string {
	const cell = (value: string | number) =>
		typeof value === 'number' ? String(value) : value.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/[\r\n]+/g, ' ');
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const head = line(COLUMNS.map(([title]) => title));
	const rule = line(COLUMNS.map(([title]) => (/Layer|Type|shape|Connected/.test(title) ? '---' : '---:')));
	const body = rows.map((row) => line(COLUMNS.map(([, of]) => cell(of(row)))));
	const sums = `Total parameters: ${total.parameters} (trainable ${total.trainable}, non-trainable ${total.frozen}). Multiply-adds: ${total.macs}.`;
	return [head, rule, ...body, '', sums, ''].join('\n');
}
