import type { AtlasRequest } from '#contracts/anatomy.ts';
import type { DrawApi } from '#contracts/draw.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import { OneAtATime } from '#contracts/newest.ts';
import type { PointsRequest, RegionsRequest, SurfaceRequest } from '#contracts/planes.ts';
import type {
	Dataset,
	PlaneNetwork,
	PlaneRequest,
	PlaneWindow,
	PlaygroundApi,
	SentPlanes
} from '#contracts/playground.ts';
import { Detail } from '#maths/playground/detail.ts';
import { planesOf } from '#maths/playground/field.ts';
import { productsOf } from '#maths/playground/layout.ts';
import { WHOLE } from '#maths/playground/plane-view.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import type { Remote } from '#workers/rpc.ts';

/** A field that the draw worker has, and where in the plane it lies. */
export interface PlaneField extends SentPlanes {
	window: PlaneWindow;
	content: PlaneRequest['content'];
	/** The only one of the network's planes that it has. */
	plane: number | undefined;
	network: PlaneNetwork;
	/** Updates of its weights. */
	step: number;
}

/** Cells of a neuron's own map. */
export const MINI = 40;
/** Milliseconds that a picture may always take while training or dragging, and a field at rest. */
const QUICK = 50;
const PATIENT = 4000;
/** Milliseconds from one picture to the next that are slow. */
const SLOW = 80;
/** Milliseconds after which a picture counts as shown in any case: a page that is not looked at shows none. */
const UNSEEN = 1000;
/** Of so many pictures of the plane one has what is beside it follow: the rest of the page costs as much as a picture. */
const BESIDE = 3;
/** Milliseconds that it may be behind. */
const MAX_BEHIND_MS = 250;
/** Numbers of one field. */
const MAX_FIELD_VALUES = 2 ** 24;

/** Whether every neuron has a map of its own. */
export const hasMaps = (network: Pick<PlaneNetwork, 'network' | 'outputs'>) =>
	planesOf(network, { content: 'neurons' }) * MINI ** 2 <= MAX_FIELD_VALUES;

/** What a network says of the points, [outputs, points]. */
export interface PointOutputs {
	data: Dataset;
	/** Updates of the weights that give them. */
	step: number;
	train: Float32Array;
	test: Float32Array;
}

/** The fields behind the pictures: coarse while things move, sharp when they rest; the newest wins. */
export class PlaygroundPictures {
	boundary = $state.raw<PlaneField | null>(null);
	neurons = $state.raw<PlaneField | null>(null);
	window = $state.raw<PlaneWindow>(WHOLE);
	/** Index of the neuron whose map is shown large, among all; null shows the output. */
	neuron = $state<number | null>(null);
	/** The point of the plane that is asked about. */
	cursor = $state.raw<readonly [x1: number, x2: number] | null>(null);
	/** Where fields are worked out. */
	source = $state<'shader' | 'engine' | null>(null);
	pointOutputs = $state.raw<PointOutputs | null>(null);
	/** Why a picture cannot be drawn, or empty. */
	problem = $state('');
	/** Device pixels of the large picture's side. */
	#pixels = 0;
	#network: PlaneNetwork | null = null;
	#step = 0;
	#drawer: Remote<PlaygroundApi> | null = null;
	/** The network that the shader would not take. */
	#refused: PlaneNetwork['network'] | null = null;
	/** Whose points are evaluated. */
	#data: Dataset | null = null;
	#moving = false;
	#drawing = false;
	readonly #fields = new OneAtATime<void>(() => this.#round());
	readonly #waiting: (() => void)[] = [];
	readonly #patient: (() => void)[] = [];
	#count = 0;
	/** Keys of the fields that the draw thread has. */
	#kept = new Set<string>();
	#detail = new Detail(QUICK);
	/** Milliseconds from one picture to the next, as it was lately. */
	#cycle = 0;
	/** When something beside the plane was drawn last, and whether it was the neurons' own maps. */
	#beside = -Infinity;
	#besideMaps = false;
	#whenShown: (() => void) | null = null;

	constructor(private readonly context: Pick<ViewContext, 'draw' | 'failed'>) {}

