import type { PlaneBox } from '#contracts/slices.ts';
import type { Frame } from '#maths/slices/frame.ts';
import { agreement } from '#maths/slices/labels.ts';

/** A finished picture by its classes, and the points of input space that it is of. */
export interface Labelled {
	frame: Frame;
	box: PlaneBox;
	width: number;
	/** The class at each pixel, of all classes. */
	classes: Int32Array;
}

/** Float32 inputs that were prepared twice are equal to rounding. */
const SAME = 1e-6;

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++)
		if (Math.abs((a[i] as number) - (b[i] as number)) > SAME * (1 + Math.abs(a[i] as number))) return false;
	return true;
}

const ends = ({ x1, x2 }: PlaneBox) => [...x1, ...x2];

/** The last finished picture, and one that is kept to compare others with: of another state of the weights, mostly. */
export class Keeping {
	#last: Labelled | null = null;
	#kept: Labelled | null = null;

	keep(keep: boolean): void {
		this.#kept = keep ? this.#last : null;
	}

	finished(picture: Labelled): void {
		this.#last = picture;
	}

	/** Null where nothing is kept, or what is kept is of other points. */
	agreement({ frame, box, width, classes }: Labelled): number | null {
		const kept = this.#kept;
		if (!kept || kept.width !== width || kept.classes.length !== classes.length) return null;
		const same =
			isSame(ends(kept.box), ends(box)) &&
			(['origin', 'u', 'v'] as const).every((part) => isSame(kept.frame[part], frame[part]));
		return same ? agreement(kept.classes, classes) : null;
	}
}

/** Numbers planes by their two directions: an equal number means equal axes, whatever input they go through. */
export class Axes {
	#last: Pick<Frame, 'u' | 'v'> | null = null;
	#number = 0;

	numberOf({ u, v }: Frame): number {
		if (!this.#last || !isSame(this.#last.u, u) || !isSame(this.#last.v, v)) {
			this.#last = { u, v };
			this.#number++;
		}
		return this.#number;
	}
}
