import { LabError } from '#contracts/errors.ts';
import type {
	HeadSpec,
	InputData,
	InputSpec,
	OpenedModel,
	Prediction,
	InputPreprocessing,
	Target
} from '#contracts/compute.ts';
import type { Shape } from '#contracts/graph.ts';
import { keyOf, type Identity } from '#contracts/identity.ts';
import { explainedInput } from '#contracts/inputs.ts';
import type { LoadedModel } from '#contracts/loader.ts';
import type { Feeds, Obstacle, RunOptions } from '#contracts/model.ts';
import type { OutputFacts } from '#contracts/output.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import { suitableBatch } from '#engine/device.ts';
import { prepareImage } from '#engine/image.ts';
import {
	activationBytes,
	beyondReason,
	camLayers,
	headSpecs,
	inputSpecs,
	longRun,
	parameterCount
} from '#engine/model/inspect.ts';
import { guessPreprocessing, type Statistics } from '#engine/model/guess.ts';
import * as tf from '#engine/tf.ts';
import { AblatableModel } from '#methods/activation/ablation.ts';
import { allFacts } from '#methods/outputs/facts.ts';
import { readHeads } from '#methods/outputs/heads.ts';
import { fedPicture, fedValues, type Fed } from '#workers/compute/fed.ts';

const KNOWN = 'from the model’s files';

/** A model that is open, with what it is fed: predictions and scores. */
export class Session {
	readonly model: AblatableModel;
	readonly inputs: readonly InputSpec[];
	readonly heads: readonly HeadSpec[];
	readonly layers: OpenedModel['layers'];
	#fed = new Map<string, Fed>();
	/** Outputs of the last prediction, by reference, and what was switched off then. */
	#kept: { of: string; outputs: ReadonlyMap<string, tf.Tensor> } | null = null;
	#of: Identity = {};
	#explained: string | null = null;

	/** Why the model cannot run, if it cannot. */
	readonly obstacle: Obstacle | null;

	constructor(
		private readonly loaded: LoadedModel,
		private readonly name: string,
		/** What the page calls it. */
		private readonly key = '',
		/** Of batch normalisations right behind an input, by its id. */
		private readonly statistics: ReadonlyMap<string, Statistics> = new Map(),
		/** Why the device has no room for it. */
		refusal: Obstacle | null = null
	) {
		this.model = new AblatableModel(loaded.model);
		const { graph } = this.model;
		this.inputs = inputSpecs(graph);
		const { obstacle } = this.model;
		const lasting = obstacle?.kind === 'unread' ? null : obstacle;
		this.obstacle = lasting ?? refusal ?? unfed(this.inputs) ?? obstacle;
		this.heads = this.obstacle ? [] : readHeads(graph, this.inputs, headSpecs(graph), loaded);
		this.layers = camLayers(
			graph,
			this.heads.map(({ scores }) => scores)
		);
		if (this.obstacle) return;
		if (!this.inputs.length) throw new LabError('The model has no input.', 'Export it with its input.');
		if (!this.heads.length)
			throw new LabError('The model has no output that holds numbers.', 'Export it with its output.');
	}

