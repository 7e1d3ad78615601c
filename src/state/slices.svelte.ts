import { isAbort, LabError } from '#contracts/errors.ts';
import type { RegionsRequest } from '#contracts/planes.ts';
import type {
	PlaneBox,
	PlaneKind,
	Point,
	SliceField,
	SliceHead,
	SlicePartial,
	SlicePartialRequest,
	SlicePath,
	SlicePlane,
	SlicePoint,
	SliceSet,
	SliceStep,
	SliceStepRequest
} from '#contracts/slices.ts';
import type { BaselineKind } from '#contracts/method.ts';
import { affordableSide, expectedEvaluations, UNASKED } from '#maths/slices/cost.ts';
import { useRoom } from '#state/context.ts';
import type { Room } from '#state/door.ts';
import { JobRoom } from '#state/job-room.svelte.ts';
import { resolved, type RowTable, type Through } from '#state/slices-inputs.ts';
import { OwnImages } from '#state/slices-own.svelte.ts';
import { wishOf } from '#state/slices-wish.ts';

/** All that a plane depends on; a wish with another `key` is another plane. */
export interface PlaneWish {
	head: SliceHead;
	plane: Exclude<PlaneKind, { kind: 'pca' }> | { kind: 'pca'; set: readonly Through[] };
	inputs: readonly Through[];
	/** What is worth looking at; null for what the plane suggests. */
	whole: PlaneBox | null;
	/** What is shown at first; null for what was looked at on the same axes, else the whole. */
	box: PlaneBox | null;
	/** Axes of one length: distances look alike in both directions. */
	metric: boolean;
}

/** A picture that would take long, and waits for a word. */
export interface Cost {
	side: number;
	evaluations: number;
	milliseconds: number;
}

/** Side of the sharpest picture that is made unasked. */
const MOST_UNASKED = 256;

/** Slices through the open model: the plane, its picture, and what was asked on it. */
export class Slices extends JobRoom implements Room {
	plane = $state.raw<SlicePlane | null>(null);
	field = $state.raw<SliceField | null>(null);
	/** The part of the plane that is looked at. */
	window = $state.raw<PlaneBox | null>(null);
	/** All that is worth looking at; null without a plane. */
	whole = $state.raw<PlaneBox | null>(null);
	/** Why there is no plane, in a sentence, or empty. */
	problem = $state('');
	cost = $state.raw<Cost | null>(null);
	/** What the model says of the plane's set; null until it is known. */
	set = $state.raw<SliceSet | null>(null);
	point = $state.raw<SlicePoint | null>(null);
	path = $state.raw<SlicePath | null>(null);
	step = $state.raw<SliceStep | null>(null);
	/** Why no step was found, or empty. */
	stepProblem = $state('');
	partial = $state.raw<SlicePartial | null>(null);
	/** What the picture that is kept is of, or null. */
	kept = $state<string | null>(null);
	readonly own = new OwnImages();
	/** The user's rows. */
	table = $state.raw<RowTable | null>(null);
	/** Place of the row that was last taken from the table. */
	row = $state(0);
	/** Settles when the plane goes through the newest input. */
	followed: Promise<void> = Promise.resolve();
	#wish: PlaneWish | null = null;
	/** What is zoomed into, on which axes: a new row, input or state of the weights is seen through the same window. */
	#zoom: { kind: PlaneKind['kind']; axes: number; window: PlaneBox } | null = null;
	/** Measured milliseconds per evaluation, where many are asked at once. */
	#pace = 0;
	/** Pixels of the longer side of the picture that is kept: others are compared pixel by pixel. */
	#keptSide: number | null = null;
	/** Handle of the plane that the picture is of. */
	#drawn = 0;
	#keys = new Set<string>();
	#count = 0;
	#aimed: Point | null = null;
	#aiming = false;

	readonly tabular = $derived.by(() => {
		const inputs = this.door.inputs;
		return inputs.length > 0 && !inputs.some(({ kind }) => kind === 'image');
	});
	readonly wish = $derived.by(() =>
		wishOf((key, otherwise) => this.door.option(`slices.${key}`, otherwise), this.tabular)
	);

	get busy(): boolean {
		return 'plane' in this.running || 'field' in this.running;
	}

	reset(): void {
		for (const name of ['plane', 'field', 'set', 'path', 'step', 'partial']) this.jobs.cancel(name);
		this.#wish = null;
		this.#forget();
		this.plane = this.whole = this.window = null;
		this.table = null;
		this.row = 0;
		this.problem = '';
		this.#pace = 0;
		this.#dropFields('');
	}
	async restore(): Promise<void> {
		this.kept = this.#keptSide = null;
		this.#zoom = null;
		if (this.#wish) await this.show({ ...this.#wish, box: this.window === this.whole ? null : this.window });
	}

	#forget(): void {
		this.field = null;
		this.cost = this.set = this.point = this.path = this.step = this.partial = null;
		this.stepProblem = '';
		this.#aimed = null;
	}

