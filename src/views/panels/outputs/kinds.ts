import type { Component } from 'svelte';
import type { HeadSpec, Prediction } from '#contracts/compute.ts';
import type { OutputDrawing, OutputReading } from '#contracts/output.ts';

/** What draws an output of each kind: one component each, by the kind's name, loaded when it is first shown. */

// A type, as props of what is loaded late are a record.
export type OutputProps = {
	head: HeadSpec;
	reading: OutputReading;
	/** Of kinds that are asked for. */
	drawing: OutputDrawing | null;
	/** Of all others. */
	prediction: Prediction | undefined;
	/** The picture that went in, as the model got it. */
	picture: string | null;
	large: boolean;
};

type Load = () => Promise<{ default: Component<OutputProps> }>;

const found = import.meta.glob<{ default: Component<OutputProps> }>('./kinds/*.svelte');

/** By id of the kind: `Mask.svelte` draws `mask`. */
export const picturesOfKinds: ReadonlyMap<string, Load> = new Map(
	Object.entries(found).map(([path, load]) => [path.slice('./kinds/'.length, -'.svelte'.length).toLowerCase(), load])
);
