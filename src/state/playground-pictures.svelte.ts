import type { AtlasRequest } from '#contracts/anatomy.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import type { RegionsRequest, ReliefRequest } from '#contracts/planes.ts';
import type {
	Dataset,
	PlaneNetwork,
	PlaneRequest,
	PlaneWindow,
	PlaygroundApi,
	SentPlanes
} from '#contracts/playground.ts';
import { planesOf } from '#maths/playground/field.ts';
import { WHOLE } from '#maths/playground/plane-view.ts';
import type { Door } from '#state/door.ts';
import type { Remote } from '#workers/rpc.ts';

/** A field that the draw worker has, and where in the plane it lies. */
export interface PlaneField extends SentPlanes {
	window: PlaneWindow;
	content: PlaneRequest['content'];
}

/** Cells of a neuron's own map. */
export const MINI = 40;
/** Milliseconds that a field may take while training or dragging, and at rest. */
const QUICK = 60;
const PATIENT = 4000;
/** Numbers of one field. */
const MOST = 2 ** 24;

/** What a network says of the points, [outputs, points]. */
export interface Answers {
	data: Dataset;
	train: Float32Array;
	test: Float32Array;
}

/** The fields behind the pictures: coarse while things move, sharp when they rest; the newest wins. */
export class PlaygroundPictures {
	boundary = $state.raw<PlaneField | null>(null);
	neurons = $state.raw<PlaneField | null>(null);
	window = $state.raw<PlaneWindow>(WHOLE);
	/** Place of the neuron whose map is shown large, among all; null shows the answer. */
	neuron = $state<number | null>(null);
	/** The point of the plane that is asked about. */
	cursor = $state.raw<readonly [x1: number, x2: number] | null>(null);
	/** Where fields are worked out. */
	source = $state<'shader' | 'engine' | null>(null);
	answers = $state.raw<Answers | null>(null);
	/** Why a picture cannot be drawn, or empty. */
	problem = $state('');
	/** Device pixels of the large picture's side. */
	#pixels = 0;
	#network: PlaneNetwork | null = null;
	#drawer: Remote<PlaygroundApi> | null = null;
	/** The network that the shader would not take. */
	#refused: PlaneNetwork['network'] | null = null;
	#answering = false;
	#unanswered: Dataset | null = null;
	#moving = false;
	#asked = false;
	#drawing = false;
	#waiting: (() => void)[] = [];
	#count = 0;
	/** Keys of the fields that the draw thread has. */
	#kept = new Set<string>();
	/** Measured pace: milliseconds for a cell of the large field. */
	#pace = 0;

	constructor(private readonly door: Pick<Door, 'draw' | 'failed'>) {}

