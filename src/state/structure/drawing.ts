import type { GraphMarks, GraphRequest, GraphTheme } from '#contracts/graph-picture.ts';
import type { Scene } from '#contracts/structure.ts';
import type { ViewContext } from '#state/lab/view-context.ts';

/** Of a saved picture: pixels along a side, in all, and around the drawing at its own size. */
const LONGEST = 8192;
const MAX_PIXELS = 32e6;
const MARGIN = 12;
const KINDS = { node: 0, folded: 1, open: 2 } as const;

/** Graphs in the draw worker, by key. */
export class GraphDrawing {
	#turn = 0;

	constructor(private readonly context: Pick<ViewContext, 'draw'>) {}

	/** @returns the key to ask for it by; the caller drops it */
	put(scene: Scene): string {
		const key = `graph${this.#turn++}:`;
		const { boxes, bounds, points, starts, ends, shapes } = scene;
		const geometry = {
			bounds,
			points,
			starts,
			ends,
			shapes: [...shapes],
			kinds: Uint8Array.from(boxes, ({ kind }) => KINDS[kind]),
			titles: boxes.map(({ title }) => title),
			notes: boxes.map(({ note }) => note)
		};
		void this.context.draw.putGraph(key, geometry).catch(() => undefined);
		return key;
	}

	/**
	 * @param colours red, green and blue per box
	 * @param marks per box and per line; null for plain ones
	 */
	ink(key: string, colours: Uint8Array, marks: GraphMarks | null): void {
		const boxes = new Uint8Array((4 * colours.length) / 3);
		for (let i = 0; 4 * i < boxes.length; i++) {
			boxes.set(colours.subarray(3 * i, 3 * i + 3), 4 * i);
			boxes[4 * i + 3] = marks?.boxes[i] ?? 0;
		}
		const lines = marks?.lines ?? new Uint8Array(0);
		void this.context.draw.inkGraph(key, { boxes, lines }).catch(() => undefined);
	}

	picture(request: GraphRequest): Promise<ImageBitmap> {
		return this.context.draw.graph(request);
	}

	/** All of a drawing as a picture, twice the size of the screen's as far as a picture may be. */
	async png(scene: Scene, colours: Uint8Array, theme: GraphTheme): Promise<Blob> {
		const [wide, high] = [scene.width + 2 * MARGIN, scene.height + 2 * MARGIN];
		const scale = Math.min(2, LONGEST / wide, LONGEST / high, Math.sqrt(MAX_PIXELS / (wide * high)));
		const [width, height] = [Math.max(1, Math.floor(wide * scale)), Math.max(1, Math.floor(high * scale))];
		const key = this.put(scene);
		try {
			this.ink(key, colours, null);
			const camera = { x: scene.width / 2, y: scene.height / 2, scale };
			const picture = await this.picture({ graph: key, width, height, ratio: 1, camera, theme, text: true });
			const canvas = new OffscreenCanvas(width, height);
			canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(picture);
			return await canvas.convertToBlob({ type: 'image/png' });
		} finally {
			this.drop(key);
		}
	}

	drop(key: string): void {
		void this.context.draw.drop([key]).catch(() => undefined);
	}
}
