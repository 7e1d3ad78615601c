import type { Ablation } from '#contracts/anatomy.ts';
import type { ComputeApi } from '#contracts/compute-api.ts';
import type { EngineReport, InputData, InputSpec, Target } from '#contracts/compute.ts';
import type { DrawApi } from '#contracts/draw.ts';
import type { Graph } from '#contracts/graph.ts';
import type { Facet, Identity } from '#contracts/identity.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { DataThread } from '#state/threads/data-thread.ts';
import type { Remote } from '#workers/rpc.ts';

/** What the state of a view sees of the lab. */
export interface Door {
	readonly compute: Remote<ComputeApi>;
	readonly draw: Remote<DrawApi>;
	readonly playground: Remote<PlaygroundApi>;
	/** The thread that reads what is foreign. */
	readonly reader: DataThread;
	/** Settles when the engine that takes the place of a dead one is there. */
	readonly fresh: Promise<void>;
	readonly engine: EngineReport | null;
	readonly graph: Graph | null;
	readonly target: Target | null;
	/** Name of the shipped model that is open, or null. */
	readonly modelName: string | null;
	/** What the open model takes, and how its explained picture, or its first, is prepared. */
	readonly inputs: readonly InputSpec[];
	readonly preprocessing: Preprocessing | null;
	/** The same, of each input that takes pictures. */
	readonly preparations: ReadonlyMap<string, Preprocessing>;
	/** The input that is explained. */
	readonly explained: InputSpec | null;
	/** What is switched off in the open model. */
	readonly ablations: readonly Ablation[];
	/** The explained picture as the model saw it when it answered last: an address, or null. */
	readonly seenPicture: string | null;
	/** Keys of what is chosen now, of the facets that a result depends on: what it is `of`. */
	identity(facets: readonly Facet[]): Identity;
	/** What is chosen as input, for these inputs; null while one has nothing. */
	inputData(inputs: readonly InputSpec[]): Promise<Record<string, InputData> | null>;
	/** What the link keeps of a view. */
	option(key: string, otherwise: string): string;
	failed(error: unknown): void;
	/** Switches off all of these and nothing else, and predicts and explains anew. */
	ablate(ablations: readonly Ablation[]): Promise<void>;
}

/** What a view knows of the open model. */
export interface Room {
	/** The lab is not ready while it works. */
	readonly busy: boolean;
	/** Another model is open: all that was known is gone. */
	reset(): void;
	/** The same model is open on a fresh engine, which knows nothing. */
	restore(): Promise<void>;
	/** Settles when it shows the newest input; for rooms that follow it live. */
	readonly followed?: Promise<void>;
}