	/** What all answers are about now. */
	get identity(): Identity {
		return { ...this.#of, model: this.key, weights: keyOf(this.model.ablations) };
	}

	/** What the page is told of the model. */
	opened(): OpenedModel {
		const { obstacle } = this;
		const { graph, bytes } = this.model;
		const long = obstacle ? null : longRun(graph);
		const weighed = graph.nodes.some(({ weights }) => weights.some(({ missing }) => !missing));
		return {
			title: this.name,
			format: this.loaded.format,
			graph,
			able: { structure: obstacle?.kind !== 'bag', weights: weighed, run: !obstacle },
			obstacle,
			inputs: this.inputs,
			heads: this.heads,
			layers: this.layers,
			labels: this.loaded.labels ?? null,
			preprocessing: this.preprocessing,
			warnings: long ? [...this.loaded.warnings, long] : this.loaded.warnings,
			...(this.loaded.metadata ? { metadata: this.loaded.metadata } : {}),
			parameters: parameterCount(graph),
			bytes
		};
	}

	/** As far as files and layers say, for each input that takes pictures. */
	get preprocessing(): InputPreprocessing[] {
		const { graph } = this.model;
		const known = this.loaded.preprocessing;
		const first = this.inputs.find(({ kind }) => kind === 'image');
		return this.inputs.flatMap((input) => {
			const { heads, name } = this;
			const [{ producer }, statistics] = [this.loaded, this.statistics.get(input.id)];
			const guess = guessPreprocessing({ graph, input, heads, name, producer, statistics });
			if (!guess) return [];
			const { preprocessing: own, reason, sure } = guess;
			// What files say of sizes holds for one input only.
			const sizes = input === first ? {} : { width: own.width, height: own.height, channels: own.channels };
			return known
				? [{ input: input.id, preprocessing: { ...own, ...known, ...sizes }, reason: KNOWN, guessed: false }]
				: [{ input: input.id, preprocessing: own, reason, guessed: !sure }];
		});
	}

	/** Shapes of what each input is fed. */
	get sizes(): ReadonlyMap<string, Shape> {
		return new Map([...this.#fed].map(([id, { tensor }]) => [id, tensor.shape]));
	}

	/** Rows per batch: what suits the device, and one where the model fixes its batch. */
	get batch(): number {
		const fixed = this.inputs.find(({ shape }) => shape[0] !== null);
		return fixed ? (fixed.shape[0] as number) : suitableBatch(2 * activationBytes(this.model.graph));
	}

	/**
	 * @param preprocessingByInput of the pictures, by input id; without a word, as far as files and layers say
	 * @param explained id of the input that is explained; null leaves the choice to `explainedInput`
	 * @param of what the answers are of: the page's keys of all this
	 * @returns the pixels that the model sees, of each picture
	 */
	feed(
		inputs: Readonly<Record<string, InputData>>,
		preprocessingByInput: ReadonlyMap<string, Preprocessing> = new Map(),
		explained: string | null = null,
		of: Identity = {}
	): Map<string, ImageData> {
		const next = new Map<string, Fed>();
		try {
			for (const spec of this.inputs) {
				const data = inputs[spec.id];
				if (!data) throw new LabError(`The input “${spec.id}” has no value yet.`, 'Give the model all its inputs.');
				if (data.kind === 'image') {
					const preprocessing = preprocessingByInput.get(spec.id) ?? this.#known(spec.id);
					if (!preprocessing) throw new LabError(`The preprocessing of images is unknown for “${spec.id}”.`);
					const { pixels, ...prepared } = prepareImage(data.bitmap, preprocessing, spec.shape);
					next.set(spec.id, { spec, ...prepared, picture: { pixels, preprocessing } });
				} else {
					const fed = fedValues(spec, data.values, data.shape);
					next.set(spec.id, fed);
					const way = spec.kind === 'image' && (preprocessingByInput.get(spec.id) ?? this.#known(spec.id));
					if (way) next.set(spec.id, fedPicture(fed, data.values, way));
				}
			}
		} catch (error) {
			next.forEach(({ tensor }) => tensor.dispose());
			throw error;
		}
		this.#forget();
		this.#fed.forEach(({ tensor }) => tensor.dispose());
		this.#fed = next;
		this.#explained = explained;
		this.#of = of;
		return new Map([...next].flatMap(([id, { picture }]) => (picture ? [[id, picture.pixels] as const] : [])));
	}

	/** The input that is explained. */
	get explainedSpec(): InputSpec | undefined {
		return explainedInput(this.inputs, this.#explained);
	}

	/** The same, as it was fed. */
	explained(): Fed {
		const fed = this.#fed.get(this.explainedSpec?.id ?? '');
		if (!fed) throw new LabError('There is no input yet.', 'Choose a sample or open an image.');
		return fed;
	}

	/** How pictures are prepared for an input: as they were last, else as far as it is known. Null for other inputs. */
	preprocessingOf(input: string): Preprocessing | null {
		const fed = this.#fed.get(input)?.picture?.preprocessing;
		return fed ?? this.#known(input);
	}

	#known(input: string): Preprocessing | null {
		return this.preprocessing.find((one) => one.input === input)?.preprocessing ?? null;
	}

	/** The feeds for a batch of the explained input; the others are repeated for each row. */
	feeds(batch: tf.Tensor): Feeds {
		const { spec } = this.explained();
		const rows = batch.shape[0] as number;
		const entries = [...this.#fed.values()].map(({ spec: other, tensor }) => {
			if (other.id === spec.id) return [other.id, batch] as const;
			const repeats = tensor.shape.map((_, axis) => (axis ? 1 : rows));
			return [other.id, rows === 1 ? tensor : tf.tile(tensor, repeats)] as const;
		});
		return Object.fromEntries(entries);
	}

	head(output: string): HeadSpec {
		const head = this.heads.find((spec) => spec.output === output);
		if (!head) throw new LabError(`The model has no output “${output}”.`);
		return head;
	}

	/** All units of a head, [rows, units]: what the activation gets, or what it makes of it. */
	units(output: string, kind: 'logit' | 'probability', feeds: Feeds, options?: RunOptions): tf.Tensor2D {
		return tf.tidy(() => {
			const head = this.head(output);
			const reference = kind === 'probability' ? head.output : head.scores;
			const [values] = this.model.run(feeds, [reference], options) as [tf.Tensor];
			const flat = units(head, values);
			return kind === 'probability' && addsSoftmax(head) ? tf.softmax(flat) : flat;
		});
	}

	/** What is explained: one number per row. */
	score({ output, unit, kind, other }: Target, feeds: Feeds, options?: RunOptions): tf.Tensor1D {
		return tf.tidy(() => {
			const table = this.units(output, kind === 'probability' ? kind : 'logit', feeds, options);
			const column = (k: number) => tf.reshape(tf.slice(table, [0, k], [-1, 1]), [-1]) as tf.Tensor1D;
			return kind === 'difference' && other !== undefined ? tf.sub(column(unit), column(other)) : column(unit);
		});
	}

	/** [rows, units]: what a head predicts, as probabilities where it has classes. */
	outputs(head: HeadSpec, feeds: Feeds): tf.Tensor2D {
		return tf.tidy(() => {
			const [values] = this.model.run(feeds, [head.output]) as [tf.Tensor];
			const flat = units(head, values);
			return addsSoftmax(head) ? tf.softmax(flat) : flat;
		});
	}

	/** Scores and probabilities of a head, both [rows, units], by one run. */
	tables(head: HeadSpec, feeds: Feeds): [scores: tf.Tensor2D, probabilities: tf.Tensor2D] {
		return tf.tidy(() => tablesOf(head, this.model.run(feeds, [head.scores, head.output])));
	}

	async predict(): Promise<Prediction[]> {
		const { heads } = this;
		const references = heads.flatMap((head) => [head.scores, head.output]);
		const tensors = tf.tidy(() => {
			const values = this.model.run(this.feeds(this.explained().tensor), references);
			this.#keep(values);
			return heads.flatMap((head, i) => tablesOf(head, values.slice(2 * i, 2 * i + 2)));
		});
		try {
			const data = (await Promise.all(tensors.map((tensor) => tensor.data()))).map((values) =>
				Float32Array.from(values)
			);
			return heads.map((head, i) => {
				const [scores, probabilities] = data.slice(2 * i, 2 * i + 2) as [Float32Array, Float32Array];
				const order = Int32Array.from(scores.keys()).sort(
					(a, b) => (scores[b] as number) - (scores[a] as number) || a - b
				);
				return { output: head.output, scores, probabilities, order, beyond: beyondReason(head, scores) };
			});
		} finally {
			tf.dispose(tensors);
		}
	}

	/** Outputs that are more than rows of numbers stay where they lie until something else is fed: they are drawn from there. */
	#keep(values: readonly tf.Tensor[]): void {
		this.#forget();
		if (this.heads.every(({ readings }) => readings?.[0]?.plain ?? true)) return;
		const outputs = this.heads.map((head, i) => [head.output, tf.keep(tf.clone(values[2 * i + 1]!))] as const);
		this.#kept = { of: keyOf(this.model.ablations), outputs: new Map(outputs) };
	}
	#forget(): void {
		this.#kept?.outputs.forEach((tensor) => tensor.dispose());
		this.#kept = null;
	}

	/** Whole outputs for what is fed, by their references: the caller's to dispose. */
	whole(references: readonly string[]): tf.Tensor[] {
		const kept = this.#kept?.of === keyOf(this.model.ablations) ? this.#kept.outputs : null;
		const there = references.map((reference) => kept?.get(reference));
		if (there.every((one) => one !== undefined)) return there.map((one) => tf.clone(one));
		return tf.tidy(() => this.model.run(this.feeds(this.explained().tensor), references));
	}

	/** The first picture that goes in, as the model gets it; null without one. */
	get pictureTensor(): tf.Tensor | null {
		return [...this.#fed.values()].find(({ picture }) => picture)?.tensor ?? null;
	}

	/** What is known of an output. */
	facts(output: string): OutputFacts {
		const all = allFacts(this.model.graph, this.inputs, this.heads, this.loaded);
		const facts = all.find(({ head }) => head.output === output);
		if (!facts) throw new LabError(`The model has no output “${output}”.`);
		return facts;
	}

	dispose(): void {
		this.#forget();
		this.#fed.forEach(({ tensor }) => tensor.dispose());
		this.#fed.clear();
		this.model.dispose();
	}
}

/** Text cannot be fed here. */
function unfed(inputs: readonly InputSpec[]): Obstacle | null {
	const text = inputs.find(({ dtype }) => dtype === 'string');
	return text
		? {
				kind: 'operations',
				message: `The input “${text.id}” takes text, which cannot be fed here.`,
				hint: 'Export the model from behind its reading of text, with numbers as input.',
				nodes: [text.id]
			}
		: null;
}

/** Scores of classes without a softmax get one from the lab, so that they read as probabilities. */
const addsSoftmax = (head: HeadSpec) => head.kind === 'classes' && head.activation === 'none';

/** @param values of a head's scores and of its output */
function tablesOf(head: HeadSpec, values: readonly tf.Tensor[]): [scores: tf.Tensor2D, probabilities: tf.Tensor2D] {
	const [scores, output] = values.map((value) => units(head, value)) as [tf.Tensor2D, tf.Tensor2D];
	return [scores, addsSoftmax(head) ? tf.softmax(output) : output];
}

/** [n, units]: a grid's channels by their mean over positions. */
function units({ kind, channelsFirst }: HeadSpec, values: tf.Tensor): tf.Tensor2D {
	if (kind !== 'grid') return tf.reshape(values, [values.shape[0] as number, -1]) as tf.Tensor2D;
	const all = values.shape.map((_, axis) => axis);
	const axes = channelsFirst ? all.slice(2) : all.slice(1, -1);
	return tf.mean(values, axes) as tf.Tensor2D;
}
