import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { parseReference } from '#contracts/graph.ts';
import type { ExplainRequest, MapReport } from '#contracts/compute.ts';
import type { Field } from '#contracts/field.ts';
import type { AttributionContext, AttributionMethod, AttributionStep } from '#contracts/method.ts';
import { validParameters } from '#contracts/parameter.ts';
import { report } from '#engine/device.ts';
import { toField } from '#engine/field.ts';
import { behind, camLayers } from '#engine/model/inspect.ts';
import { gradientFault } from '#engine/tf-words.ts';
import * as tf from '#engine/tf.ts';
import { attributionMethods } from '#methods/registry.ts';
import type { Session } from '#workers/compute/session.ts';

/** Milliseconds between two pictures of a map that is still getting better. */
const PICTURE_EVERY = 150;

interface Outlets {
	signal: AbortSignal;
	/** A better map is there. */
	progress(report: MapReport): void;
	/** Hands a field to the draw worker. */
	send(field: Field, transfer: Transferable[]): void;
}

/** Runs one attribution method to its end; maps on the way are sent as they come. */
export async function explain(session: Session, request: ExplainRequest, outlets: Outlets): Promise<MapReport> {
	const method = attributionMethods.get(request.method);
	if (!method) throw new LabError(`There is no method “${request.method}”.`);
	const context = contextFor(session, method, request, outlets.signal);
	const refusal = refusalOf(method, context);
	if (refusal) throw new LabError(refusal, '', { code: 'refused' });
	const scores = tf.tidy(() => context.score(context.feeds(context.input)));
	const [score] = await scores.data();
	scores.dispose();
	const layer = method.grid === 'layer' ? (context.parameters['layer'] as string) || context.camLayer : null;
	const { id } = session.explained().spec;
	if (layer && !behind(session.model.graph, [id]).has(parseReference(layer)[0]))
		throw new LabError(`The layer “${layer}” does not look at “${id}”: choose another.`, '', { code: 'refused' });

	let last: MapReport | null = null;
	let shown = -Infinity;
	for await (const step of named(method.run(context), layer)) {
		try {
			throwIfAborted(outlets.signal);
			const now = performance.now();
			if (step.done < 1 && now - shown < PICTURE_EVERY) continue;
			const { field, transfer } = await fieldOf(step, method, request);
			throwIfAborted(outlets.signal);
			const { key, width, height, stats } = field;
			last = {
				key,
				width,
				height,
				stats,
				facts: step.facts,
				done: step.done,
				score: score as number,
				...(step.at ? { at: step.at } : {}),
				...(layer ? { layer } : {})
			};
			outlets.send(field, transfer);
			if (step.done < 1) outlets.progress(last);
			shown = now;
		} finally {
			step.map.dispose();
		}
	}
	if (!last) throw new Error(`${method.id} gave no map.`);
	return { ...last, done: 1 };
}

/** Where there is no gradient, it is said why. */
export async function* named(
	steps: AsyncIterable<AttributionStep>,
	layer: string | null
): AsyncGenerator<AttributionStep> {
	try {
		yield* steps;
	} catch (error) {
		const fault = gradientFault(error);
		if (fault?.code === 'no-gradient')
			throw new LabError(`The path to the score goes through ${fault.kernel}, which has no known gradient.`, '', {
				cause: error
			});
		if (fault?.code === 'unreached')
			throw new LabError(
				layer
					? `The score does not depend on the layer “${layer}”: choose another.`
					: 'The score does not depend on this input.',
				'',
				{ cause: error }
			);
		throw error;
	}
}

/** Why a method cannot run here, or null. */
export function refusalOf(
	method: Pick<AttributionMethod, 'inputGradient' | 'refusal'>,
	context: Pick<AttributionContext, 'input' | 'model' | 'camLayer' | 'parameters'>
): string | null {
	if (method.inputGradient && context.input.dtype !== 'float32')
		return 'The input holds whole numbers, which have no gradient.';
	return method.refusal?.(context) ?? null;
}

function contextFor(
	session: Session,
	method: AttributionMethod,
	request: ExplainRequest,
	signal: AbortSignal
): AttributionContext {
	const { spec, tensor, baseline, range } = session.explained();
	return {
		model: session.model,
		input: tensor,
		feeds: (batch) => session.feeds(batch),
		score: (feeds, options) => session.score(request.target, feeds, options),
		baseline,
		range,
		parameters: validParameters(method.parameters, request.parameters),
		seed: request.seed,
		batch: session.batch,
		camLayer: camLayers(session.model.graph, [session.head(request.target.output).scores], [spec.id])[0]?.id ?? null,
		signal
	};
}

/** [1, h, w, c], [1, c, h, w] or [1, n] -> the field of one number per cell. */
function fieldOf({ map }: AttributionStep, method: AttributionMethod, { channels, key }: ExplainRequest) {
	const grid = tf.tidy(() => reduced(image(map, method), method.grid === 'layer' ? 'sum' : channels));
	return toField(key, grid, report().transfer).finally(() => grid.dispose());
}

function image(map: tf.Tensor, method: AttributionMethod): tf.Tensor3D {
	const [, a, b, c] = map.shape as [number, number, number, number];
	if (map.rank === 4) {
		const channelsFirst = method.grid === 'input' && c > 4 && (a === 1 || a === 3);
		return channelsFirst
			? tf.transpose(tf.reshape(map, [a, b, c]) as tf.Tensor3D, [1, 2, 0])
			: (tf.reshape(map, [a, b, c]) as tf.Tensor3D);
	}
	if (map.rank === 3) return tf.reshape(map, [a, b, 1]);
	return tf.reshape(map, [1, map.size, 1]);
}

function reduced(map: tf.Tensor3D, channels: ExplainRequest['channels']): tf.Tensor2D {
	if (channels === 'sum') return tf.sum(map, 2);
	return channels === 'magnitude' ? tf.sum(tf.abs(map), 2) : tf.max(tf.abs(map), 2);
}
