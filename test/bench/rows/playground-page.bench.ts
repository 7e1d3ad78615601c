import { mount, unmount } from 'svelte';
import { expect, it } from 'vitest';
import { page as viewport } from 'vitest/browser';
import type { RegionsRequest } from '#contracts/planes.ts';
import type { SentPlanes } from '#contracts/playground.ts';
import { dataset } from '#maths/playground/data.ts';
import { initialParameters, networkLayout } from '#maths/playground/layout.ts';
import { TypedTraining } from '#maths/playground/training.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { Playground } from '#state/playground/playground.svelte.ts';
import { ViewStates } from '#state/lab/view-states.svelte.ts';
import { Workers } from '#state/threads/workers.ts';
import { type Call, type Remote, remote } from '#workers/rpc.ts';
import '../../../src/app.css';
import PageHarness from '../PageHarness.svelte';
import { playground } from '../../tools/playground.ts';
import { ObjectNetwork } from '../../tools/tensorflow-playground.ts';
import { ms, row } from '../measure.ts';

/**
 * The four figures of merit of a playground, side by side on this machine: the page as it is, and TensorFlow Playground's
 * loop written anew, both while they train and draw the spiral with 2-[8, 8, 8]-1.
 */

const SPIRAL = playground({ data: { kind: 'spiral' }, network: { hidden: [8, 8, 8] } });
const SECONDS = 6;

interface Figures {
	samples: number;
	/** Numbers of the boundary, and of the maps of neurons, that were worked out in a second. */
	cells: number;
	maps: number;
	/** Of the boundary's, those that came to the screen. */
	shown: number;
	side: number;
	/** Milliseconds for which the page did nothing else. */
	longest: number;
	/** 99 of 100 such times were shorter. */
	p99: number;
}

/**
 * How long the page's thread does not answer: between two beats of a timer of 4 ms. No task was longer, most were shorter by
 * up to the 4 ms. A page that sends itself messages without rest would take a core from what is measured.
 */
function tasks(): { stop: () => Pick<Figures, 'longest' | 'p99'> } {
	const gaps: number[] = [];
	let last = performance.now();
	const timer = setInterval(() => {
		const now = performance.now();
		gaps.push(now - last);
		last = now;
	}, 4);
	return {
		stop: () => {
			clearInterval(timer);
			gaps.sort((a, b) => a - b);
			return { longest: gaps.at(-1) ?? 0, p99: gaps[Math.floor(0.99 * gaps.length)] ?? 0 };
		}
	};
}

async function ours(): Promise<Figures> {
	const workers = new Workers();
	workers.start();
	let [cells, maps, shown, side, over] = [0, 0, 0, 0, false];
	const sizes = new Map<string, number>();
	const count = (name: string, args: readonly unknown[]) => {
		const field = name === 'regions' ? sizes.get((args[0] as RegionsRequest).field) : undefined;
		if (!field) return;
		shown += field;
		side = Math.round(Math.sqrt(field));
		// A field counts once, however often it is shown.
		sizes.delete((args[0] as RegionsRequest).field);
	};
	const trainer = workers.playground;
	/** A field that was worked out, by whichever thread. */
	const worked = ({ key, width, height, count: planes }: SentPlanes) => {
		if (planes > 1) maps += planes * width * height;
		else {
			cells += width * height;
			sizes.set(key, width * height);
		}
	};
	const passed = <Api>(far: Remote<Api>, ...[name, args, options = {}]: Parameters<Call>) =>
		(far.with(options) as Record<string, Call>)[name]!(...(args as Parameters<Call>));
	const context = {
		compute: workers.compute,
		draw: remote(async (name, args, options) => {
			count(name, args as never);
			const reply = await passed(workers.draw, name, args, options);
			if (name === 'networkField' && reply) worked(reply as SentPlanes);
			return reply;
		}),
		playground: remote(async (name, args, options) => {
			const reply = await passed(trainer, name, args, options);
			if (name === 'playPlanes') worked(reply as SentPlanes);
			return reply;
		}),
		reader: workers.reader,
		started: true,
		engine: null,
		option: (key: string, otherwise: string) =>
			(({ 'playground.data': 'spiral', 'playground.hidden': '8,8,8' }) as Record<string, string>)[key] ?? otherwise,
		failed: (error: unknown) => {
			if (!over) throw error;
		}
	} as unknown as ViewContext;
	const viewStates = new ViewStates(context);
	const lab = {
		viewState: viewStates.of.bind(viewStates),
		status: 'error',
		engine: null,
		option: context.option,
		setOption: () => undefined
	} as never;
	const page = mount(PageHarness, { target: document.body, props: { lab } });
	// Pictures off the screen sleep.
	await viewport.viewport(1280, 900);
	document.querySelector('canvas[data-map="boundary"]')?.scrollIntoView({ block: 'center' });
	const viewState = viewStates.of(Playground);
	await expect.poll(() => viewState.metrics !== null, { timeout: 30_000 }).toBe(true);
	viewState.speed = 0;
	viewState.play();
	// The shaders are compiled, and it has found its pace.
	await expect.poll(() => shown > 20_000, { timeout: 60_000 }).toBe(true);
	await new Promise((resolve) => setTimeout(resolve, 1500));
	cells = maps = shown = 0;
	const from = viewState.metrics?.epoch ?? 0;
	const watch = tasks();
	const began = performance.now();
	await new Promise((resolve) => setTimeout(resolve, 1000 * SECONDS));
	const took = (performance.now() - began) / 1000;
	const found = watch.stop();
	const samples = (((viewState.metrics?.epoch ?? 0) - from) * 250) / took;
	viewState.pause();
	await unmount(page);
	// The last picture is drawn as sharp as the screen is; what runs beside it is measured next.
	await new Promise((resolve) => setTimeout(resolve, 5000));
	over = true;
	workers.dispose();
	return { samples, cells: cells / took, maps: maps / took, shown: shown / took, side, ...found };
}

