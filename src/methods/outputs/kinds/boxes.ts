import type { OutputFacts, OutputKind, OutputMatch } from '#contracts/output.ts';
import type { ParameterSpec } from '#contracts/parameter.ts';
import { candidates, type BoxOptions } from '#methods/outputs/candidates.ts';
import { boxesOf, type Boxes } from '#methods/outputs/detector.ts';

const choice = (
	id: string,
	title: string,
	help: string,
	options: readonly (readonly [id: string, title: string])[],
	guess: string
): ParameterSpec => ({
	...{ id, kind: 'choice', title, help, default: guess },
	options: options.map(([id, title]) => ({ id, title }))
});

const FORMATS = [
	['cxcywh', 'centre, size'],
	['xywh', 'left, top, size'],
	['xyxy', 'left, top, right, bottom'],
	['yxyx', 'top, left, bottom, right']
] as const;

function parametersOf(boxes: Boxes): ParameterSpec[] {
	const layouts = [
		...(boxes.kind === 'table' && boxes.columns > 5
			? [['objectness', 'box, objectness, classes (YOLOv5)'] as const]
			: []),
		['classes', 'box, classes (YOLOv8)'] as const,
		...(boxes.kind === 'table' && boxes.columns >= 6 ? [['scored', 'box, score, class (YOLOv10)'] as const] : []),
		...(boxes.kind === 'table' && boxes.columns === 7 ? [['listed', 'image, class, score, box (SSD)'] as const] : [])
	];
	return [
		...(boxes.kind === 'table' && layouts.length > 1
			? [choice('layout', 'Columns', 'What the columns of the table are.', layouts, boxes.layout)]
			: []),
		choice('format', 'Box', 'What the four numbers of a box are.', FORMATS, boxes.format),
		choice(
			'unit',
			'Coordinates',
			'Pixels of the model input, or shares of it.',
			[
				['auto', 'automatic'],
				['pixels', 'pixels'],
				['shares', '0 to 1']
			],
			'auto'
		),
		choice(
			'activation',
			'Scores',
			'What turns the scores into probabilities.',
			[
				['auto', 'automatic'],
				['none', 'as they are'],
				['sigmoid', 'sigmoid'],
				['softmax', 'softmax']
			],
			boxes.kind === 'group' ? boxes.activation : 'auto'
		),
		choice(
			'background',
			'Background class',
			'The score that means: nothing there.',
			[
				['auto', 'automatic'],
				['none', 'none'],
				['first', 'the first'],
				['last', 'the last']
			],
			boxes.kind === 'group' ? boxes.background : 'none'
		)
	];
}

/** Index of a head. */
const indexOf = ({ heads, head }: OutputFacts) => heads.findIndex(({ output }) => output === head.output);

function match(facts: OutputFacts): OutputMatch | null {
	const boxes = boxesOf(facts);
	if (!boxes) return null;
	const own = indexOf(facts);
	const members = boxes.kind === 'table' ? [boxes.head] : [boxes.boxes, boxes.scores, boxes.classes];
	if (!members.includes(own)) return null;
	const turned = boxes.kind === 'table' && boxes.turned ? { channelsFirst: true as const } : {};
	return { sure: 0.92, reason: boxes.reason, parameters: parametersOf(boxes), ...turned };
}

/** Boxes with scores. */
const kind: OutputKind = {
	id: 'boxes',
	title: 'Boxes with scores',
	order: 5,
	match,
	read: {
		references(facts) {
			const boxes = boxesOf(facts);
			if (!boxes) return [];
			const members = boxes.kind === 'table' ? [boxes.head] : [boxes.boxes, boxes.scores, boxes.classes];
			return members.flatMap((i) => (i === null ? [] : [facts.heads[i]!.output]));
		},
		draw: (values, { facts, parameters }) =>
			candidates(values, boxesOf(facts)!, parameters as unknown as BoxOptions, facts.picture!)
	}
};

export default kind;