	/** Spans a plane, and draws it. */
	show(wish: PlaneWish): Promise<void> {
		this.#wish = wish;
		return (this.followed = this.#span(wish));
	}

	async #span(wish: PlaneWish): Promise<void> {
		for (const name of ['field', 'set', 'step']) this.jobs.cancel(name);
		try {
			await this.jobs.run(
				'plane',
				async (signal) => {
					const inputs = await Promise.all(wish.inputs.map(resolved));
					const { plane } = wish;
					const kind: PlaneKind =
						plane.kind === 'pca' ? { kind: 'pca', set: await Promise.all(plane.set.map(resolved)) } : plane;
					const all = kind.kind === 'pca' ? [...inputs, ...kind.set] : inputs;
					const transfer = all.flatMap((one) => (one.kind === 'image' ? [one.bitmap] : []));
					return this.door.compute.call('slicePlane', [{ head: wish.head, inputs, plane: kind }], { signal, transfer });
				},
				(plane) => {
					// What is shown stays until the new comes, so that nothing jumps while a slider or a pen moves.
					this.step = null;
					this.stepProblem = '';
					this.problem = '';
					this.plane = plane;
					this.set = null;
					this.whole = wish.whole ?? plane.box;
					this.#see(wish.box ?? this.#kept(plane, wish) ?? this.whole);
					this.#draw(false);
				}
			);
		} catch (error) {
			if (isAbort(error)) return;
			this.#forget();
			this.plane = null;
			if (!(error instanceof LabError)) return this.door.failed(error);
			this.problem = [error.message, error.hint].filter(Boolean).join(' ');
		}
	}

	/** What is zoomed into, while it is of the same axes and shows some of what is worth looking at. */
	#kept({ axes }: SlicePlane, { plane }: PlaneWish): PlaneBox | null {
		const [zoom, whole] = [this.#zoom, this.whole];
		if (!zoom || !whole || zoom.kind !== plane.kind || zoom.axes !== axes) return null;
		const meets = (['x1', 'x2'] as const).every(
			(axis) => zoom.window[axis][0] < whole[axis][1] && zoom.window[axis][1] > whole[axis][0]
		);
		return meets ? zoom.window : null;
	}

	#see(window: PlaneBox): void {
		this.window = window;
		const [plane, kind] = [this.plane, this.#wish?.plane.kind];
		this.#zoom = plane && kind && window !== this.whole ? { kind, axes: plane.axes, window } : null;
	}

	/** Another part of the plane. */
	look(window: PlaneBox): void {
		this.#see(window);
		this.#draw(false);
	}

	/** Draws anew, with what the link says of sharpness. @param sure it may take its time */
	redraw(sure = false): void {
		this.#draw(sure);
	}