/** Its scale has thirty shades, each a string that is parsed again for every cell. */
const SHADES = Array.from({ length: 30 }, (_, i) => `#${(0x100000 + i * 0x060504).toString(16).slice(0, 6)}`);
const shade = (value: number) => SHADES[Math.min(29, Math.max(0, Math.floor(15 * (1 + value))))] as string;
const parsed = (text: string) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)) as [number, number, number];

/** A node's map as heatmap.ts draws it: every cell through the scale and a colour object. */
function drawMap(context: CanvasRenderingContext2D, data: readonly Float64Array[]): void {
	const side = data.length;
	const image = context.createImageData(side, side);
	for (let y = 0, p = 0; y < side; y++)
		for (let x = 0; x < side; x++) {
			const [r, g, b] = parsed(shade((data[x] as Float64Array)[y] as number));
			image.data[p++] = r;
			image.data[p++] = g;
			image.data[p++] = b;
			image.data[p++] = 160;
		}
	context.putImageData(image, 0, 0);
}

/**
 * TensorFlow Playground's `oneStep` and `updateUI` (playground.ts at 02469bd) on every frame: an epoch, two passes for the
 * losses, 100 x 100 points through every node's object, a map for each node. Links and text are left out, in its favour.
 */
async function theirs(): Promise<Figures> {
	const DENSITY = 100;
	const { train, test } = dataset(SPIRAL.data);
	const network = new ObjectNetwork([2, 8, 8, 8, 1], initialParameters(networkLayout(SPIRAL.network, 1), 'uniform', 1));
	const nodes = network.layers.slice(1).flat();
	const maps = nodes.map(() => Array.from({ length: DENSITY }, () => new Float64Array(DENSITY)));
	const context = (side: number) => {
		const canvas = document.createElement('canvas');
		canvas.width = canvas.height = side;
		document.body.append(canvas);
		return canvas.getContext('2d') as CanvasRenderingContext2D;
	};
	const large = context(DENSITY);
	const small = nodes.slice(0, -1).map(() => context(10));
	const loss = (points: typeof train) => {
		let sum = 0;
		for (let i = 0; i < points.y.length; i++) {
			const target = 2 * (points.y[i] as number) - 1;
			sum += 0.5 * (network.forward([points.x1[i] as number, points.x2[i] as number]) - target) ** 2;
		}
		return sum / points.y.length;
	};
	const step = () => {
		for (let i = 0; i < train.y.length; i++) {
			network.forward([train.x1[i] as number, train.x2[i] as number]);
			network.backward(2 * (train.y[i] as number) - 1);
			if ((i + 1) % 10 === 0) network.update(0.03);
		}
		void [loss(train), loss(test)];
		for (let x = 0; x < DENSITY; x++)
			for (let y = 0; y < DENSITY; y++) {
				network.forward([(12 * x) / (DENSITY - 1) - 6, 6 - (12 * y) / (DENSITY - 1)]);
				for (const [n, node] of nodes.entries()) ((maps[n] as Float64Array[])[x] as Float64Array)[y] = node.output;
			}
		drawMap(large, maps[nodes.length - 1] as Float64Array[]);
		for (const [n, mini] of small.entries()) {
			// Ten by ten means of its map.
			const reduced = Array.from({ length: 10 }, (_, x) =>
				Float64Array.from({ length: 10 }, (_, y) => {
					let sum = 0;
					for (let i = 0; i < 100; i++) sum += maps[n]?.[10 * x + (i % 10)]?.[10 * y + Math.floor(i / 10)] ?? 0;
					return sum / 100;
				})
			);
			drawMap(mini, reduced);
		}
	};
	for (let i = 0; i < 10; i++) step();
	let frames = 0;
	const watch = tasks();
	const began = performance.now();
	await new Promise<void>((resolve) => {
		const frame = () => {
			step();
			frames++;
			if (performance.now() - began < 1000 * SECONDS) requestAnimationFrame(frame);
			else resolve();
		};
		requestAnimationFrame(frame);
	});
	const took = (performance.now() - began) / 1000;
	for (const { canvas } of [large, ...small]) canvas.remove();
	const cells = (DENSITY ** 2 * frames) / took;
	return {
		samples: (250 * frames) / took,
		cells,
		maps: nodes.length * cells,
		shown: cells,
		side: DENSITY,
		...watch.stop()
	};
}