	/** @param moving more is to come soon */
	show(network: PlaneNetwork, drawer: Remote<PlaygroundApi>, moving: boolean): void {
		if (network.network !== this.#network?.network) this.#pace = 0;
		[this.#network, this.#drawer, this.#moving] = [network, drawer, moving];
		this.#ask();
	}

	look(window: PlaneWindow): void {
		this.window = window;
		this.#ask();
	}

	/** Settles when what was shown last is drawn, coarsely at least, or another has taken its place. */
	drawn(): Promise<void> {
		if (!this.#drawing) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}
	#settle(): void {
		for (const resolve of this.#waiting.splice(0)) resolve();
	}

	/** Device pixels of the large picture's side. */
	resize(pixels: number): void {
		if (pixels === this.#pixels) return;
		this.#pixels = pixels;
		this.#ask();
	}

	enlarge(neuron: number | null): void {
		if (neuron === this.neuron) return;
		this.neuron = neuron;
		this.#pace = 0;
		this.#ask();
	}

	forget(): void {
		this.#network = null;
		this.#drop(this.boundary, this.neurons);
		this.boundary = this.neurons = this.answers = null;
		this.neuron = null;
	}

	regions(request: RegionsRequest): Promise<ImageBitmap> {
		return this.#picture(request.field, () => this.door.draw.call('regions', [request]));
	}
	relief(request: ReliefRequest): Promise<ImageBitmap> {
		return this.#picture(request.field, () => this.door.draw.call('relief', [request]));
	}
	async #picture(field: string, draw: () => Promise<ImageBitmap>): Promise<ImageBitmap> {
		this.#check(field);
		try {
			const picture = await draw();
			this.problem = '';
			return picture;
		} catch (error) {
			if (error instanceof LabError) this.problem = [error.message, error.hint].filter(Boolean).join(' ');
			throw error;
		}
	}

	/** Has what the network says of all points; while that is worked out, of what comes the newest follows. */
	answer(data: Dataset): void {
		this.#unanswered = data;
		if (!this.#answering) void this.#answer();
	}
	async #answer(): Promise<void> {
		this.#answering = true;
		try {
			for (let data = this.#unanswered; data; data = this.#unanswered) {
				this.#unanswered = null;
				const [network, drawer] = [this.#network, this.#drawer];
				if (!network || !drawer) return;
				const of = ({ x1, x2 }: Dataset['train']) => drawer.call('playAnswers', [network, x1, x2]);
				const [train, test] = await Promise.all([of(data.train), of(data.test)]);
				if (this.#network?.network === network.network) this.answers = { data, train, test };
			}
		} catch (error) {
			if (!isAbort(error)) this.door.failed(error);
		} finally {
			this.#answering = false;
		}
	}

	async atlas(request: AtlasRequest): Promise<ImageBitmap> {
		this.#check(request.field);
		return this.door.draw.call('atlas', [request]);
	}

	/** The draw thread waits for fields that it does not have: for one that is gone it would wait for ever. */
	#check(key: string): void {
		if (!this.#kept.has(key)) throw new DOMException('This field is gone.', 'AbortError');
	}

	#drop(...fields: (PlaneField | null)[]): void {
		const keys = fields.flatMap((field) => (field ? [field.key] : []));
		for (const key of keys) this.#kept.delete(key);
		if (keys.length) void this.door.draw.call('drop', [keys]).catch(() => undefined);
	}

	#ask(): void {
		this.#asked = true;
		if (!this.#drawing) void this.#run();
	}

	/** Cells of a side that take so many milliseconds. */
	#side(milliseconds: number, planes: number): number {
		const affordable = this.#pace ? Math.sqrt(milliseconds / this.#pace) : 96;
		return Math.max(32, Math.floor(Math.min(this.#pixels, affordable, Math.sqrt(MOST / planes))));
	}

	async #field(request: PlaneRequest): Promise<PlaneField | null> {
		const [network, drawer] = [this.#network, this.#drawer];
		if (!network || !drawer) return null;
		const key = `playground:${this.#count++}`;
		const drawn = network.network === this.#refused ? null : await this.#drawnField(network, request, key);
		if (!drawn) this.#refused = network.network;
		this.source = drawn ? 'shader' : 'engine';
		const sent = drawn ?? (await drawer.call('playPlanes', [network, request, key]));
		this.#kept.add(sent.key);
		const field = { ...sent, window: request.window, content: request.content };
		if (this.#network?.network === network.network && this.#network.outputs === network.outputs) return field;
		this.#drop(field);
		return null;
	}

	/** Null where the draw thread cannot: the engine can, and what is wrong there is said by its pictures. */
	async #drawnField(network: PlaneNetwork, request: PlaneRequest, key: string): Promise<SentPlanes | null> {
		try {
			return await this.door.draw.call('networkField', [network, request, key]);
		} catch (error) {
			if (error instanceof LabError) return null;
			throw error;
		}
	}

	async #large(milliseconds: number): Promise<number> {
		const network = this.#network;
		if (!network) return 0;
		// Of several answers by tanh, the largest can be told long after they are all -1 in 32 bits.
		const answers = network.loss === 'squared-tanh' && network.outputs > 1 ? 'scores' : 'outputs';
		const content = this.neuron === null ? answers : 'neurons';
		const side = this.#side(milliseconds, planesOf(network, content));
		const began = performance.now();
		const field = await this.#field({ window: this.window, width: side, height: side, content });
		if (!field) return 0;
		const pace = (performance.now() - began) / side ** 2;
		this.#pace = this.#pace ? 0.5 * (this.#pace + pace) : pace;
		const before = this.boundary;
		this.boundary = field;
		// The picture that is on its way may still need the last one.
		setTimeout(() => this.#drop(before), 500);
		return side;
	}

	async #small(): Promise<void> {
		const before = this.neurons;
		const field = await this.#field({ window: this.window, width: MINI, height: MINI, content: 'neurons' });
		if (!field) return;
		this.neurons = field;
		setTimeout(() => this.#drop(before), 500);
	}

	async #run(): Promise<void> {
		this.#drawing = true;
		try {
			while (this.#asked) {
				this.#asked = false;
				if (!this.#network || !this.#pixels) break;
				const side = await this.#large(QUICK);
				await this.#small();
				this.#settle();
				if (this.#asked || this.#moving) continue;
				// At rest: once more, as sharp as the screen.
				if (side && this.#side(PATIENT, 1) > side) await this.#large(PATIENT);
			}
		} catch (error) {
			if (!isAbort(error)) this.door.failed(error);
		} finally {
			this.#drawing = false;
			this.#settle();
		}
	}
}
