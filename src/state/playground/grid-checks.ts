import type { Loss, PlaygroundSpec } from '#contracts/playground.ts';
import { playgroundCost, type PlaygroundCost } from '#maths/playground/cost.ts';
import { classCount, trainCount } from '#maths/playground/data.ts';
import type { Figure } from '#maths/playground/grid-results.ts';
import { lossProblem, outputsOf } from '#maths/playground/layout.ts';
import { stepsPerEpoch } from '#maths/playground/schedule.ts';
import type { GridPlan } from '#state/playground/axes.ts';

/** What can be said of a grid before it is trained. */

export interface PlanCost extends PlaygroundCost {
	/** Multiply-adds of one update of each network; the mean over an epoch, whose last update may be smaller. */
	update: number;
}

/** Of all networks together. */
export function planCost({ networks }: GridPlan): PlanCost {
	const all = networks.map(({ spec }) => {
		const [cost, samples] = [playgroundCost(spec), trainCount(spec.data)];
		return { ...cost, update: (cost.operations * samples) / stepsPerEpoch(samples, spec.learning.batch) };
	});
	const sum = (key: keyof PlanCost) => all.reduce((total, cost) => total + cost[key], 0);
	return {
		...{ parameters: sum('parameters'), operations: sum('operations') },
		...{ bytes: sum('bytes'), update: sum('update') }
	};
}

/** Why a loss of an axis cannot be had: a link's own is replaced by one that fits, an axis says what it trains. */
export function lossRefusal({ x, y, networks }: GridPlan): string | null {
	if (x.axis.id !== 'loss' && y.axis.id !== 'loss') return null;
	for (const { settings, spec } of networks) {
		const problem = lossProblem(settings['loss'] as Loss, classCount(spec.data));
		if (problem) return problem;
	}
	return null;
}

const isRegression = ({ learning }: PlaygroundSpec) => learning.loss === 'squared';

/** Whether every network has a share of right predictions. */
export const hasAccuracy = ({ networks }: GridPlan) => networks.every(({ spec }) => !isRegression(spec));

/** Whether the losses of all networks are of one kind and of as many outputs: only then do their numbers compare. */
export function likeLosses({ networks }: GridPlan): boolean {
	const kinds = networks.map(({ spec: { data, learning } }) => {
		return `${learning.loss} of ${outputsOf(learning.loss, classCount(data))}`;
	});
	return new Set(kinds).size <= 1;
}

/** What ranks the cells: the loss, accuracy where losses do not compare, null where there is neither. */
export const rankingFigure = (plan: GridPlan): Figure | null =>
	likeLosses(plan) ? 'test-loss' : hasAccuracy(plan) ? 'test-accuracy' : null;

/** A specification without what changes nothing of its training. */
function trained({ data: { points, ...data }, network, learning, seed }: PlaygroundSpec): string {
	const { inputs, hidden, l1, l2, initialiser } = network;
	return JSON.stringify([
		{ ...data, noise: points ? 0 : data.noise },
		hidden.length ? network : { inputs, l1, l2, initialiser },
		learning,
		seed
	]);
}

const REASONS: Readonly<Record<string, string>> = {
	momentum: 'only the optimiser “Momentum” uses it',
	decay: 'only the optimiser “AdamW” uses it',
	every: 'the schedule of the learning rate is constant',
	factor: 'the schedule of the learning rate is constant',
	noise: 'your own points are taken as they are',
	size: 'there are no more of your own points',
	...Object.fromEntries(
		['width', 'activation', 'dropout', 'norm'].map((id) => [id, 'the networks have no hidden layers'])
	)
};

/** A sentence for each axis along which all networks are the same. */
export function idleAxes({ x, y, seeds, networks }: GridPlan): string[] {
	const texts = networks.map(({ spec }) => trained(spec));
	const columns = x.values.length;
	const at = (row: number, column: number, seed: number) => texts[(row * columns + column) * seeds.length + seed];
	const runs = y.values.flatMap((_, row) =>
		x.values.flatMap((_, column) => seeds.map((_, seed) => [row, column, seed] as const))
	);
	const idle = {
		x: columns > 1 && runs.every(([row, column, seed]) => at(row, column, seed) === at(row, 0, seed)),
		y: y.values.length > 1 && runs.every(([row, column, seed]) => at(row, column, seed) === at(0, column, seed))
	};
	return [idle.x ? x.axis : null, idle.y ? y.axis : null].flatMap((axis) =>
		axis ? `${axis.title} changes nothing here: ${REASONS[axis.id] ?? 'all its values make the same network'}.` : []
	);
}
