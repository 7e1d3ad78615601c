import type { Shape } from '#contracts/graph.ts';
import type { OutputFacts } from '#contracts/output.ts';
import type { BoxFormat } from '#maths/boxes.ts';

/** Where the boxes of a detector lie among its outputs, told by shapes and names. */

/** Fewer than these are no boxes where no name says so; and no table of them alone. */
const [FEWEST_BOXES, FEWEST_ROWS] = [16, 100];
/** Boxes that have been through non-maximum suppression are at most so many. */
const MOST_FINAL = 1000;

/** How the columns of a table of boxes are laid out. */
export type TableLayout = 'objectness' | 'classes' | 'scored' | 'listed';

/** Of one table: boxes and their scores in one output. */
interface BoxTable {
	/** Its head's index. */
	head: number;
	count: number;
	columns: number;
	/** Columns come before boxes. */
	turned: boolean;
	layout: TableLayout;
	/** Columns of classes, where those behind them are something else. */
	classes: number | null;
	format: BoxFormat;
	reason: string;
}

/** Of several outputs: which heads are what. */
interface BoxGroup {
	boxes: number;
	scores: number;
	/** Where scores are of the best class alone. */
	classes: number | null;
	count: number;
	format: BoxFormat;
	/** What has to be done to the scores, and which of them is no class. */
	activation: 'auto' | 'softmax' | 'sigmoid';
	background: 'auto' | 'none' | 'first' | 'last';
	/** Overlapping ones are left out by the model. */
	final: boolean;
	reason: string;
}

export type Boxes = ({ kind: 'table' } & BoxTable) | ({ kind: 'group' } & BoxGroup);

/** [1, N, columns], also as [1, N, 1, columns] and, where `list` says so, as [1, 1, N, columns]. */
function rows(shape: Shape): { count: number; columns: number } | null {
	const inner = shape.slice(1).filter((n, axis, all) => !(n === 1 && all.length === 3 && axis === 1));
	const [count, columns] = inner;
	return inner.length === 2 && count && columns ? { count, columns } : null;
}

const named = (facts: OutputFacts, pattern: RegExp) =>
	facts.heads.findIndex(({ output, title }) => pattern.test(output) || pattern.test(title));

/** The boxes of the model, or null where it gives none. */
export function boxesOf(facts: OutputFacts): Boxes | null {
	if (!facts.picture) return null;
	const group = groupOf(facts);
	if (group) return { kind: 'group', ...group };
	const tables = facts.heads.flatMap((_, i) => tableOf(facts, i) ?? []);
	return tables[0] ? { kind: 'table', ...tables[0] } : null;
}

function groupOf(facts: OutputFacts): BoxGroup | null {
	const { heads, shapes } = facts;
	const tables = shapes.map(rows);
	const called = named(facts, /detection_boxes|pred_boxes/i);
	const like = tables.findIndex((own, i) => {
		if (own?.columns !== 4 || own.count < FEWEST_BOXES) return false;
		return tables.some((other, k) => k !== i && other?.count === own.count);
	});
	const boxes = tables[called]?.columns === 4 ? called : like;
	const own = tables[boxes];
	if (!own) return null;
	const alike = (i: number) =>
		i !== boxes && (tables[i]?.count === own.count || (shapes[i]?.length === 2 && shapes[i]?.[1] === own.count));
	const all = heads.map((_, i) => i).filter(alike);
	const of = (pattern: RegExp, among = all) => among.find((i) => pattern.test(heads[i]!.output));
	const scores = of(/scores?\b|detection_scores|logits|conf/i) ?? all.find((i) => tables[i]) ?? all[0];
	if (scores === undefined) return null;
	const vector = !tables[scores];
	const classes = vector
		? of(
				/classes|labels|class_ids/i,
				all.filter((i) => i !== scores)
			)
		: undefined;
	const { labels } = facts;
	const units = tables[scores]?.columns ?? 0;
	const detr = /pred_boxes/i.test(heads[boxes]!.output);
	const tensorflow = /detection_boxes/i.test(heads[boxes]!.output);
	const background = vector
		? 'none'
		: detr
			? own.count <= 100 || labels?.length === units - 1
				? 'last'
				: 'none'
			: labels?.length === units - 1 || heads[scores]!.activation === 'softmax'
				? 'first'
				: 'auto';
	const title = heads[scores]!.title;
	return {
		...{ boxes, scores, classes: classes ?? null, count: own.count, background },
		format: tensorflow ? 'yxyx' : detr ? 'cxcywh' : 'xyxy',
		activation: detr ? (background === 'last' ? 'softmax' : 'sigmoid') : 'auto',
		final: detr || (vector && tensorflow),
		reason: detr
			? 'pred_boxes and logits, as of DETR'
			: tensorflow
				? 'the outputs of TensorFlow’s detection API'
				: `four numbers for each of ${own.count} boxes, their scores in “${title}”`
	};
}

/** Cells of the grids at strides of 8, 16 and 32. */
const anchors = ({ height, width }: { height: number; width: number }) =>
	[8, 16, 32].reduce((sum, stride) => sum + Math.ceil(height / stride) * Math.ceil(width / stride), 0);

function tableOf(facts: OutputFacts, head: number): BoxTable | null {
	const { heads, shapes, picture, labels, metadata } = facts;
	const shape = shapes[head] ?? [];
	const [, first, second, third] = shape;
	// Image, class, score and two corners, as the DetectionOutput layer of SSD gives them.
	if (shape.length === 4 && first === 1 && second && third === 7)
		return {
			...{ head, count: second, columns: 7, turned: false, layout: 'listed', classes: null, format: 'xyxy' },
			reason: 'rows of seven, as SSD’s detection layer gives them'
		};
	const table = rows(shape);
	if (!table || !picture || heads[head]!.activation === 'softmax') return null;
	const turned = shape.length === 3 && table.columns > table.count && table.columns >= FEWEST_ROWS;
	const { count, columns } = turned ? { count: table.columns, columns: table.count } : table;
	if (count < FEWEST_ROWS || columns < (turned ? 5 : 6)) return null;
	const cells = anchors(picture);
	const known = labels?.length ?? 0;
	const base = { head, count, columns, turned, format: 'cxcywh' as BoxFormat };
	const others = heads.length > 1 && shapes.some(([, , , a], i) => i !== head && (a ?? 0) > 0);
	const inner = known && known < columns - 4 ? known : others ? columns - 4 - 32 : null;
	const classes = inner && inner > 0 && (metadata.get('task') ?? 'segment') !== 'detect' ? inner : null;
	if (turned)
		return { ...base, layout: 'classes', classes, reason: 'four numbers and classes per column, as of YOLOv8' };
	if (columns === 6 && count <= MOST_FINAL && count !== 3 * cells && count !== cells)
		return {
			...{ ...base, layout: 'scored', classes: null, format: 'xyxy' as BoxFormat },
			reason: 'rows of six: two corners, score and class, as of YOLOv10'
		};
	const anchorFree = known ? known === columns - 4 : false;
	if (anchorFree)
		return { ...base, layout: 'classes', classes: null, reason: 'as many columns as class names and four' };
	const reason =
		count === 3 * cells
			? 'three boxes for each cell of three grids, as of YOLOv5'
			: 'rows of four numbers, objectness and classes, as of YOLO';
	return { ...base, layout: 'objectness', classes: null, reason };
}
