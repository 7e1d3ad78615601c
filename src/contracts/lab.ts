import type {
	BackendId,
	EngineReport,
	HeadSpec,
	InputSpec,
	OpenedModel,
	Prediction,
	InputPreprocessing,
	Target
} from '#contracts/compute.ts';
import type { Ablation } from '#contracts/anatomy.ts';
import type { ModelCard } from '#contracts/card.ts';
import type { ScaleInfo } from '#contracts/draw.ts';
import type { Identity, Result } from '#contracts/identity.ts';
import type { PaneState } from '#contracts/panes.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';

/** What the views may ask of the lab: reactive where it is data. state/lab.ts is it; a test's fake stands in. */

export interface Notice {
	id: number;
	tone: 'error' | 'warning' | 'info';
	/** What happened, in one sentence. */
	message: string;
	/** What to do, in one sentence; may be empty. */
	hint: string;
	/** What may be done about it at once. */
	actions?: readonly { title: string; run(): void }[];
}

/** The long job that runs now. */
export interface JobState {
	title: string;
	note: string;
	/** 0..1; null while nothing is known. */
	done: number | null;
}

/** One of all the jobs that run, as the page lists them. */
export interface ListedJob {
	title: string;
	/** 0..1; null while nothing is known. */
	done: number | null;
	cancel(): void;
}

export interface ShippedModel {
	name: string;
	card: ModelCard;
}

/** A larger public model, loaded from its address when asked. */
export interface CatalogueEntry {
	id: string;
	title: string;
	summary: string;
	url: string;
	/** Bytes to fetch, measured when the entry was written. */
	bytes: number;
	licence: string;
	preprocessing: Preprocessing;
	/** Address of the class names, or null. */
	labels: string | null;
	/** Kept in this browser from an earlier visit. */
	cached: boolean;
}

export interface Sample {
	/** File name in static/samples. */
	file: string;
	title: string;
	/** Address to show it from. */
	url: string;
}

/** The image that is open. */
export interface OpenImage {
	title: string;
	/** Of the decoded image, EXIF turned. */
	width: number;
	height: number;
	/** Key in the draw worker. */
	key: string;
	/** What of the file is not heeded, in a sentence; empty where there is nothing of the kind. */
	note: string;
}

/** What one of the model's inputs that take pictures gets. */
export interface PictureSlot {
	/** Of the input. */
	id: string;
	/** Null while there is none. */
	image: OpenImage | null;
	/** File name of the sample that it is, or null. */
	sample: string | null;
	preprocessing: InputPreprocessing;
	/** The model fixes its size. */
	fixed: boolean;
}

/** What the model predicts for an input. */
export interface Predicted {
	predictions: readonly Prediction[];
	/** The pictures as the model saw them, by input: data or blob URLs. */
	preprocessed: ReadonlyMap<string, string>;
	/** What the pictures are called. */
	input: string;
}

export interface DisplaySettings {
	mode: 'overlay' | 'side';
	opacity: number;
	signedScale: string;
	unsignedScale: string;
	/** Percentile of |value| at which colours end, 90..100. */
	clip: number;
	opacityByValue: boolean;
	interpolation: 'nearest' | 'linear';
	grey: boolean;
}

/**
 * The second lab of the page, for panes that stand beside the first (`standsBeside`): of another model, B, or of what was
 * pinned. It has an engine of its own, which ends with the last such pane, and follows what the first is about, unless it is
 * pinned.
 */
export interface BesideState {
	/** Null while no pane stands on it, and until it has been loaded. */
	readonly lab: LabState | null;
	/** Its model in a word, `NAME`, `NAME/VARIANT`, `catalogue/ID`, `own/ID` or an address; empty while none is chosen. */
	readonly choice: string;
	/** Its input, class and layer stay, while the first goes on. */
	readonly pinned: boolean;
	/** What its panes are of: `B · Digits, untrained`. */
	readonly title: string;
	/** It is being loaded, or computes. */
	readonly busy: boolean;
	/** Why it does not explain what the first does, in a sentence, or empty. */
	readonly note: string;
	/** Another model. */
	choose(choice: string): void;
	/** The same, of files of the user's own. */
	openFiles(files: readonly { path: string; file: Blob }[]): void;
	/** It stays as it is now. */
	pin(): void;
	/** It follows the first lab again. */
	follow(): void;
	/** A pane beside this one that stays with what the first lab is about now. */
	keep(pane?: string): void;
}

export interface LabState {
	readonly status: 'loading' | 'busy' | 'ready' | 'error';
	readonly engine: EngineReport | null;
	forceEngine(backend: BackendId | null): void;
	readonly notices: readonly Notice[];
	dismiss(id: number): void;
	readonly job: JobState | null;
	cancel(): void;
	/** All that takes long now: `job` and what the views compute. */
	readonly jobList: readonly ListedJob[];

	readonly shipped: readonly ShippedModel[];
	readonly catalogue: readonly CatalogueEntry[];
	readonly model: OpenedModel | null;
	/** Name of the shipped model that is open, or null. */
	readonly modelName: string | null;
	readonly card: ModelCard | null;
	/** File name of the card's variant that is open; empty for the model itself. */
	readonly variant: string;
	openShipped(name: string, variant?: string): void;
	openCatalogue(id: string): void;
	/** A model of the user's own that this browser keeps. */
	openOwn(id: string): void;
	/** What is open stays open. */
	forgetOwn(files: { forget(id: string): Promise<void> }, id: string): void;
	/**
	 * A model, a data set, class names, an image, an archive of them, or what the lab saved: told apart by content, what
	 * they were taken for is said, and what else they may be is offered.
	 */
	openFiles(
		files: readonly { path: string; file: Blob }[],
		name?: string,
		/** What a model's files do not say: class names, numbers to begin with, by input id; and the view to go to then. */
		known?: {
			labels?: readonly string[];
			values?: Readonly<Record<string, readonly number[]>>;
			view?: string;
			/** They were given where data sets are opened. */
			data?: boolean;
		}
	): void;
	/** File endings that pickers offer, by kind of file; empty until they are known. */
	readonly endings: Readonly<Record<string, readonly string[]>>;
	/** A model (json, zip), a data set, class names or an image by address. */
	openAddress(url: string): void;
	/** One of the data sets that the lab makes, and the view where it is seen. */
	openSampleData(id: string): void;
	/** Set while a model with an open input shape waits for an answer. */
	readonly shapeQuestion: { title: string; shape: readonly (number | null)[] } | null;
	/** Null gives up. */
	answerShape(shape: readonly [height: number, width: number, channels: number] | null): void;