/** Epochs until the test loss is below 0.05, of the seeds that come there in 1,500. */
function epochs(): number[] {
	return Array.from({ length: 10 }, (_, i) => {
		const training = new TypedTraining(
			playground({ data: { kind: 'spiral' }, network: { hidden: [8, 8, 8] }, seed: i + 1 })
		);
		for (let epoch = 1; epoch <= 1500; epoch++) {
			for (let s = 0; s < training.perEpoch; s++) training.train();
			if (epoch % 5 === 0 && training.metrics().test.loss < 0.05) return epoch;
		}
		return Infinity;
	})
		.filter(Number.isFinite)
		.sort((a, b) => a - b);
}

it('the page while it trains and draws', async () => {
	const page = await ours();
	const other = await theirs();
	const thousands = (n: number) => `${(n / 1000).toFixed(1)} k`;
	const what = 'spiral 2-8-8-8-1, while drawing';
	row(
		`${what}: samples a second (floor 100 k)`,
		thousands(page.samples),
		`TensorFlow Playground's loop ${thousands(other.samples)} (its page, published: 3.7 k)`,
		page.samples / other.samples
	);
	row(
		`${what}: boundary cells a second (floor 0.5 M), without the maps of neurons`,
		`${thousands(page.cells)} (and ${thousands(page.maps)} of the maps), ${page.side} × ${page.side}`,
		`${thousands(other.cells)}, 100 × 100 (published: 149 k)`,
		page.cells / other.cells
	);
	// Pictures go through WebGL: where a processor plays the GPU, it is this that holds them up.
	row(
		`${what}: boundary cells a second that come to the screen`,
		thousands(page.shown),
		thousands(other.shown),
		page.shown / other.shown
	);
	row(
		`${what}: longest task of the page's thread (floor 16 ms), times shorter`,
		`${ms(page.longest)}; 99 of 100 below ${ms(page.p99)}`,
		`${ms(other.longest)} (published: 54 ms)`,
		other.longest / page.longest
	);
	const solved = epochs();
	const middle = solved[solved.length >> 1] ?? Infinity;
	row(
		'spiral 2-8-8-8-1: epochs to a test loss below 0.05, median of the seeds that come there',
		`${middle} (${solved.length} of 10 seeds)`,
		'TensorFlow Playground 693 (6 of 10), published',
		693 / middle
	);
	expect(page.samples).toBeGreaterThan(0);
	expect(page.cells).toBeGreaterThan(0);
});
