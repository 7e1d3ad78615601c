import type { Ablation } from '#contracts/anatomy.ts';
import type { ComputeApi } from '#contracts/compute-api.ts';
import type { EngineReport, HeadSpec, InputData, InputPreprocessing, InputSpec, Target } from '#contracts/compute.ts';
import type { DrawApi } from '#contracts/draw.ts';
import type { Graph } from '#contracts/graph.ts';
import type { Facet, Identity, Result } from '#contracts/identity.ts';
import type { Predicted, ListedJob, DisplaySettings, OpenImage } from '#contracts/lab.ts';
import type { MethodSpec } from '#contracts/method.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { Source } from '#contracts/source.ts';
import type { RetiredImages } from '#state/input/retired-images.ts';
import type { Settings } from '#state/lab/settings.ts';
import type { DataThread } from '#state/threads/data-thread.ts';
import type { Remote } from '#workers/rpc.ts';

/** What the state of a view sees of the lab. */
export interface ViewContext {
	readonly compute: Remote<ComputeApi>;
	readonly draw: Remote<DrawApi>;
	readonly playground: Remote<PlaygroundApi>;
	/** The thread that reads what is foreign. */
	readonly reader: DataThread;
	/** Settles when the engine that takes the place of a dead one is there. */
	readonly fresh: Promise<void>;
	readonly engine: EngineReport | null;
	/** It is known what engine there is; there may be none. */
	readonly started: boolean;
	readonly graph: Graph | null;
	/** What the open model was read from, to open it once more; null without one. */
	readonly opened: { source: Source; inputShape: readonly [number, number, number] | null } | null;
	/** The output that is looked at; null without a model. */
	readonly head: HeadSpec | null;
	readonly target: Target | null;
	/** The node that is looked at in the views of the inside; null for none. */
	readonly layer: string | null;
	/** Name of the shipped model that is open, or null. */
	readonly modelName: string | null;
	/** What the open model takes, and how its explained picture, or its first, is prepared. */
	readonly inputs: readonly InputSpec[];
	readonly preprocessing: Preprocessing | null;
	/** The same, as the model, its card or its makers say, or as it was guessed. */
	readonly ownPreprocessing: InputPreprocessing | null;
	/** How they are prepared, of each input that takes pictures. */
	readonly preprocessingByInput: ReadonlyMap<string, Preprocessing>;
	/** The input that is explained. */
	readonly explained: InputSpec | null;
	/** What is switched off in the open model. */
	readonly ablations: readonly Ablation[];
	/** The explained picture as the model got it for its last prediction: an address, or null. */
	readonly preprocessedPicture: string | null;
	/** Keys of what is chosen now, of the facets that a result depends on: what it is `of`. */
	identity(facets: readonly Facet[]): Identity;
	/** What is chosen as input, for these inputs; null while one has nothing. */
	inputData(inputs: readonly InputSpec[]): Promise<Record<string, InputData> | null>;
	/** The prediction for what the engine is fed; null while it is fed anew: till then, nothing can be explained. */
	readonly fed: Result<Predicted> | null;
	/** The ways to explain it. */
	readonly methods: readonly MethodSpec[];
	/** Of the explained input, else of the first that takes pictures. */
	readonly image: OpenImage | null;
	/** Pictures that are drawn over images say of which: these stay. */
	readonly retired: RetiredImages;
	readonly modelTitle: string;
	/** What the pictures are called. */
	readonly inputTitle: string;
	/** What the link carries. */
	readonly settings: Settings;
	set(change: Partial<Settings>): void;
	/** How fields of numbers are drawn in all views. */
	readonly display: DisplaySettings;
	/** n CSS colours from low to high. */
	scaleColours(id: string, n: number): readonly string[];
	/** Class name of a unit of the chosen head. */
	labelOf(unit: number): string;
	/** What the link keeps of a view. */
	option(key: string, otherwise: string): string;
	failed(error: unknown): void;
	/** Switches off all of these and nothing else, and predicts and explains anew. */
	ablate(ablations: readonly Ablation[]): Promise<void>;
}

/** What a view knows of the open model. */
export interface ViewState {
	/** The lab is not ready while it works. */
	readonly busy: boolean;
	/** What it does that takes long. */
	readonly listed?: readonly ListedJob[];
	/** Another model is open: all that was known is gone. */
	reset(): void;
	/** The same model is open on a fresh engine, which knows nothing. */
	restore(): Promise<void>;
	/** Settles when it shows the newest input; for view states that follow it live. */
	readonly followed?: Promise<void>;
	/** The view is on the page (`useVisible`). */
	visible?: boolean;
	/** Effects by which it follows what it depends on: begun once, they go on as long as the page. */
	watch?(): void;
}
