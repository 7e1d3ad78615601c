import { isAbort, LabError } from '#contracts/errors.ts';
import { EXPLAINED, keyOf, type Identity } from '#contracts/identity.ts';
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
	SliceSet,
	SliceStep,
	SliceStepRequest
} from '#contracts/slices.ts';
import type { BaselineKind } from '#contracts/method.ts';
import { affordableSide, expectedEvaluations, UNASKED } from '#maths/slices/cost.ts';
import { overlap, pixelsOf } from '#maths/slices/zoom.ts';
import { useViewState } from '#state/lab/context.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import { KeptFields } from '#state/lab/kept-fields.ts';
import { setSubject } from '#workers/rpc.ts';
import { inParts } from '#state/lab/in-parts.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { SlicePointer } from '#state/slices/pointer.svelte.ts';
import {
	resolved,
	type RequestedHead,
	type Cost,
	type PlaneRequest,
	type RowTable,
	type ShownPlane
} from '#state/slices/inputs.ts';
import { OwnImages } from '#state/slices/own.svelte.ts';
import { requestOf } from '#state/slices/request.ts';

/** Side of the sharpest picture that is made unasked. */
const MAX_UNASKED_SIDE = 256;

/** Slices through the open model: the plane, its picture, and what was asked on it. */
export class Slices extends JobViewState implements ViewState {
	protected override readonly titles = { field: 'Slice through the input space', step: 'Nearest boundary' };
	plane = $state.raw<ShownPlane | null>(null);
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
	path = $state.raw<(SlicePath & RequestedHead & { plane: number }) | null>(null);
	step = $state.raw<(SliceStep & RequestedHead) | null>(null);
	/** Why no step was found, or empty. */
	stepProblem = $state('');
	partial = $state.raw<(SlicePartial & RequestedHead & { feature: number; here: number }) | null>(null);
	/** What the picture that is kept is of, or null. */
	kept = $state<string | null>(null);
	get pointOf(): Identity {
		return this.#pointer.of;
	}
	/** What each of these is of. The plane, its window and its picture change together. */
	of = $state.raw<Readonly<Partial<Record<'plane' | 'path' | 'step' | 'partial', Identity>>>>({});
	/** Key of the plane that is wanted. */
	requested = $state('');
	readonly own = new OwnImages();
	/** The user's rows. */
	table = $state.raw<RowTable | null>(null);
	/** Index of the row that was last taken from the table. */
	row = $state(0);
	/** Settles when the plane goes through the newest input. */
	followed: Promise<void> = Promise.resolve();
	#planeRequest: PlaneRequest | null = null;
	/** A plane that waits for the first picture of it: till then the old one stays whole. */
	#coming: { plane: ShownPlane; whole: PlaneBox; window: PlaneBox; of: Identity } | null = null;
	/** What is zoomed into, on which axes: a new row, input or state of the weights is seen through the same window. */
	#zoom: { kind: PlaneKind['kind']; axes: number; window: PlaneBox } | null = null;
	/** Measured milliseconds per evaluation, where many are asked at once. */
	#pace = 0;
	/** Pixels of the longer side of the picture that is kept: others are compared pixel by pixel. */
	#keptSide: number | null = null;
	/** Handle of the plane that the picture is of. */
	#drawn = 0;
	#fields = new KeptFields((keys) => void this.context.draw.drop(keys).catch(() => undefined));
	#count = 0;
	#pointer = new SlicePointer(
		(at) => this.#ask(at),
		(error) => this.context.failed(error)
	);

	/** It is numbers that are cut through, not pictures. */
	readonly tabular = $derived(this.context.inputs.length > 0 && this.context.explained?.kind === 'values');
	readonly settings = $derived.by(() =>
		requestOf((key, otherwise) => this.context.option(`slices.${key}`, otherwise), this.tabular)
	);

	get busy(): boolean {
		return 'plane' in this.running || 'field' in this.running;
	}

	reset(): void {
		for (const name of ['plane', 'field', 'set', 'path', 'step', 'partial']) this.jobs.cancel(name);
		this.#planeRequest = null;
		this.#forget();
		this.plane = this.whole = this.window = null;
		this.table = null;
		this.row = 0;
		this.problem = '';
		this.#pace = 0;
		this.#fields.keepOnly('');
	}
	async restore(): Promise<void> {
		this.kept = this.#keptSide = null;
		this.#zoom = null;
		if (this.#planeRequest)
			await this.show({ ...this.#planeRequest, box: this.window === this.whole ? null : this.window }, this.requested);
	}

	#forget(): void {
		this.field = this.#coming = null;
		this.of = {};
		this.cost = this.set = this.path = this.step = this.partial = null;
		this.stepProblem = '';
		this.#pointer.forget();
	}

	/** Spans a plane, and draws it. @param key tells it from other planes */
	show(planeRequest: PlaneRequest, key = ''): Promise<void> {
		this.#planeRequest = planeRequest;
		this.requested = key;
		return (this.followed = this.#span(planeRequest, { ...this.context.identity(EXPLAINED), parameters: key }));
	}

	/** @param of what is asked for now, with more that it depends on */
	#requestIdentity(...more: unknown[]): Identity {
		return { ...this.context.identity(EXPLAINED), parameters: keyOf([this.requested, ...more]) };
	}

	#arrived(): void {
		const coming = this.#coming;
		if (!coming) return;
		this.#coming = this.step = this.set = null;
		this.stepProblem = this.problem = '';
		this.plane = coming.plane;
		this.whole = coming.whole;
		this.#see(coming.window);
		this.of = { ...this.of, plane: coming.of };
	}

	async #span(planeRequest: PlaneRequest, of: Identity): Promise<void> {
		let first: Promise<void> | null = null;
		this.#coming = null;
		for (const name of ['field', 'set', 'step']) this.jobs.cancel(name);
		try {
			await this.jobs.run(
				'plane',
				async (signal) => {
					const inputs = await Promise.all(planeRequest.inputs.map(resolved));
					const { plane, head } = planeRequest;
					const kind: PlaneKind =
						plane.kind === 'pca' ? { kind: 'pca', set: await Promise.all(plane.set.map(resolved)) } : plane;
					const all = kind.kind === 'pca' ? [...inputs, ...kind.set] : inputs;
					const transfer = all.flatMap((one) => (one.kind === 'image' ? [one.bitmap] : []));
					return this.context.compute.with({ signal, transfer }).slicePlane({ head, inputs, plane: kind });
				},
				(spanned) => {
					const plane = { ...spanned, planeRequest };
					const whole = planeRequest.whole ?? plane.box;
					this.#coming = { plane, whole, window: planeRequest.box ?? this.#kept(plane) ?? whole, of };
					first = this.#draw(false);
				},
				of
			);
			await (first as Promise<void> | null);
		} catch (error) {
			if (isAbort(error)) return;
			// One feature alone is varied in the row, whatever plane goes through it.
			const { partial } = this;
			const of = partial && this.of.partial;
			this.#forget();
			this.plane = null;
			if (of) [this.partial, this.of] = [partial, { partial: of }];
			if (!(error instanceof LabError)) return this.context.failed(error);
			this.problem = [error.message, error.hint].filter(Boolean).join(' ');
		}
	}

	/** What is zoomed into, while it is of the same axes and shows some of what is worth looking at. */
	#kept({ axes, planeRequest, box }: ShownPlane, whole = planeRequest.whole ?? box): PlaneBox | null {
		const zoom = this.#zoom;
		if (!zoom || zoom.kind !== planeRequest.plane.kind || zoom.axes !== axes) return null;
		return overlap(zoom.window, whole) ? zoom.window : null;
	}

	#see(window: PlaneBox): void {
		this.window = window;
		const { plane } = this;
		this.#zoom =
			plane && window !== this.whole ? { kind: plane.planeRequest.plane.kind, axes: plane.axes, window } : null;
	}

	/** Another part of the plane. */
	zoomTo(window: PlaneBox): void {
		this.#see(window);
		// What is on its way has a window of its own.
		if (!this.#coming) void this.#draw(false);
	}

	/** Draws anew, with what the link says of sharpness. @param sure it may take its time */
	redraw(sure = false): void {
		void this.#draw(sure);
	}

	/** Milliseconds that a picture of this side takes, as far as is known. */
	expected(side: number, pace = this.#pace || (this.plane?.pace ?? 0)): Cost {
		const [width, height] = this.plane?.planeRequest.metric ? pixelsOf(this.window, side) : [side, side];
		const evaluations = this.settings.adaptive ? expectedEvaluations(width, height) : width * height;
		return { side, evaluations, milliseconds: evaluations * pace };
	}

	/** @returns settles when there is a first picture, or will be none */
	async #draw(sure: boolean): Promise<void> {
		const { plane, window } = this.#coming ?? this;
		if (!plane || !window) return;
		const { head, metric } = plane.planeRequest;
		const of = this.#coming?.of ?? this.of.plane ?? {};
		const pace = this.#pace || plane.pace;
		const { side: chosen, adaptive } = this.settings;
		const side = chosen ?? this.#keptSide ?? affordableSide(pace, UNASKED / 2, MAX_UNASKED_SIDE);
		const cost = this.expected(side, pace);
		this.cost = !sure && cost.milliseconds > UNASKED ? cost : null;
		if (this.cost) {
			if (this.#drawn !== plane.handle) this.field = null;
			this.#arrived();
			return this.jobs.cancel('field');
		}
		const [width, height] = metric ? pixelsOf(window, side) : [side, side];
		const requested = { plane: plane.handle, head, box: window };
		const request = { ...requested, width, height, adaptive };
		const key = `slices:${this.#count++}`;
		let sharper = false;
		let shown = () => {};
		const first = new Promise<void>((resolve) => (shown = resolve));
		const take = (part: SliceField) => {
			const field = { ...part, box: window };
			this.#arrived();
			shown();
			this.#fields.add(key);
			this.#pace = field.milliseconds / field.evaluated;
			// A sharper picture of the same part takes its place when it has become as good.
			const before = this.field;
			if (field.done < 1 && before?.box === field.box && before.evaluated > field.evaluated) return;
			this.field = field;
			this.#drawn = plane.handle;
			this.#fields.keepOnly(key);
		};
		void this.job(
			'field',
			(signal, progress) => this.context.compute.with(inParts(signal, progress, take)).sliceField(request, key),
			(field) => {
				take(field);
				// Many at once took less time than was feared: there is time for a sharper one.
				sharper ||=
					(chosen ?? this.#keptSide) === null && affordableSide(this.#pace, UNASKED / 2, MAX_UNASKED_SIDE) > side;
			},
			of
		).then(() => {
			shown();
			if (this.plane !== plane) return;
			if (sharper && this.window === window) void this.#draw(false);
			else if (this.field?.done === 1 && plane.set.length && !this.set) void this.#askSet(plane.handle, head);
		});
		await first;
	}

	/** After the picture, which is what is waited for. */
	#askSet(handle: number, head: SliceHead): Promise<void> {
		return this.job(
			'set',
			(signal) => this.context.compute.with({ signal }).sliceSet(handle, head),
			(set) => (this.set = set),
			this.of.plane
		);
	}

	async regions(request: RegionsRequest): Promise<ImageBitmap> {
		// The draw thread waits for fields that it does not have: for one that is gone it would wait for ever.
		if (!this.#fields.has(request.field)) throw new DOMException('This field is gone.', 'AbortError');
		return this.context.draw.regions(request);
	}

	/** Keeps the picture that is shown, to compare another state of the weights with it; null forgets it. */
	async keep(title: string | null): Promise<void> {
		await this.context.compute.sliceKeep(title !== null);
		this.kept = title;
		this.#keptSide = title !== null && this.field ? Math.max(this.field.width, this.field.height) : null;
		this.redraw(true);
	}

	get point() {
		return this.#pointer.point;
	}
	/** What the model sees and says at a point; of many, the newest. */
	aim(at: Point | null): void {
		this.#pointer.aim(at);
	}
	#ask(at: Point) {
		const { plane } = this;
		if (!plane) return null;
		const of = this.of.plane ?? {};
		const { head, plane: kind } = plane.planeRequest;
		const { signal } = new AbortController();
		setSubject(signal, of);
		const point = this.context.compute.with({ signal }).slicePoint(plane.handle, head, at);
		return { point: point.then((value) => ({ ...value, head, kind })), of, current: () => plane === this.plane };
	}

	async follow(baseline: BaselineKind, unit: number): Promise<void> {
		const { plane } = this;
		if (!plane) return;
		const { handle, planeRequest } = plane;
		const of = this.#requestIdentity(baseline, unit);
		await this.job(
			'path',
			(signal) => this.context.compute.with({ signal }).slicePath(handle, planeRequest.head, baseline, unit, 33),
			(path) => {
				this.path = { ...path, head: planeRequest.head, plane: handle };
				this.of = { ...this.of, path: of };
			},
			of
		);
	}
	hidePath(): void {
		this.jobs.cancel('path');
		this.path = null;
	}

	/** How far it is to another class. */
	async findStep(way: SliceStepRequest['way'], clip: boolean): Promise<void> {
		const planeRequest = this.#planeRequest;
		if (!planeRequest) return;
		const { head, inputs } = planeRequest;
		const [through = 'current'] = inputs;
		this.stepProblem = '';
		const of = this.#requestIdentity(way, clip);
		try {
			await this.jobs.run(
				'step',
				async (signal) => {
					const input = await resolved(through);
					const plane = this.plane?.handle ?? null;
					return this.context.compute.with({ signal }).sliceStep({ head, input, way, clip, plane });
				},
				(step) => {
					this.step = { ...step, head };
					this.of = { ...this.of, step: of };
				},
				of
			);
		} catch (error) {
			if (isAbort(error)) return;
			this.step = null;
			if (error instanceof LabError) this.stepProblem = [error.message, error.hint].filter(Boolean).join(' ');
			else this.context.failed(error);
		}
	}

	/** @param here the feature as it is in this row */
	async vary(request: Omit<SlicePartialRequest, 'head'>, here: number): Promise<void> {
		if (!this.#planeRequest) return;
		const { head } = this.#planeRequest;
		const of = this.#requestIdentity(request);
		await this.job(
			'partial',
			(signal, progress) =>
				this.context.compute
					.with({ signal, progress: (done) => progress(done as number) })
					.slicePartial({ ...request, head }),
			(partial) => {
				this.partial = { ...partial, head, here, feature: request.feature };
				this.of = { ...this.of, partial: of };
			},
			of
		);
	}
}

export const useSlices = (): Slices => useViewState(Slices);
