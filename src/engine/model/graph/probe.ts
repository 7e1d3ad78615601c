import { LabError } from '#contracts/errors.ts';
import { parseReference, type GraphNode, type Shape, type WeightInfo } from '#contracts/graph.ts';
import * as tf from '#engine/tf.ts';
import { canonical, compute, type Program } from '#engine/model/executor.ts';
import type { Step } from '#engine/model/step.ts';

export interface Probed {
	/** The steps with the shapes that were found; the others are marked as unknown. */
	steps: Step[];
	/** Nodes that could not be computed though all that they need was there. */
	failed: { node: GraphNode; error: LabError }[];
}

const known = (shape: Shape) => shape.slice(1).every((n) => n !== null);

/**
 * The files do not say what shapes nodes have: a run on zeros does, as far as it comes. Nothing is computed from a node
 * that is not to be run, or whose numbers are missing: zeros stand in only for floating point weights, of which no shape
 * is made.
 * @param blocked ids of nodes that are not to be run
 */
export function probed(program: Program, blocked: ReadonlySet<string>): Probed {
	const seen = new Map<string, { shape: Shape; dtype: string }>();
	const failed: Probed['failed'] = [];
	const values = new Map<string, tf.Tensor>();
	const left = new Map<string, number>();
	for (const { node } of program.steps)
		for (const reference of node.inputs.map(canonical)) left.set(reference, (left.get(reference) ?? 0) + 1);
	const missing = new Map<string, WeightInfo>(
		program.steps.flatMap(({ node }) => node.weights.filter((w) => w.missing).map((w) => [w.name, w]))
	);
	const lookup = (name: string) =>
		program.weights.get(name) ?? tf.zeros([...(missing.get(name)?.shape ?? [])], 'float32');

	function outputs(step: Step): tf.Tensor[] {
		const { node } = step;
		if (node.type === 'Input')
			return known(node.shape)
				? [
						tf.zeros(
							node.shape.map((n) => n ?? 1),
							node.dtype as 'float32'
						)
					]
				: [];
		const inputs = node.inputs.map((reference) => values.get(canonical(reference)));
		const usable = node.weights.every((weight) => !weight.missing || weight.dtype === 'float32');
		// What was computed and has fewer outputs than are asked for.
		const lacking = node.inputs.find((reference, i) => !inputs[i] && seen.has(parseReference(reference)[0]));
		if (lacking !== undefined && !blocked.has(node.id)) {
			const [from, output] = parseReference(lacking);
			const message = `The node "${node.id}" reads output ${output} of "${from}", which is not computed here.`;
			failed.push({ node, error: new LabError(message, 'Convert the model without it.') });
			return [];
		}
		if (blocked.has(node.id) || !usable || !inputs.every((input) => input !== undefined)) return [];
		try {
			return compute(step, inputs, lookup);
		} catch (error) {
			if (!(error instanceof LabError)) throw error;
			failed.push({ node, error });
			return [];
		}
	}

	tf.tidy(() => {
		for (const step of program.steps) {
			const { id, inputs } = step.node;
			outputs(step).forEach((output, k) => {
				if (!k) seen.set(id, { shape: output.shape, dtype: output.dtype });
				const reference = k ? `${id}:${k}` : id;
				if (left.has(reference)) values.set(reference, output);
				else output.dispose();
			});
			for (const reference of inputs.map(canonical)) {
				const remaining = (left.get(reference) ?? 0) - 1;
				left.set(reference, remaining);
				if (remaining === 0) values.get(reference)?.dispose();
			}
		}
	});
	const open = program.steps.some(({ node }) => node.type === 'Input' && node.shape[0] === null);
	const steps = program.steps.map((step): Step => {
		const found = seen.get(step.node.id);
		if (!found) return step.node.type === 'Input' ? step : { ...step, node: { ...step.node, unknown: true } };
		const shape = open && found.shape[0] === 1 ? [null, ...found.shape.slice(1)] : found.shape;
		return { ...step, node: { ...step.node, shape, dtype: found.dtype } };
	});
	return { steps, failed };
}
