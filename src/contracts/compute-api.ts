import type {
	Ablation,
	ChannelEffects,
	Derivation,
	ExcitingPatch,
	StripRequest,
	LayerActivation,
	MaximiseRequest,
	Maximised
} from '#contracts/anatomy.ts';
import type { ComparisonApi } from '#contracts/comparison.ts';
import type {
	Alternative,
	AlternativesRequest,
	BackendId,
	EngineReport,
	ExplainRequest,
	InputData,
	KernelSlice,
	MapReport,
	OpenOptions,
	OpenedModel,
	Prediction,
	Target
} from '#contracts/compute.ts';
import type { ExportApi } from '#contracts/export.ts';
import type { Shape } from '#contracts/graph.ts';
import type { Identity } from '#contracts/identity.ts';
import type { MethodSpec } from '#contracts/method.ts';
import type { OutputDrawing, OutputRequest } from '#contracts/output.ts';
import type { PartingApi } from '#contracts/parting.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import type { Preprocessing, Rectangle } from '#contracts/preprocessing.ts';
import type { ActivationRowsApi, ProjectionApi } from '#contracts/projection.ts';
import type { SlicesApi } from '#contracts/slices.ts';
import type { Source } from '#contracts/source.ts';
import type { BlendsApi } from '#contracts/map-regions.ts';
import type { NodeTimes } from '#contracts/structure.ts';
import type { WeightsApi } from '#contracts/weights.ts';

/** The functions of the compute worker. */

/**
 * Besides its answers the worker sends the events `device-lost` (the reason) and `gpu-error` (the GPU's message), and
 * takes a `FieldPortMessage`.
 */
export interface ComputeApi
	extends
		WeightsApi,
		ExportApi,
		ComparisonApi,
		PartingApi,
		PlaygroundApi,
		SlicesApi,
		ProjectionApi,
		ActivationRowsApi,
		BlendsApi {
	/** Makes the engine; `force` overrides the choice. */
	start(force: BackendId | null): Promise<EngineReport>;
	/** Opens a model; the one open before stays until this one has loaded. */
	open(source: Source, options: OpenOptions): Promise<OpenedModel>;
	/** The `key` that the open model was opened with; null without one. */
	openKey(): Promise<string | null>;
	/**
	 * Sets the inputs (by input id) and says what the model sees of the pictures: RGBA pixels of each input's own size.
	 * @param preprocessingByInput of the inputs that take pictures
	 * @param explained id of the input that is explained; null leaves the choice to `explainedInput`
	 * @param of what all answers are of from now on: every call whose subject (workers/rpc.ts) says something else is dropped
	 */
	feed(
		inputs: Readonly<Record<string, InputData>>,
		preprocessingByInput: ReadonlyMap<string, Preprocessing>,
		explained: string | null,
		of: Identity
	): Promise<{ preprocessed: ReadonlyMap<string, ImageBitmap> }>;
	predict(): Promise<readonly Prediction[]>;
	/** What an output holds for the current input, ready to be drawn. @throws LabError where it cannot be read so */
	output(request: OutputRequest): Promise<OutputDrawing>;
	/** What a head predicts in each of several ways of preprocessing, in their order; progress carries the share that is done. */
	alternatives(request: AlternativesRequest): Promise<Alternative[]>;
	/**
	 * The numbers of a .npy or .npz file for inputs, in their layout: [H, W, C], [C, H, W], with or without a batch, of which each
	 * row is one input.
	 * @param inputs ids and shapes, batch first; of an .npz, every input of an array's name gets it
	 * @param wanted the input that it was given to
	 * @throws LabError if they do not fit
	 */
	readArrays(
		file: Blob,
		inputs: readonly { id: string; shape: Shape }[],
		wanted: string
	): Promise<Record<string, { values: Float32Array; shape: number[]; rows: number }>>;
	/** Progress events carry `MapReport`s of the maps on the way; the answer is the last. */
	explain(request: ExplainRequest): Promise<MapReport>;
	/** What can be asked of `explain`. */
	methods(): Promise<readonly MethodSpec[]>;
	/** Activations of layers for the current input: fields with their cells go to the draw worker. */
	activations(request: StripRequest): Promise<LayerActivation[]>;
	/** Switches channels off for everything that is asked from now on. */
	ablate(ablations: readonly Ablation[]): Promise<void>;
	/** What the score loses without each channel; progress carries what is known so far. */
	effects(layer: string, by: Ablation['by'], target: Target): Promise<ChannelEffects>;
	/** What each channel adds to the score, to first order. */
	gradients(layer: string, target: Target): Promise<Float32Array>;
	/** How one number of an activation was made. @throws LabError `refused` for other operations */
	derive(layer: string, position: readonly number[]): Promise<Derivation>;
	/** What one cell of a layer sees, in pixels of the image as the model sees it. */
	receptiveField(layer: string, position: readonly [row: number, column: number]): Promise<Rectangle | null>;
	/** The image that excites a channel most; progress carries the pictures on the way. */
	maximise(request: MaximiseRequest): Promise<Maximised>;
	/** The parts of images that excite a channel most, best first. */
	patches(layer: string, channel: number, images: readonly Blob[]): Promise<ExcitingPatch[]>;
	/** How long each node takes for the current input, run from its inputs; progress carries what is known so far. */
	times(request: { runs: number }): Promise<NodeTimes>;
	/** The numbers of each slice, row by row. @throws LabError for a weight that is no matrix, or indices outside it */
	kernelSlices(slices: readonly KernelSlice[]): Promise<Float32Array[]>;
	/** Takes the device away as a crash would, to prove that the lab recovers. */
	loseDevice(): Promise<void>;
	/** Tensors and bytes now, for tests and for the status line. */
	memory(): Promise<{ tensors: number; bytes: number }>;
}