	/** Milliseconds that a picture of this side takes, as far as is known. */
	expected(side: number): Cost {
		const [width, height] = this.#size(side);
		const evaluations = this.wish.adaptive ? expectedEvaluations(width, height) : width * height;
		return { side, evaluations, milliseconds: evaluations * (this.#pace || (this.plane?.pace ?? 0)) };
	}

	#size(side: number): [width: number, height: number] {
		const window = this.window;
		if (!window || !this.#wish?.metric) return [side, side];
		const across = (window.x1[1] - window.x1[0]) / (window.x2[1] - window.x2[0]);
		return across >= 1
			? [side, Math.max(8, Math.round(side / across))]
			: [Math.max(8, Math.round(side * across)), side];
	}

	#draw(sure: boolean): void {
		const { plane, window } = this;
		const wish = this.#wish;
		if (!plane || !window || !wish) return;
		const pace = this.#pace || plane.pace;
		const side = this.wish.side ?? this.#keptSide ?? affordableSide(pace, UNASKED / 2, MOST_UNASKED);
		const cost = this.expected(side);
		this.cost = !sure && cost.milliseconds > UNASKED ? cost : null;
		if (this.cost) {
			if (this.#drawn !== plane.handle) this.field = null;
			return this.jobs.cancel('field');
		}
		const [width, height] = this.#size(side);
		const { adaptive } = this.wish;
		const request = { plane: plane.handle, head: wish.head, box: window, width, height, adaptive };
		const key = `slices:${this.#count++}`;
		let sharper = false;
		const take = (field: SliceField) => {
			this.#keys.add(key);
			this.#pace = field.milliseconds / field.evaluated;
			// A sharper picture of the same part takes its place when it has become as good.
			const before = this.field;
			if (field.done < 1 && before?.box === field.box && before.evaluated > field.evaluated) return;
			this.field = field;
			this.#drawn = plane.handle;
			this.#dropFields(key);
		};
		void this.job(
			'field',
			(signal, progress) =>
				this.door.compute.call('sliceField', [request, key], {
					signal,
					progress: (value) => {
						if (signal.aborted) return;
						take({ ...(value as SliceField), box: window });
						progress((value as SliceField).done);
					}
				}),
			(field) => {
				take({ ...field, box: window });
				// Many at once took less time than was feared: there is time for a sharper one.
				if (this.wish.side === null && !this.#keptSide && affordableSide(this.#pace, UNASKED / 2, MOST_UNASKED) > side)
					sharper = true;
			}
		).then(() => {
			if (this.plane !== plane) return;
			if (sharper && this.window === window) this.#draw(false);
			else if (this.field?.done === 1 && plane.set.length && !this.set) void this.#askSet(plane.handle, wish.head);
		});
	}

	/** After the picture, which is what is waited for. */
	#askSet(handle: number, head: SliceHead): Promise<void> {
		return this.job(
			'set',
			(signal) => this.door.compute.call('sliceSet', [handle, head], { signal }),
			(set) => (this.set = set)
		);
	}

	/** Lets fields go, all but one; the picture that is on its way may still need the last. */
	#dropFields(but: string): void {
		const keys = [...this.#keys].filter((key) => key !== but);
		if (!keys.length) return;
		setTimeout(() => {
			for (const key of keys) this.#keys.delete(key);
			void this.door.draw.call('drop', [keys]).catch(() => undefined);
		}, 500);
	}

	async regions(request: RegionsRequest): Promise<ImageBitmap> {
		// The draw thread waits for fields that it does not have: for one that is gone it would wait for ever.
		if (!this.#keys.has(request.field)) throw new DOMException('This field is gone.', 'AbortError');
		return this.door.draw.call('regions', [request]);
	}

	/** Keeps the picture that is shown, to compare another state of the weights with it; null forgets it. */
	async keep(title: string | null): Promise<void> {
		await this.door.compute.call('sliceKeep', [title !== null]);
		this.kept = title;
		this.#keptSide = title !== null && this.field ? Math.max(this.field.width, this.field.height) : null;
		this.redraw(true);
	}

	/** What the model sees and says at a point; of many, the newest. */
	aim(at: Point | null): void {
		this.#aimed = at;
		if (!at) this.point = null;
		else if (!this.#aiming) void this.#follow();
	}

	async #follow(): Promise<void> {
		this.#aiming = true;
		try {
			for (let at = this.#aimed; at; at = this.#aimed) {
				const { plane } = this;
				const wish = this.#wish;
				if (!plane || !wish) return;
				const point = await this.door.compute.call('slicePoint', [plane.handle, wish.head, at]);
				const before = this.point?.picture;
				if (this.#aimed && plane === this.plane) this.point = point;
				else point.picture?.close();
				// What was shown may still be on its way to its canvas.
				setTimeout(() => before?.close(), 500);
				if (this.#aimed === at) return;
			}
		} catch (error) {
			if (!isAbort(error)) this.door.failed(error);
		} finally {
			this.#aiming = false;
		}
	}

	async follow(baseline: BaselineKind, unit: number): Promise<void> {
		const { plane } = this;
		const wish = this.#wish;
		if (!plane || !wish) return;
		await this.job(
			'path',
			(signal) => this.door.compute.call('slicePath', [plane.handle, wish.head, baseline, unit, 33], { signal }),
			(path) => (this.path = path)
		);
	}
	hidePath(): void {
		this.jobs.cancel('path');
		this.path = null;
	}

	/** How far it is to another class. */
	async findStep(way: SliceStepRequest['way'], clip: boolean): Promise<void> {
		const wish = this.#wish;
		if (!wish) return;
		const [through = 'current'] = wish.inputs;
		this.stepProblem = '';
		try {
			await this.jobs.run(
				'step',
				async (signal) => {
					const request = {
						head: wish.head,
						input: await resolved(through),
						way,
						clip,
						plane: this.plane?.handle ?? null
					};
					return this.door.compute.call('sliceStep', [request], { signal });
				},
				(step) => (this.step = step)
			);
		} catch (error) {
			if (isAbort(error)) return;
			this.step = null;
			if (error instanceof LabError) this.stepProblem = [error.message, error.hint].filter(Boolean).join(' ');
			else this.door.failed(error);
		}
	}

	async vary(request: Omit<SlicePartialRequest, 'head'>): Promise<void> {
		const wish = this.#wish;
		if (!wish) return;
		await this.job(
			'partial',
			(signal, progress) =>
				this.door.compute.call('slicePartial', [{ ...request, head: wish.head }], {
					signal,
					progress: (done) => progress(done as number)
				}),
			(partial) => (this.partial = partial)
		);
	}
}

export const useSlices = (): Slices => useRoom(Slices);
