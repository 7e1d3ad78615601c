import { throwIfAborted } from '#contracts/errors.ts';
import type { MapWindow, MeshBlends, NearField, Withheld } from '#contracts/map-regions.ts';
import { sample } from '#maths/random.ts';
import { blendAt, emptyBlends, meshPosition, MESH_END, MESHES } from '#maths/scatter/blends.ts';
import { FlatNeighbours } from '#maths/scatter/flat-neighbours.ts';
import { claimAt, reachOf } from '#maths/scatter/reach.ts';

/** Items of a mixture. */
const MIXED = 6;
/** Items that are left out, one at a time, to see how far the painting may be believed. */
const WITHHELD = 300;
/** Milliseconds after which others get their turn: the pointer asks this thread, too. */
const TURN = 20;

const others = () => new Promise((resolve) => setTimeout(resolve));

/** What lies behind the points of one flat map. */
export class Regions {
	#all: FlatNeighbours | null = null;
	#reach = 0;

	constructor(private readonly positions: Float32Array) {}

	/** Made when first asked for. */
	#known(): { near: FlatNeighbours; reach: number } {
		if (!this.#all) {
			this.#all = new FlatNeighbours(this.positions, MIXED + 1);
			this.#reach = reachOf(this.#all);
		}
		return { near: this.#all, reach: this.#reach };
	}

	async nearField(window: MapWindow, width: number, height: number, signal: AbortSignal): Promise<NearField> {
		const { reach } = this.#known();
		const [x0, y0, x1, y1] = window;
		const box = [x0 - reach, y0 - reach, x1 + reach, y1 + reach] as const;
		const near = new FlatNeighbours(this.positions, 1, box, reach / 6);
		const items = new Int32Array(width * height).fill(-1);
		const claims = new Uint8Array(width * height);
		let since = performance.now();
		for (let r = 0, at = 0; r < height; r++) {
			const y = y0 + ((y1 - y0) * (r + 0.5)) / height;
			for (let c = 0; c < width; c++, at++) {
				if (!near.find(x0 + ((x1 - x0) * (c + 0.5)) / width, y, 1, reach)) continue;
				items[at] = near.items[0]!;
				claims[at] = Math.round(255 * claimAt(Math.sqrt(near.squares[0]!), reach));
			}
			if (performance.now() - since < TURN) continue;
			await others();
			throwIfAborted(signal);
			since = performance.now();
		}
		return { window, width, height, items, claims, reach };
	}

	async meshBlends(mesh: number, signal: AbortSignal): Promise<MeshBlends> {
		const side = MESHES[mesh]!;
		const { near, reach } = this.#known();
		// Also those whose cells are only partly in reach.
		const within = reach + (1.5 * 2 * MESH_END) / (side - 1);
		const indices = new Int32Array(side * side);
		const blends = emptyBlends(side * side, MIXED);
		let count = 0;
		for (let r = 0; r < side; r++) {
			for (let c = 0; c < side; c++) {
				// The mesh before reaches further: what this one needs of its positions, it has.
				if (mesh > 0 && r % 2 === 0 && c % 2 === 0) continue;
				if (blendAt(near, meshPosition(c, side), meshPosition(r, side), within, blends, count))
					indices[count++] = r * side + c;
			}
			await others();
			throwIfAborted(signal);
		}
		return {
			indices: indices.slice(0, count),
			k: MIXED,
			items: blends.items.slice(0, count * MIXED),
			weights: blends.weights.slice(0, count * MIXED)
		};
	}

	withheld(): Withheld {
		const { near, reach } = this.#known();
		const { positions } = this;
		const items = Int32Array.from(sample(positions.length / 2, WITHHELD, 2));
		const nearest = new Int32Array(items.length).fill(-1);
		const blends = emptyBlends(items.length, MIXED);
		items.forEach((i, n) => {
			const [x, y] = [positions[2 * i]!, positions[2 * i + 1]!];
			if (near.find(x, y, 1, reach, i)) nearest[n] = near.items[0]!;
			blendAt(near, x, y, reach, blends, n, i);
		});
		return { items, nearest, blends };
	}
}