	/** @param moving more is to come soon */
	show(network: PlaneNetwork, step: number, drawer: Remote<PlaygroundApi>, moving: boolean): void {
		if (network.network !== this.#network?.network) this.#detail = new Detail(QUICK, productsOf(network));
		[this.#network, this.#step, this.#drawer, this.#moving] = [network, step, drawer, moving];
		this.#ask();
	}

	zoomTo(window: PlaneWindow): void {
		this.window = window;
		this.#ask();
	}

	/** Settles when what was shown last is about to come to the screen, or another has taken its place, or none is looked at. */
	drawn(): Promise<void> {
		return this.#settled(this.#waiting);
	}
	/** Settles when the page is done with that frame too. */
	presented(): Promise<void> {
		return this.#settled(this.#patient);
	}
	#settled(waiting: (() => void)[]): Promise<void> {
		return this.#drawing || this.#fields.waiting ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
	}
	/** Milliseconds in which what is beside the plane follows it. */
	get beat(): number {
		return Math.min(MAX_BEHIND_MS, BESIDE * this.#cycle);
	}
	/** Pictures come so slowly that one sees each of them. */
	get slow(): boolean {
		return this.#cycle > SLOW;
	}
	#settle(waiting: (() => void)[]): void {
		for (const resolve of waiting.splice(0)) resolve();
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
		this.#detail = new Detail(QUICK, this.#network ? productsOf(this.#network) : 0);
		this.#ask();
	}

	forget(): void {
		this.#network = null;
		this.#drop(this.boundary, this.neurons);
		this.boundary = this.neurons = this.pointOutputs = null;
		this.neuron = null;
	}

	regions(request: RegionsRequest): Promise<ImageBitmap> {
		return this.#picture(request.field, () => this.context.draw.regions(request));
	}
	points(request: PointsRequest): Promise<ImageBitmap> {
		return this.context.draw.points(request);
	}
	surface(request: SurfaceRequest): Promise<ImageBitmap> {
		return this.#picture(request.field, () => this.context.draw.surface(request));
	}
	async #picture(field: string, draw: () => Promise<ImageBitmap>): Promise<ImageBitmap> {
		this.#check(field);
		try {
			const picture = await draw();
			this.problem = '';
			if (field === this.boundary?.key) {
				// What is beside it comes to the screen with it: a frame for each would cost as much again.
				this.#settle(this.#waiting);
				// The frame that has it begins once the screen is done with the ones before; nothing is asked of the other threads
				// before it ends, for where cores are few they would take this one's.
				requestAnimationFrame(() => setTimeout(() => this.#whenShown?.()));
			}
			return picture;
		} catch (error) {
			if (error instanceof LabError) this.problem = [error.message, error.hint].filter(Boolean).join(' ');
			throw error;
		}
	}

	/** Has what the network says of these points follow. */
	evaluate(data: Dataset): void {
		if (data === this.#data) return;
		this.#data = data;
		this.#ask();
	}
	async #outputsAt(network: PlaneNetwork): Promise<PointOutputs | null> {
		const [data, drawer, step] = [this.#data, this.#drawer, this.#step];
		if (!data || !drawer) return null;
		const of = ({ x1, x2 }: Dataset['train']) => drawer.playOutputs(network, x1, x2);
		const [train, test] = await Promise.all([of(data.train), of(data.test)]);
		return { data, step, train, test };
	}

	async atlas(request: AtlasRequest): Promise<ImageBitmap> {
		this.#check(request.field);
		return this.context.draw.atlas(request);
	}

	/** The draw thread waits for fields that it does not have: for one that is gone it would wait for ever. */
	#check(key: string): void {
		if (!this.#kept.has(key)) throw new DOMException('This field is gone.', 'AbortError');
	}

	#drop(...fields: (PlaneField | null)[]): void {
		const keys = fields.flatMap((field) => (field ? [field.key] : []));
		for (const key of keys) this.#kept.delete(key);
		if (keys.length) void this.context.draw.drop(keys).catch(() => undefined);
	}

	#ask(): void {
		this.#fields.ask();
	}

	/** @param finished answers when it is there, not when it is asked for */
	async #field(request: PlaneRequest, finished: boolean): Promise<PlaneField | null> {
		const [network, drawer, step] = [this.#network, this.#drawer, this.#step];
		if (!network || !drawer) return null;
		const key = `playground:${this.#count++}`;
		const drawn = network.network === this.#refused ? null : await this.#drawnField(network, request, key, finished);
		if (!drawn) this.#refused = network.network;
		this.source = drawn ? 'shader' : 'engine';
		const sent = drawn ?? (await drawer.playPlanes(network, request, key));
		this.#kept.add(sent.key);
		const field = { ...sent, window: request.window, content: request.content, plane: request.plane, network, step };
		if (this.#network?.network === network.network && this.#network.outputs === network.outputs) return field;
		this.#drop(field);
		return null;
	}

	/** Null where the draw thread cannot: the engine can, and what is wrong there is said by its pictures. */
	async #drawnField(...args: Parameters<DrawApi['networkField']>): Promise<SentPlanes | null> {
		try {
			return await this.context.draw.networkField(...args);
		} catch (error) {
			if (error instanceof LabError) return null;
			throw error;
		}
	}

	/** What the large picture is of, and how fine it can be at most. */
	#aim(network: PlaneNetwork): { what: Pick<PlaneRequest, 'content' | 'plane'>; maxSide: number } {
		// Of several outputs by tanh, the largest can be told long after they are all -1 in 32 bits.
		const content = network.loss === 'squared-tanh' && network.outputs > 1 ? 'scores' : 'outputs';
		const what = this.neuron === null ? ({ content } as const) : ({ content: 'neurons', plane: this.neuron } as const);
		return { what, maxSide: Math.floor(Math.min(this.#pixels, Math.sqrt(MAX_FIELD_VALUES / planesOf(network, what)))) };
	}

	#put(which: 'boundary' | 'neurons', field: PlaneField): void {
		const before = this[which];
		this[which] = field;
		// The picture that is on its way may still need the last one.
		setTimeout(() => this.#drop(before), 500);
	}

	/** Whether the picture of the field is on the screen; after a while it is not looked at. */
	#visible(): Promise<boolean> {
		return new Promise((resolve) => {
			const unseen = setTimeout(() => resolve(false), UNSEEN);
			this.#whenShown = () => {
				clearTimeout(unseen);
				resolve(true);
			};
		});
	}

	async #draw(network: PlaneNetwork): Promise<void> {
		const [moving, began] = [this.#moving, performance.now()];
		const { what, maxSide } = this.#aim(network);
		const { window } = this;
		const square = (side: number) => ({ window, width: side, height: side });
		const side = this.#detail.side(maxSide);
		const beside = !moving || began - this.#beside >= this.beat / 2;
		if (beside) [this.#beside, this.#besideMaps] = [began, !this.#besideMaps];
		// By turns while it moves quickly: what the network says of the points, and the neurons' own maps.
		const turns = moving && !this.slow;
		const [points, maps] = [
			beside && !(turns && this.#besideMaps),
			beside && (!turns || this.#besideMaps) && hasMaps(network)
		];
		const [pointOutputs, neurons, boundary] = await Promise.all([
			points ? this.#outputsAt(network) : null,
			maps ? this.#field({ ...square(MINI), content: 'neurons' }, false) : null,
			this.#field({ ...square(side), ...what }, !moving)
		]);
		if (neurons) this.#put('neurons', neurons);
		if (!boundary) return;
		this.#put('boundary', boundary);
		if (pointOutputs) this.pointOutputs = pointOutputs;
		// At rest nobody waits for the screen.
		if (moving && !(await this.#visible())) {
			this.#cycle = 0;
			return;
		}
		const took = performance.now() - began;
		this.#cycle = this.#cycle ? 0.7 * this.#cycle + 0.3 * took : took;
		if (moving) this.#detail.took(took, maxSide);
		// At rest: once more, as sharp as the screen.
		if (moving || this.#fields.waiting || this.#moving) return;
		const sharp = Math.floor(Math.min(maxSide, side * Math.sqrt(PATIENT / took)));
		const again = sharp > side ? await this.#field({ ...square(sharp), ...what }, true) : null;
		if (again) this.#put('boundary', again);
	}

	async #round(): Promise<void> {
		this.#drawing = true;
		try {
			if (this.#network && this.#pixels) await this.#draw(this.#network);
		} catch (error) {
			if (!isAbort(error)) this.context.failed(error);
		} finally {
			this.#drawing = false;
			this.#settle(this.#waiting);
			this.#settle(this.#patient);
		}
	}
}
