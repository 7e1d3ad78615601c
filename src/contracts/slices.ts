import type { InputData } from '#contracts/compute.ts';
import type { BaselineKind } from '#contracts/method.ts';
import type { SentPlanes } from '#contracts/playground.ts';
import type { Grain, PlaneBox, Point } from '#maths/slices/frame.ts';

/** Slices through the open model: planes in its input space, and what it says on them. All plain data. */

export type { PlaneBox, Point } from '#maths/slices/frame.ts';

/** The input that the lab is open with, or another. */
export type SliceInput = { kind: 'current' } | InputData;

/** What spans a plane. All but `three` go through the first input. */
export type PlaneKind =
	| { kind: 'three' }
	/** Two directions of normal noise. */
	| { kind: 'random'; seed: number }
	/** The gradient of a class's score, and noise. */
	| { kind: 'gradient'; unit: number; seed: number }
	/** The gradients of the scores of two classes: the ways uphill for each. */
	| { kind: 'adversarial'; units: readonly [number, number] }
	/** The two main directions of a set. */
	| { kind: 'pca'; set: readonly SliceInput[] }
	/** From the baseline of Integrated Gradients to the input, and beside it a class's gradient, or noise. */
	| { kind: 'path'; baseline: BaselineKind; unit: number; beside: 'gradient' | 'noise'; seed: number }
	/** Two of the input's own numbers. */
	| { kind: 'features'; first: number; second: number };

/** Which head decides, and for a head of labels which one is asked: yes or no. */
export interface SliceHead {
	output: string;
	unit: number;
}

export interface SlicePlaneRequest {
	head: SliceHead;
	inputs: readonly SliceInput[];
	plane: PlaneKind;
}

export interface SliceMark {
	at: Point;
	/** How far it is from the plane (L2). */
	off: number;
	/** As the model sees it; null for what is no image. */
	picture: ImageBitmap | null;
	/** What the model says of it, and how surely. */
	label: number;
	probability: number;
}

export interface SlicePlane {
	handle: number;
	/** The inputs, and for `path` the baseline. */
	marks: readonly SliceMark[];
	/** Feet of a set's members. */
	set: readonly { at: Point; off: number }[];
	/** What is worth looking at. */
	box: PlaneBox;
	/** The same as the plane's before where the two directions are. */
	axes: number;
	/** Decides how far the picture can be zoomed. */
	grain: Grain;
	/** Of the two directions as they came (L2), and the cosine between them. */
	lengths: readonly [number, number];
	cosine: number;
	/** Shares of the set's variance that the two directions explain. */
	explained: readonly [number, number] | null;
	/** How many numbers the input has. */
	dimensions: number;
	/** By what a distance in the input's numbers becomes one in grey levels 0..255; null for what is no image. */
	levels: number | null;
	/** Milliseconds that a prediction takes, among many where that was quick to find out. */
	pace: number;
}

/** What the model says of a set's members, in their order. */
export interface SliceSet {
	labels: readonly number[];
	/** The class of the plane at each one's foot: the background that it stands on. */
	planeLabels: readonly number[];
}

interface SliceFieldRequest {
	plane: number;
	head: SliceHead;
	box: PlaneBox;
	width: number;
	height: number;
	/** Evaluates only where the boundary crosses. */
	adaptive: boolean;
}

/** A picture of a plane, on its way or done: probabilities of the classes, one plane each. */
export interface SliceField extends SentPlanes {
	box: PlaneBox;
	/** Per plane its class; -1 is the largest of all other classes. */
	classes: readonly number[];
	/** Share of the picture where each is ahead. */
	shares: readonly number[];
	/** Connected pieces of one class each. */
	pieces: number;
	/** Points that the model was asked for. */
	evaluated: number;
	/** Of the points left out, so many were checked, and so many had another class. */
	checked: number;
	wrong: number;
	/** With 95 % confidence, not more than this share of the picture is wrong. */
	bound: number;
	/** The largest error of a probability among those checked. */
	error: number;
	/** Neighbouring pixels are different inputs in 32 bits. */
	fine: boolean;
	/** The share of pixels that have the class of the picture that is kept, where that is one of the same points. */
	agreement: number | null;
	/** Milliseconds so far. */
	milliseconds: number;
	done: number;
}