	readonly labels: readonly string[] | null;
	/** One per line, or a JSON array or object; null takes them away. */
	setLabels(text: string | null): void;
	/** Class name of a unit of the chosen head, else what fits its kind: `class 3`, `output 0`. */
	/** @param head of another output than the chosen one */
	labelOf(unit: number, head?: HeadSpec): string;

	readonly samples: readonly Sample[];
	/** Of the explained input, else of the first that takes pictures; where none does, what is there for those that do. */
	readonly image: OpenImage | null;
	/** One for each input that takes pictures. */
	readonly slots: readonly PictureSlot[];
	/** The input that the next picture goes to; null for all. */
	readonly slot: string | null;
	chooseSlot(input: string | null): void;
	/** All inputs get the picture that one has. */
	sharePicture(input: string): void;
	/** The input that attribution, slices and what else explains is for; null without a model. */
	readonly explained: InputSpec | null;
	/** What it may be, where there is a choice; else empty. */
	readonly explainable: readonly InputSpec[];
	explain(input: string): void;
	/** Numbers by input id: of inputs that are numbers, and of pictures that were given as such. */
	readonly values: Readonly<Record<string, readonly number[]>>;
	/**
	 * @param shape without the batch, for inputs of open size
	 * @param picture of the numbers, taken over: for inputs that take pictures, which get the numbers as they are
	 */
	setValues(
		input: string,
		values: readonly number[],
		shape?: readonly number[],
		picture?: { bitmap: ImageBitmap; title: string }
	): void;
	/** Inputs that are fed ones because nobody chose anything. */
	readonly unchosen: readonly string[];
	/** The inputs that are numbers, not the image. */
	readonly valueInputs: readonly InputSpec[];
	useSample(file: string): void;
	/** @param input that gets it; null for all; without a word, `slot` */
	useImage(blob: Blob, title: string, input?: string | null): void;
	/** A frame of a camera or drawing, taken over: the newest wins, and there is never a queue. */
	useFrame(frame: ImageBitmap, title: string): void;

	/** Of `image`: null for models without an image input. */
	readonly preprocessing: Preprocessing | null;
	/** Why it is what it is: `from the card`, `guessed from the first layer's name`, `yours`. */
	readonly guessReason: string;
	/** Nothing but a guess says so. */
	readonly guessed: boolean;
	/** @param input whose pictures are prepared so; without one it is that of `image`, and all others follow (`alike`) */
	setPreprocessing(preprocessing: Preprocessing, input?: string): void;
	/** The explained picture of `predicted` as the model gets it: a data or blob URL, or null. */
	readonly preprocessedPicture: string | null;

	/** Keys of all that is chosen now, to tell results of it from older ones: for `Computed`. */
	readonly identity: Identity;
	/** Frames of a camera or drawing are coming: results follow, always a little late. */
	readonly live: boolean;
	/** What is switched off in the open model. */
	readonly ablations: readonly Ablation[];
	/** The newest predictions there are, perhaps for an older input; null without one. */
	readonly predicted: Result<Predicted> | null;
	/** Its predictions; empty without one. */
	readonly predictions: readonly Prediction[];
	readonly heads: readonly HeadSpec[];
	/** Index into heads. */
	readonly head: number;
	chooseHead(index: number): void;
	readonly target: Target | null;
	setTarget(target: Partial<Target>): void;

	readonly seed: number;
	setSeed(seed: number): void;
	/** How fields of numbers are drawn in all views. */
	readonly display: DisplaySettings;
	setDisplay(display: Partial<DisplaySettings>): void;
	readonly scales: readonly ScaleInfo[];
	/** n CSS colours from low to high. */
	scaleColours(id: string, n: number): readonly string[];

	/** The address of this state. */
	link(): string;
	/** Gives the user a zip of all that is open: what the link says, and the files behind it. Dropped here, it is opened. */
	saveSession(): void;
	/** The state before the last change of anything that the link says, and what was taken back so. */
	readonly undoable: boolean;
	readonly redoable: boolean;
	undo(): void;
	redo(): void;
	readonly theme: 'system' | 'light' | 'dark';
	setTheme(theme: 'system' | 'light' | 'dark'): void;
	/** Id of the view of the focused pane. */
	readonly view: string;
	readonly panes: PaneState;
	readonly beside: BesideState;
	/** What the lab saved and somebody dropped, for the view that opens it: each is taken once. */
	takeGiven(): { file: Blob; name: string } | null;
	/** To the pane that shows it; where none does, the focused one shows it. */
	setView(id: string): void;
	/** What a view keeps in the link, by a key like `structure.colour`. */
	option(key: string, otherwise: string): string;
	/** What equals `otherwise` is not kept. */
	setOption(key: string, value: string, otherwise: string): void;
	/** The node and channel that are looked at in the views of the inside; null for none. */
	readonly layer: string | null;
	readonly channel: number;
	setFocus(layer: string | null, channel?: number): void;
}