/** A point of the plane as an input. */
export interface SlicePoint {
	at: Point;
	picture: ImageBitmap | null;
	/** The input's numbers, for what is no image; the first of many. */
	values: readonly number[];
	/** Of each class. */
	probabilities: Float32Array;
	label: number;
}

/** The straight way from the baseline to the input. */
export interface SlicePath {
	from: Point;
	to: Point;
	/** How far the ends are from the plane (L2): the way is drawn as its foot. */
	off: readonly [from: number, to: number];
	/** On the way itself, at equal steps. */
	probabilities: Float32Array;
	labels: readonly number[];
	/** The class whose probability is followed. */
	unit: number;
}

export interface SliceStepRequest {
	head: SliceHead;
	input: SliceInput;
	/** `line`: straight along the gradient; `deepfool`: the gradient is asked anew after each step. */
	way: 'line' | 'deepfool';
	/** Keeps the numbers within what a pixel can be. */
	clip: boolean;
	/** The plane in which its end is to be shown. */
	plane: number | null;
}

/** The smallest step to another class that was found. */
export interface SliceStep {
	way: SliceStepRequest['way'];
	from: number;
	/** The class across the boundary; `from` when none was found. */
	to: number;
	found: boolean;
	/** Lengths of the step in the input's numbers; the root mean square is per number. */
	l2: number;
	maxAbs: number;
	rms: number;
	/** Share of the numbers that left what a pixel can be. */
	outside: number;
	/** The lead of the first class, in scores, at the start, over the rival that the first step goes to. */
	margin: number;
	/** To first order, the boundary with that rival is this far (L2). */
	linear: number;
	/** The boundary lies within this of the end (L2). */
	tolerance: number;
	/** Gradients and evaluations it took. */
	gradients: number;
	evaluations: number;
	/** Foot of the end in the plane, and how far it is from it. */
	foot: { at: Point; off: number } | null;
	/** Probability of the class at the start, and of the class across at the end. */
	probabilities: readonly [number, number];
	original: ImageBitmap | null;
	changed: ImageBitmap | null;
	/** The step itself, as grey about the middle, stretched to the whole range. */
	difference: ImageBitmap | null;
	/** The step in numbers, for what is no image; the first of many. */
	values: readonly number[];
}

/** One feature varies, all else stays. */
export interface SlicePartialRequest {
	head: SliceHead;
	feature: number;
	range: readonly [low: number, high: number];
	steps: number;
	/** Other rows, for the mean. */
	rows: readonly (readonly number[])[];
}

export interface SlicePartial {
	/** Values of the feature. */
	at: readonly number[];
	/** [steps][classes] for the current row. */
	own: readonly Float32Array[];
	/** The mean over the rows (partial dependence, Friedman 2001), or null without rows. */
	mean: readonly Float32Array[] | null;
}

export interface SlicesApi {
	/** Spans a plane and keeps it; the one before goes. @throws LabError `refused` with the reason */
	slicePlane(request: SlicePlaneRequest): Promise<SlicePlane>;
	/** Progress carries `SliceField`s that get sharper, each in the place of the one before. */
	sliceField(request: SliceFieldRequest, key: string): Promise<SliceField>;
	/** Of the set that the plane was taken from; to be asked once. */
	sliceSet(plane: number, head: SliceHead): Promise<SliceSet>;
	/** Keeps the last finished picture, for other models to be compared with it; or forgets it. */
	sliceKeep(keep: boolean): Promise<void>;
	slicePoint(plane: number, head: SliceHead, at: Point): Promise<SlicePoint>;
	slicePath(plane: number, head: SliceHead, baseline: BaselineKind, unit: number, steps: number): Promise<SlicePath>;
	sliceStep(request: SliceStepRequest): Promise<SliceStep>;
	slicePartial(request: SlicePartialRequest): Promise<SlicePartial>;
}
